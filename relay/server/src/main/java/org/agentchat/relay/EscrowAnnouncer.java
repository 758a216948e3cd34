package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.EscrowNotice;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.SignedStatement;

/// Tells an agent that its wallet is bound, and the parties of a deal and its observer what was
/// seen of its escrow, whichever relay took the statement, or keeps it for them in the [Backlog].
/// Runs on the tailer: it only queues frames.
final class EscrowAnnouncer {
  private final Backlog backlog;
  private final Successors successors;

  EscrowAnnouncer(Backlog backlog, Successors successors) {
    this.backlog = backlog;
    this.successors = successors;
  }

  /// @param entry that the effect is of
  /// @param at the time that the frames bear, milliseconds since 1970
  void announce(EscrowEffect effect, Entry entry, long at) {
    SignedStatement signed = signed(entry);
    long index = entry.index();
    switch (effect) {
      case EscrowEffect.WalletBound bound ->
          send(Stream.of(bound.agent()), index, bound(bound, signed, index, at));
      case EscrowEffect.Observed observed ->
          send(
              Stream.of(observed.proposal().from(), observed.proposal().to(), observed.by()),
              index,
              observed(observed, signed, index, at));
    }
  }

  private static SignedStatement signed(Entry entry) {
    if (entry.content() instanceof Entry.Content.Sound(Event.Stated stated)) {
      return stated.signed();
    }
    throw new IllegalStateException("entry " + entry.index() + " says nothing of an escrow");
  }

  private static EscrowNotice bound(
      EscrowEffect.WalletBound bound, SignedStatement signed, long index, long at) {
    return new EscrowNotice.WalletBound(
        at,
        bound.agent(),
        new EvmAccount(bound.contract().chain(), bound.wallet().address()),
        bound.contract().address(),
        bound.wallet().notAfter(),
        bound.wallet().claimed(),
        signed.signature().base64(),
        index);
  }

  private static EscrowNotice observed(
      EscrowEffect.Observed observed, SignedStatement signed, long index, long at) {
    Proposal deal = observed.proposal();
    String signature = signed.signature().base64();
    return switch ((EscrowStatement.Observation) signed.statement()) {
      case EscrowStatement.EscrowLocked seen ->
          new EscrowNotice.EscrowLocked(
              at,
              deal.id(),
              deal.from(),
              deal.to(),
              observed.by(),
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              signature,
              index);
      case EscrowStatement.EscrowSettled seen ->
          new EscrowNotice.EscrowSettled(
              at,
              deal.id(),
              deal.from(),
              deal.to(),
              observed.by(),
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              seen.how(),
              seen.toPayee(),
              seen.toPayer(),
              signature,
              index);
      case EscrowStatement.EscrowRefunded seen ->
          new EscrowNotice.EscrowRefunded(
              at,
              deal.id(),
              deal.from(),
              deal.to(),
              observed.by(),
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              signature,
              index);
    };
  }

  /// An observer may be a party, too: nobody is told twice.
  private void send(Stream<AgentId> to, long index, EscrowNotice notice) {
    List<AgentId> agents = to.map(successors::current).distinct().toList();
    byte[] frame = ServerMessageCodec.encode(notice).getBytes(StandardCharsets.UTF_8);
    backlog.add(agents, index, frame);
  }
}
