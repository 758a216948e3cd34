package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class StuckIntentsTest {
  private final StuckIntents stuck = new StuckIntents();

  @Test
  void eachReasonIsToldOnceHoweverManyAreStuck() {
    assertThat(stuck.isTold(1, poor("has 1 wei"))).isFalse();
    assertThat(stuck.isTold(1, poor("has 2 wei"))).isTrue();
    assertThat(stuck.isTold(2, poor("has 2 wei"))).isTrue();
    assertThat(stuck.isTold(2, stuck("NODE_AWAY", "no answer"))).isFalse();
  }

  @Test
  void reasonThatWasOverIsToldAgain() {
    assertThat(stuck.isTold(1, poor("has 1 wei"))).isFalse();
    assertThat(stuck.isTold(2, poor("has 1 wei"))).isTrue();
    assertThat(stuck.isTold(1, new Outcome.Done("sent"))).isFalse();
    assertThat(stuck.isTold(1, poor("has 1 wei"))).isTrue();
    stuck.isTold(1, new Outcome.Done("sent"));
    stuck.isTold(2, new Outcome.Waiting(Instant.EPOCH, "a block"));
    assertThat(stuck.isTold(1, poor("has 1 wei"))).isFalse();
  }

  private static Outcome poor(String note) {
    return stuck("INSUFFICIENT_FUNDS", note);
  }

  private static Outcome stuck(String reason, String note) {
    return new Outcome.Stuck(Instant.EPOCH, reason, note);
  }
}
