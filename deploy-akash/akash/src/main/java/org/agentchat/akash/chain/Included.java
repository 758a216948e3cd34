package org.agentchat.akash.chain;

/// A transaction that is in a block: its fee is paid, whatever its code.
///
/// @param code 0 is done, anything else is not
/// @param codespace which module the code is of
/// @param log what went wrong
public record Included(long height, int code, String codespace, String log) {
  /// The code of the SDK for too little gas.
  private static final int OUT_OF_GAS = 11;

  public boolean isDone() {
    return code == 0;
  }

  public boolean isOutOfGas() {
    return code == OUT_OF_GAS && codespace.equals("sdk");
  }
}
