package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.ARBITER;
import static org.agentchat.escrow.contract.EscrowChain.OPERATOR;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.contract.EscrowCall.Deliver;
import org.agentchat.escrow.contract.EscrowCall.Dispute;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.contract.EscrowCall.Refund;
import org.agentchat.escrow.contract.EscrowCall.Release;
import org.agentchat.escrow.contract.EscrowCall.Resolve;
import org.agentchat.escrow.contract.EscrowCall.ResolveSilent;
import org.agentchat.escrow.contract.EscrowCall.Settle;
import org.agentchat.escrow.contract.EscrowCall.Withdraw;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The whole table of rights: every call by everybody in every state, a second before its time-out
/// and at it, against the [Model].
@ExtendWith(OnChain.class)
final class RightsIT {

  private static final String HASH = Deal.HASH;
  private static final Terms TERMS = new Deal().terms();

  private final EscrowChain chain;
  private final Model model;

  RightsIT(EscrowChain chain) {
    this.chain = chain;
    this.model = new Model(chain.domain());
    model.give(Hex.ZERO_ADDRESS, PAYER, BigInteger.TEN.pow(22));
  }

  /// The ways into each state.
  private enum Way {
    NONE,
    LOCKED,
    DELIVERED,
    DISPUTED_BEFORE_DELIVERY,
    DISPUTED_AFTER_DELIVERY,
    RELEASED,
    REFUNDED,
    RESOLVED
  }

  @ParameterizedTest
  @EnumSource
  void everybodyMayDoWhatTheModelSaysAndNothingElse(Way way) {
    go(way);
    long until = chain.status(chain.domain().id(TERMS)).until();
    int allowed = 0;
    if (until != 0) {
      chain.at(until - 1);
      allowed += compareAll();
      chain.at(until);
    }
    allowed += compareAll();
    assertThat(allowed).as("calls that are allowed somewhere in this state").isPositive();
  }

  private int compareAll() {
    int allowed = 0;
    for (String from : List.of(PAYER, PAYEE, OPERATOR, ARBITER, STRANGER)) {
      for (EscrowCall call : calls()) {
        Model.Decision expected = model.decide(from, call, chain.now());
        EscrowChain.Outcome outcome = chain.ask(from, call);
        Optional<EscrowRefusal> refusal =
            expected instanceof Model.Decision.Refused(Optional<EscrowRefusal> reason)
                ? reason
                : Optional.empty();
        assertThat(outcome.refusal()).as("%s by %s", call, from).isEqualTo(refusal);
        assertThat(outcome.success()).as("%s by %s", call, from).isEqualTo(refusal.isEmpty());
        allowed += outcome.success() ? 1 : 0;
      }
    }
    return allowed;
  }

  private static List<EscrowCall> calls() {
    BigInteger more = Deal.AMOUNT.add(BigInteger.ONE);
    return List.of(
        new Lock(TERMS),
        new Deliver(TERMS, HASH),
        new Release(TERMS),
        new Settle(TERMS, BigInteger.ZERO),
        new Settle(TERMS, BigInteger.ONE),
        new Settle(TERMS, Deal.AMOUNT),
        new Settle(TERMS, more),
        new Refund(TERMS),
        new Dispute(TERMS, HASH),
        new Resolve(TERMS, BigInteger.ZERO, HASH),
        new Resolve(TERMS, Deal.AMOUNT, HASH),
        new Resolve(TERMS, more, HASH),
        new ResolveSilent(TERMS),
        new Withdraw(Hex.ZERO_ADDRESS));
  }

  private void go(Way way) {
    switch (way) {
      case NONE -> {}
      case LOCKED -> step(PAYER, new Lock(TERMS));
      case DELIVERED -> {
        go(Way.LOCKED);
        step(PAYEE, new Deliver(TERMS, HASH));
      }
      case DISPUTED_BEFORE_DELIVERY -> {
        go(Way.LOCKED);
        step(OPERATOR, new Dispute(TERMS, HASH));
      }
      case DISPUTED_AFTER_DELIVERY -> {
        go(Way.DELIVERED);
        step(PAYEE, new Dispute(TERMS, HASH));
      }
      case RELEASED -> {
        go(Way.DELIVERED);
        step(PAYER, new Release(TERMS));
      }
      case REFUNDED -> {
        go(Way.LOCKED);
        step(PAYEE, new Settle(TERMS, BigInteger.ZERO));
      }
      case RESOLVED -> {
        go(Way.DISPUTED_AFTER_DELIVERY);
        step(ARBITER, new Resolve(TERMS, BigInteger.TEN, HASH));
      }
    }
  }

  private void step(String from, EscrowCall call) {
    model.apply(model.decide(from, call, chain.now()));
    must(chain.call(from, call));
  }
}
