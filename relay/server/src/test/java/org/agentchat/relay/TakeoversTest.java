package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.agentchat.schemas.identity.AgentId;
import org.junit.jupiter.api.Test;

/// How long who wants an online agent's place waits.
final class TakeoversTest {
  private final AgentId alice = AgentId.of("@0123456789abcdef");
  private final Takeovers takeovers = new Takeovers();

  @Test
  void repeatedTakeoversWaitLongerAndLonger() {
    assertThat(takeovers.wait(alice, 0)).isZero();
    takeovers.happened(alice, 0);
    assertThat(takeovers.wait(alice, 1)).isEqualTo(Duration.ofSeconds(5));
    takeovers.happened(alice, 5_001);
    assertThat(takeovers.wait(alice, 5_002)).isEqualTo(Duration.ofSeconds(10));
    assertThat(takeovers.wait(alice, 310_002)).isZero();
  }

  /// A client gives up after ten seconds and tries again: each attempt once doubled the wait.
  @Test
  void attemptsThatWereGivenUpDoNotCount() {
    takeovers.happened(alice, 0);
    for (int attempt = 1; attempt < 10; attempt++) {
      assertThat(takeovers.wait(alice, attempt * 1_000L)).isEqualTo(Duration.ofSeconds(5));
    }
  }
}
