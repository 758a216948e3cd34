package org.agentchat.hooks.evm;

import java.math.BigInteger;
import java.util.Optional;
import org.agentchat.escrow.chain.ChainLog;
import org.agentchat.escrow.contract.EscrowEvent;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.statement.EscrowStatement;

/// What the log has to know of a contract's report. Pure.
final class Observations {
  private Observations() {}

  /// Empty for steps on the way, which only the contract need know.
  static Optional<EscrowStatement.Observation> of(
      String proposalId, EscrowContract contract, EscrowEvent.Step step, ChainLog where) {
    Seen seen = new Seen(proposalId, contract, new EvmHash(step.escrow()), where);
    return switch (step) {
      case EscrowEvent.Locked _ -> Optional.of(seen.locked());
      case EscrowEvent.Delivered _, EscrowEvent.Disputed _ -> Optional.empty();
      case EscrowEvent.Released released ->
          Optional.of(seen.settled(released.toPayee(), BigInteger.ZERO, EscrowOutcome.RELEASED));
      case EscrowEvent.Refunded _ -> Optional.of(seen.refunded());
      case EscrowEvent.Settled settled ->
          Optional.of(seen.settled(settled.toPayee(), settled.toPayer(), EscrowOutcome.SETTLED));
      case EscrowEvent.Resolved resolved ->
          Optional.of(seen.settled(resolved.toPayee(), resolved.toPayer(), EscrowOutcome.RESOLVED));
      case EscrowEvent.ResolvedSilently silent ->
          Optional.of(seen.settled(silent.toPayee(), silent.toPayer(), EscrowOutcome.SILENT));
    };
  }

  private record Seen(String proposalId, EscrowContract contract, EvmHash id, ChainLog where) {
    private EvmHash tx() {
      return new EvmHash(where.transaction().hex());
    }

    private EvmHash block() {
      return new EvmHash(where.block().hash().hex());
    }

    EscrowStatement.Observation locked() {
      return new EscrowStatement.EscrowLocked(
          proposalId,
          id,
          contract.chain(),
          contract.address(),
          tx(),
          where.block().number(),
          block());
    }

    EscrowStatement.Observation settled(BigInteger toPayee, BigInteger toPayer, EscrowOutcome how) {
      return new EscrowStatement.EscrowSettled(
          proposalId,
          id,
          contract.chain(),
          contract.address(),
          tx(),
          where.block().number(),
          block(),
          new TokenAmount(toPayee),
          new TokenAmount(toPayer),
          how);
    }

    EscrowStatement.Observation refunded() {
      return new EscrowStatement.EscrowRefunded(
          proposalId,
          id,
          contract.chain(),
          contract.address(),
          tx(),
          where.block().number(),
          block());
    }
  }
}
