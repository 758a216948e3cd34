package org.agentchat.escrow.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// What must come of a call.
final class Expect {

  private Expect() {}

  static EscrowChain.Outcome must(EscrowChain.Outcome outcome) {
    assertThat(outcome.success())
        .as(
            "Refused with %s",
            outcome.refusal().map(EscrowRefusal::toString).orElse(outcome.data()))
        .isTrue();
    return outcome;
  }

  /// It must be refused, for this reason.
  static void refused(
      EscrowChain.Outcome outcome, EscrowRefusal.Reason reason, Object... arguments) {
    assertThat(outcome.refusal())
        .as(outcome.success() ? "It went through" : outcome.data())
        .contains(
            new EscrowRefusal(reason, List.of(arguments).stream().map(String::valueOf).toList()));
  }
}
