package org.agentchat.relay;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.EscrowMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.EscrowStatement;
import org.jspecify.annotations.Nullable;

/// What is told of wallets and of money in a contract, and to whom.
///
/// @param to each agent once, as the log names it
record EscrowAnnouncer(List<AgentId> to, ServerMessage message) {
  /// @param now the time that the frame bears, milliseconds since 1970
  static EscrowAnnouncer of(EscrowEffect effect, Applied applied, long now) {
    String sig = signature(applied.entry());
    long index = applied.entry().index();
    return switch (effect) {
      case EscrowEffect.WalletBound bound ->
          new EscrowAnnouncer(List.of(bound.agent()), bound(bound, sig, index, now));
      case EscrowEffect.Observed observed ->
          new EscrowAnnouncer(everybody(observed), seen(observed, sig, index, now));
    };
  }

  /// What an acceptance says of the deal's escrow, if it has one.
  static EscrowMessage.@Nullable AgreedEscrow agreed(Proposal accepted) {
    Escrow escrow = accepted.escrow();
    return escrow == null
        ? null
        : new EscrowMessage.AgreedEscrow(
            escrow.id(),
            escrow.payer().address(),
            escrow.payee().address(),
            escrow.agreement().proposal());
  }

  private static List<AgentId> everybody(EscrowEffect.Observed observed) {
    Proposal deal = observed.proposal();
    return Stream.of(deal.from(), deal.to(), observed.by()).distinct().toList();
  }

  private static ServerMessage bound(
      EscrowEffect.WalletBound bound, String sig, long index, long now) {
    return new EscrowMessage.WalletBound(
        now,
        bound.agent(),
        new EvmAccount(bound.contract().chain(), bound.wallet().address()),
        bound.contract().address(),
        bound.wallet().notAfter(),
        bound.wallet().claimed(),
        sig,
        index);
  }

  private static ServerMessage seen(
      EscrowEffect.Observed observed, String sig, long index, long now) {
    Proposal deal = observed.proposal();
    AgentId by = observed.by();
    return switch (sighting(observed).seen()) {
      case EscrowStatement.EscrowLocked seen ->
          new EscrowMessage.EscrowLocked(
              now,
              deal.id(),
              deal.from(),
              deal.to(),
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              sig,
              index);
      case EscrowStatement.EscrowSettled seen ->
          new EscrowMessage.EscrowSettled(
              now,
              deal.id(),
              deal.from(),
              deal.to(),
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              seen.toPayee(),
              seen.toPayer(),
              seen.how(),
              sig,
              index);
      case EscrowStatement.EscrowRefunded seen ->
          new EscrowMessage.EscrowRefunded(
              now,
              deal.id(),
              deal.from(),
              deal.to(),
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              sig,
              index);
    };
  }

  private static Escrow.Sighting sighting(EscrowEffect.Observed observed) {
    Escrow escrow = Objects.requireNonNull(observed.proposal().escrow(), "observed without one");
    Escrow.Sighting sighting =
        observed instanceof EscrowEffect.EscrowLocked ? escrow.locked() : escrow.ended();
    return Objects.requireNonNull(sighting, "observed, but not kept");
  }

  private static String signature(Entry entry) {
    if (entry.content() instanceof Entry.Content.Sound(Event.Stated stated)) {
      return stated.signed().signature().base64();
    }
    throw new IllegalStateException("entry " + entry.index() + " has an effect but no statement");
  }
}
