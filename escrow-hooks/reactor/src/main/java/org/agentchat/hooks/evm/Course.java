package org.agentchat.hooks.evm;

import java.math.BigInteger;
import java.time.Instant;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.EscrowClient.Status;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowState;

/// What is next for an errand, from what the contract shows. Pure.
sealed interface Course {
  /// Why, for people.
  String note();

  /// A call is to be made.
  ///
  /// @param step names the call, see [Errand#call]
  record Call(String step, EscrowCall call, String note) implements Course {}

  /// The contract is where it should be, by whoever's doing.
  record Reached(String note) implements Course {}

  /// What was wanted matters no more.
  record Moot(String note) implements Course {}

  /// What was wanted cannot be had any more: somebody should know.
  record Lost(String note) implements Course {}

  /// Nothing can be done yet.
  ///
  /// @param until from when on something can, Unix seconds; 0 when that is for others to say
  record Later(long until, String note) implements Course {}

  /// What the contract shows at one block.
  ///
  /// @param status of the escrow
  /// @param credit what the account of the errand can withdraw, base units
  /// @param time of the block, Unix seconds
  record Sight(Status status, BigInteger credit, long time) {
    private EscrowState state() {
      return status.state();
    }

    /// Whether the contract's time-out for this state has passed.
    private boolean isLate() {
      return time >= status.until();
    }
  }

  static Course of(Errand errand, Sight sight) {
    Deal deal = errand.deal();
    return switch (errand.goal()) {
      case Goal.Lock _ -> lock(deal, sight);
      case Goal.Release _ -> release(errand, sight);
      case Goal.Deliver deliver -> deliver(deal, deliver, sight);
      case Goal.Dispute dispute -> dispute(deal, dispute, sight);
      case Goal.Resolve resolve -> resolve(deal, resolve, sight);
      case Goal.TimeOut _ -> timeOut(deal, sight);
      case Goal.Withdraw _ -> withdraw(errand, sight);
    };
  }

  private static Course lock(Deal deal, Sight sight) {
    if (sight.state() != EscrowState.NONE) {
      return new Reached("it was locked; now it is " + name(sight.state()));
    }
    long deadline = deal.terms().deadline();
    return sight.time() >= deadline
        ? new Lost("not locked before its deadline, " + Instant.ofEpochSecond(deadline))
        : new Call("lock", new EscrowCall.Lock(deal.struct()), "accepted, so it is locked");
  }

  private static Course release(Errand errand, Sight sight) {
    Deal deal = errand.deal();
    boolean payer = errand.by().equals(Deal.address(deal.agreement().payer()));
    Call release =
        new Call(
            "release",
            new EscrowCall.Release(deal.struct()),
            "completed by the payer, so it is released");
    return switch (sight.state()) {
      case NONE -> notLocked();
      case LOCKED ->
          payer || !sight.isLate()
              ? release
              : new Lost("the deadline has passed, only the payer could still release");
      case DELIVERED -> release;
      case DISPUTED ->
          payer ? release : new Lost("it is disputed, only the payer could still release");
      case RELEASED -> new Reached("it is released");
      case REFUNDED -> new Lost("the payer completed the deal, but the money went back to it");
      case RESOLVED -> new Moot("it was divided before");
    };
  }

  private static Course deliver(Deal deal, Goal.Deliver goal, Sight sight) {
    return switch (sight.state()) {
      case NONE -> notLocked();
      case LOCKED ->
          sight.isLate()
              ? tooLate("the deadline", sight)
              : new Call(
                  "deliver",
                  new EscrowCall.Deliver(deal.struct(), goal.proof().text()),
                  "completed, so the review begins");
      case DELIVERED -> new Reached("the review has begun");
      case DISPUTED -> new Moot("it is disputed, so there is no review");
      case RELEASED, REFUNDED, RESOLVED -> new Moot("it is " + name(sight.state()));
    };
  }

