package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;

import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EvmHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DifferenceTest {
  /// = same, m missing in the log, l too late, x not on the chain: for NONE, LOCKED, DELIVERED,
  /// DISPUTED, RELEASED, REFUNDED, RESOLVED.
  @ParameterizedTest
  @CsvSource({
    "AWAITED, =mmmmmm",
    "LOCKED, x===mmm",
    "SETTLED, xxxx=x=",
    "REFUNDED, xxxxx=x",
    "LAPSED, =llllll"
  })
  void everyPhaseIsComparedWithEveryState(Escrow.Phase phase, String wanted) {
    StringBuilder found = new StringBuilder();
    for (EscrowState state : EscrowState.values()) {
      found.append(
          Difference.kind(phase, state)
              .map(kind ->
                  switch (kind) {
                    case MISSING_IN_LOG -> "m";
                    case TOO_LATE -> "l";
                    case NOT_ON_CHAIN -> "x";
                  })
              .orElse("="));
    }
    assertThat(found.toString()).isEqualTo(wanted);
  }

  @Test
  void sentenceNamesDealEscrowAndBothWords() {
    Difference difference =
        new Difference(
            "prop_1",
            new EvmHash("0x" + "1".repeat(64)),
            Escrow.Phase.LOCKED,
            EscrowState.REFUNDED,
            Difference.Kind.MISSING_IN_LOG);
    assertThat(difference.sentence())
        .contains("prop_1", "locked in the log", "refunded in the contract", "0x1111");
  }
}
