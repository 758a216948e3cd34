package org.agentchat.receipt;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.statement.EscrowStatement;

/// What a receipt file shows of a deal's money.
///
/// @param payer the statement that bound the proposer's wallet
/// @param payee the statement that bound the acceptor's
/// @param locked what the observer said when the money went in
/// @param ended what it said when the money came out, as far as the file goes
record Money(EscrowTerms terms, Leg payer, Leg payee, Leg locked, Optional<Leg> ended) {
  /// Every statement of it.
  List<Leg> legs() {
    return Stream.concat(Stream.of(payer, payee, locked), ended.stream()).toList();
  }

  static EscrowStatement.WalletBind binding(Leg leg) {
    return (EscrowStatement.WalletBind) leg.statement();
  }

  static EscrowStatement.Observation seen(Leg leg) {
    return (EscrowStatement.Observation) leg.statement();
  }
}