  private static Course dispute(Deal deal, Goal.Dispute goal, Sight sight) {
    return switch (sight.state()) {
      case NONE -> notLocked();
      case LOCKED, DELIVERED ->
          sight.isLate()
              ? tooLate(sight.state() == EscrowState.LOCKED ? "the deadline" : "the review", sight)
              : new Call(
                  "dispute",
                  new EscrowCall.Dispute(deal.struct(), goal.reason().text()),
                  "disputed, so it is frozen");
      case DISPUTED -> new Reached("it is frozen");
      case RELEASED, REFUNDED, RESOLVED -> new Moot("it is " + name(sight.state()));
    };
  }

  private static Course resolve(Deal deal, Goal.Resolve goal, Sight sight) {
    return switch (sight.state()) {
      case NONE -> notLocked();
      case LOCKED, DELIVERED ->
          new Later(
              0, "it is %s: a side or the operator must dispute it".formatted(name(sight.state())));
      case DISPUTED ->
          sight.isLate()
              ? tooLate("the arbiter's time", sight)
              : new Call(
                  "resolve",
                  new EscrowCall.Resolve(
                      deal.struct(), goal.toPayee().units(), goal.verdict().text()),
                  "there is a verdict, so it is divided");
      case RELEASED, REFUNDED -> new Moot("it is " + name(sight.state()));
      case RESOLVED -> new Reached("it is divided");
    };
  }

  private static Course timeOut(Deal deal, Sight sight) {
    return switch (sight.state()) {
      case NONE ->
          sight.time() >= deal.terms().deadline()
              ? new Moot("it was never locked")
              : new Later(deal.terms().deadline(), "not locked yet");
      case LOCKED ->
          sight.isLate()
              ? new Call(
                  "refund",
                  new EscrowCall.Refund(deal.struct()),
                  "nothing was delivered before the deadline, so it goes back")
              : new Later(sight.status().until(), "locked, nothing delivered yet");
      case DELIVERED ->
          sight.isLate()
              ? new Call(
                  "release-after-review",
                  new EscrowCall.Release(deal.struct()),
                  "nobody disputed during the review, so it is released")
              : new Later(sight.status().until(), "delivered, under review");
      case DISPUTED ->
          sight.isLate()
              ? new Call(
                  "resolve-silent",
                  new EscrowCall.ResolveSilent(deal.struct()),
                  "the arbiter stayed silent, so the agreed share counts")
              : new Later(sight.status().until(), "disputed, the arbiter has time");
      case RELEASED, REFUNDED, RESOLVED -> new Reached("it is " + name(sight.state()));
    };
  }

  /// An account has one credit a token, from all its deals. Only a deal that is over asks for it:
  /// what comes from others is for their errands, each when its own time has come.
  private static Course withdraw(Errand errand, Sight sight) {
    Address by = errand.by();
    return switch (sight.state()) {
      case NONE ->
          sight.time() >= errand.deal().terms().deadline()
              ? new Moot("it was never locked")
              : new Later(errand.deal().terms().deadline(), "not locked yet");
      case LOCKED, DELIVERED, DISPUTED ->
          new Later(sight.status().until(), "it is " + name(sight.state()));
      case RELEASED, REFUNDED, RESOLVED ->
          sight.credit().signum() > 0
              ? new Call(
                  "withdraw",
                  new EscrowCall.Withdraw(errand.deal().terms().token().text()),
                  "%s has a credit of %s".formatted(by, sight.credit()))
              : new Reached(
                  "it is %s, and %s has no credit left".formatted(name(sight.state()), by));
    };
  }

  private static Course notLocked() {
    return new Later(0, "it is not locked, as far as this node knows");
  }

  private static Course tooLate(String what, Sight sight) {
    return new Lost(
        "%s ended at %s".formatted(what, Instant.ofEpochSecond(sight.status().until())));
  }

  private static String name(EscrowState state) {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }
}
