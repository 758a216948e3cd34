package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agentchat.client.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is said beside a relay's refusal.
final class RefusalsTest {
  private static Reply<String> refused(String message, @Nullable Long index) {
    return new Reply.Refused<>("INVALID_PROPOSAL", message, index);
  }

  @Test
  void dealBeforeAPanelIsNotLookedForAmongReceipts() {
    assertThatThrownBy(() -> Refusals.done(refused("PROPOSAL_NOT_ACCEPTED", 7L)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("before a panel since log index 7")
        .hasMessageNotContaining("receipts");
    assertThatThrownBy(() -> Refusals.done(refused("PROPOSAL_NOT_ACCEPTED", null)))
        .hasMessageContaining("'agentchat receipts list' shows finished deals");
  }

  @Test
  void countThatIsNoneIsNotCalledAStake() {
    Ran ran = Ran.command("skills", "search", "ws://localhost:1", "-l", "abc");
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("a whole number from 0 on").doesNotContain("stake");
  }
}
