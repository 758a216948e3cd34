package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// What to do next for a request, from where it is and what the chain shows. Pure: everything that
/// may go wrong between two looks comes out as another view.
final class Decision {
  /// With an eighth more each time this is a factor of 43 from the first attempt.
  static final int MAX_ATTEMPTS = 32;

  private static final Action PENDING =
      new Action.Wait(WaitReason.PENDING, "a node has it, no block does yet");

  private final FeePolicy policy;

  Decision(FeePolicy policy) {
    this.policy = policy;
  }

  Action next(Request request, Stage stage, ChainView view) {
    return switch (stage) {
      case Stage.Planned _ -> plan(request, view);
      case Stage.Signed signed -> new Action.Send(signed.attempts().getLast());
      case Stage.Sent sent -> watch(sent, view);
      case Stage.Mined mined -> confirm(mined, view);
      case Stage.Final _, Stage.Reverted _, Stage.Replaced _ ->
          new Action.Wait(WaitReason.OVER, "nothing more will happen to it");
    };
  }

  private Action plan(Request request, ChainView view) {
    return switch (view.preflight()) {
      case Preflight.Reverts(ContractError error) -> new Action.Refuse(error, Optional.empty());
      case Preflight.Gas(long limit) -> price(request, limit, view);
      case Preflight.Declined(String why) -> new Action.Wait(WaitReason.NODE_DECLINES, why);
      case Preflight.NotTried() -> poor(request, request.value(), view);
    };
  }

  private Action price(Request request, long gasLimit, ChainView view) {
    Optional<Fees> fees = policy.first(view.baseFee(), view.suggestedTip());
    if (fees.isEmpty()) {
      return new Action.Wait(
          WaitReason.FEES_ABOVE_CAP,
          "the base fee is %s wei, the cap %s".formatted(view.baseFee(), policy.maxFeeCap()));
    }
    BigInteger cost = fees.get().costOf(BigInteger.valueOf(gasLimit)).add(request.value());
    if (view.spendable().compareTo(cost) < 0) {
      return poor(request, cost, view);
    }
    return new Action.Sign(fees.get(), gasLimit);
  }

  private static Action poor(Request request, BigInteger cost, ChainView view) {
    return new Action.Wait(
        WaitReason.INSUFFICIENT_FUNDS,
        "%s has %s wei to spend, this may cost %s"
            .formatted(request.sender(), view.spendable(), cost));
  }

  private Action watch(Stage.Sent sent, ChainView view) {
    return switch (view.sighting()) {
      case Sighting.InBlock(Inclusion where) -> new Action.Include(where);
      case Sighting.Unclear(String why) -> new Action.Wait(WaitReason.UNCLEAR, why);
      case Sighting.InNoBlock(boolean pending) -> chase(sent, pending, view);
    };
  }

  private Action chase(Stage.Sent sent, boolean pending, ChainView view) {
    if (view.finalNonce() > sent.nonce()) {
      return new Action.GiveUp();
    }
    if (view.nonce() > sent.nonce()) {
      return new Action.Wait(
          WaitReason.NONCE_TAKEN,
          "block %s has another transaction with nonce %d".formatted(view.head(), sent.nonce()));
    }
    Attempt newest = sent.attempts().getLast();
    Action unstuck = isStuck(sent, newest, view) ? replace(sent.attempts(), newest, view) : PENDING;
    // A node that forgot it, or never took it, gets the same bytes again at every look.
    return unstuck instanceof Action.Wait && !pending ? new Action.Send(newest) : unstuck;
  }

  /// Only the first in line can be stuck by its fees; the others wait for it.
  private boolean isStuck(Stage.Sent sent, Attempt newest, ChainView view) {
    return view.nonce() == sent.nonce()
        && newest.sentAt().isPresent()
        && view.head().number() - newest.sentAt().getAsLong() >= policy.stuckAfter();
  }

  private Action replace(List<Attempt> attempts, Attempt newest, ChainView view) {
    if (attempts.size() >= MAX_ATTEMPTS) {
      return new Action.Wait(
          WaitReason.TOO_MANY_ATTEMPTS,
          "replaced %d times, newest is %s".formatted(attempts.size() - 1, newest.hash()));
    }
    Optional<Fees> more = policy.bumped(newest.fees(), view.baseFee(), view.suggestedTip());
    if (more.isEmpty()) {
      return new Action.Wait(
          WaitReason.FEES_ABOVE_CAP,
          "stuck at %s, an eighth more is above the cap of %s wei"
              .formatted(newest.fees(), policy.maxFeeCap()));
    }
    BigInteger extra =
        more.get()
            .max()
            .subtract(newest.fees().max())
            .multiply(BigInteger.valueOf(newest.gasLimit()));
    if (view.spendable().compareTo(extra) < 0) {
      return new Action.Wait(
          WaitReason.INSUFFICIENT_FUNDS,
          "stuck at %s, a replacement costs %s wei more, there are %s"
              .formatted(newest.fees(), extra, view.spendable()));
    }
    return new Action.Replace(more.get(), newest.gasLimit());
  }

  private static Action confirm(Stage.Mined mined, ChainView view) {
    return switch (view.sighting()) {
      case Sighting.InNoBlock _ -> new Action.Unmine();
      case Sighting.Unclear(String why) -> new Action.Wait(WaitReason.UNCLEAR, why);
      case Sighting.InBlock(Inclusion seen) when !seen.equals(mined.where()) ->
          new Action.Include(seen);
      case Sighting.InBlock(Inclusion seen) -> conclude(seen, view);
    };
  }

  private static Action conclude(Inclusion seen, ChainView view) {
    if (!view.isFinal(seen)) {
      return new Action.Wait(
          WaitReason.CONFIRMING,
          "in block %s, final are blocks up to %d".formatted(seen.block(), view.finalNumber()));
    }
    return seen.succeeded()
        ? new Action.Finish(seen)
        : new Action.Refuse(ContractError.SILENT, Optional.of(seen));
  }
}
