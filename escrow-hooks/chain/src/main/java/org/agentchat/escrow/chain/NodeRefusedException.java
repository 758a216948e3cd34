package org.agentchat.escrow.chain;

/// The node understood and said no.
public final class NodeRefusedException extends ChainException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /// @param code of JSON-RPC
  /// @param message the node's words
  NodeRefusedException(String method, int code, String message) {
    super("the node refuses %s: %s (code %d)".formatted(method, message, code));
    this.code = code;
  }

  /// The code of JSON-RPC. Nodes agree on few of them.
  public int code() {
    return code;
  }
}
