package org.agentchat.escrow.contract;

/// Where an escrow is in its life, in the contract's order. The last three are final.
public enum EscrowState {
  /// Never locked here.
  NONE,
  /// Paid in; the payee may work.
  LOCKED,
  /// Said to be done; the payer may object.
  DELIVERED,
  /// Frozen for the arbiter.
  DISPUTED,
  /// All was the payee's, without a verdict.
  RELEASED,
  /// All was the payer's again, without a verdict.
  REFUNDED,
  /// Divided by a verdict, by the arbiter's silence or by agreement.
  RESOLVED;

  /// Whether nothing can change any more.
  public boolean isFinal() {
    return switch (this) {
      case NONE, LOCKED, DELIVERED, DISPUTED -> false;
      case RELEASED, REFUNDED, RESOLVED -> true;
    };
  }

  /// The state with that number in the contract.
  ///
  /// @throws IllegalArgumentException if it has none
  public static EscrowState of(long number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("The contract has no state " + number);
    }
    return values()[(int) number];
  }
}
