package org.agentchat.hooks.evm;

import java.util.Locale;
import java.util.Optional;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EvmHash;

/// That log and chain say different things of an escrow. The chain is right.
///
/// @param proposalId the deal
/// @param escrow its name in the contract
/// @param phase what the log says
/// @param state what the contract says in a block that stays
/// @param kind what is to be made of it
public record Difference(
    String proposalId, EvmHash escrow, Escrow.Phase phase, EscrowState state, Kind kind) {
  /// What a difference means.
  public enum Kind {
    /// The observer has not said yet what happened.
    MISSING_IN_LOG("the log does not know it yet"),
    /// The money came when the deal had lapsed: the log cannot take that up any more.
    TOO_LATE("the deal had lapsed before, so the log will never know it"),
    /// The log has what the chain does not: a chain went back, or an observer was wrong.
    NOT_ON_CHAIN("the log has what the chain does not");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }
  }

  /// What is different, if anything is.
  static Optional<Kind> kind(Escrow.Phase phase, EscrowState state) {
    return switch (phase) {
      case AWAITED ->
          state == EscrowState.NONE ? Optional.empty() : Optional.of(Kind.MISSING_IN_LOG);
      case LAPSED -> state == EscrowState.NONE ? Optional.empty() : Optional.of(Kind.TOO_LATE);
      case LOCKED ->
          switch (state) {
            case NONE -> Optional.of(Kind.NOT_ON_CHAIN);
            case LOCKED, DELIVERED, DISPUTED -> Optional.empty();
            case RELEASED, REFUNDED, RESOLVED -> Optional.of(Kind.MISSING_IN_LOG);
          };
      case SETTLED ->
          switch (state) {
            case RELEASED, RESOLVED -> Optional.empty();
            case NONE, LOCKED, DELIVERED, DISPUTED, REFUNDED -> Optional.of(Kind.NOT_ON_CHAIN);
          };
      case REFUNDED ->
          switch (state) {
            case REFUNDED -> Optional.empty();
            case NONE, LOCKED, DELIVERED, DISPUTED, RELEASED, RESOLVED ->
                Optional.of(Kind.NOT_ON_CHAIN);
          };
    };
  }

  boolean isMissingInLog() {
    return kind == Kind.MISSING_IN_LOG;
  }

  /// For people.
  public String sentence() {
    return "deal %s is %s in the log and %s in the contract (escrow %s): %s"
        .formatted(
            proposalId, phase.word(), state.name().toLowerCase(Locale.ROOT), escrow, kind.meaning);
  }
}
