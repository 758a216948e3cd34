package org.agentchat.akash.chain;

import org.jspecify.annotations.Nullable;

/// The network's node cannot be asked, or answers what makes no sense. Nothing is known then, also
/// not whether something that was sent has arrived.
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NodeException(String message) {
    super(message);
  }

  NodeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
