package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;

final class NoncesTest {
  private static final AgentKey ALICE = key(1);
  private static final AgentKey BOB = key(2);
  private static final long START = 1_000_000_000_000L;

  private final Nonces nonces = new Nonces();

  @Test
  void everyNonceIsFoundUnderItsSignerOnly() {
    for (int i = 0; i < 5_000; i++) {
      nonces.add(ALICE, "nonce-" + i, START + i * 10L, i);
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(nonces.find(ALICE, "nonce-" + i, START)).isEqualTo(OptionalLong.of(i));
    }
    assertThat(nonces.find(BOB, "nonce-1", START)).isEmpty();
    assertThat(nonces.find(ALICE, "nonce-5000", START)).isEmpty();
  }

  @Test
  void nonceIsForgottenOnceItsTimeHasLeftTheWindow() {
    nonces.add(ALICE, "early", START, 1);
    nonces.add(ALICE, "late", START + 5 * 60_000, 2);
    long now = START + Nonces.WINDOW + 60_000;

    assertThat(nonces.find(ALICE, "early", now)).isEmpty();
    assertThat(nonces.find(ALICE, "late", now)).hasValue(2);
    nonces.forget(now);
    assertThat(nonces.find(ALICE, "early", START)).isEmpty();
    assertThat(nonces.find(ALICE, "late", START)).hasValue(2);
  }

  @Test
  void fullnessEndsWithTheWindowAlsoWhenNobodyForgets() {
    for (int i = 0; i < Nonces.MAX_NONCES; i++) {
      nonces.add(ALICE, Integer.toString(i), START, i);
    }
    assertThat(nonces.isFull(START)).isTrue();
    assertThat(nonces.isFull(START + Nonces.WINDOW + 60_000)).isFalse();
  }

  private static AgentKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed("agent", bytes, Instant.EPOCH).key();
  }
}
