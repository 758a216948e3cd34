package org.agentchat.akash.simulator;

/// The chain's answer to a transaction that it does not take or that fails: codespace, code, log.
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  static final int DECODE = 2;
  static final int UNAUTHORIZED = 4;
  static final int INSUFFICIENT_FUNDS = 5;
  static final int OUT_OF_GAS = 11;
  static final int INSUFFICIENT_FEE = 13;
  static final int IN_MEMPOOL = 19;
  static final int TIMEOUT_HEIGHT = 30;
  static final int WRONG_SEQUENCE = 32;

  private final String codespace;
  private final int code;

  Refused(String codespace, int code, String log) {
    super(log);
    this.codespace = codespace;
    this.code = code;
  }

  static Refused sdk(int code, String log) {
    return new Refused("sdk", code, log);
  }

  static Refused decoding(String log) {
    return sdk(DECODE, log);
  }

  String codespace() {
    return codespace;
  }

  int code() {
    return code;
  }

  String log() {
    return String.valueOf(getMessage());
  }
}
