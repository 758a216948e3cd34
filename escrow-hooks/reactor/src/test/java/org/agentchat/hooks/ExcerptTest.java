package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExcerptTest {
  @Test
  void textOfAStrangerIsOneLineThatDoesNothingToATerminal() {
    assertThat(Excerpt.of("  a\r\n\tb \u001b[31mred\u202e\u0000\u009b "))
        .isEqualTo("a   b ?[31mred???");
  }

  @Test
  void longTextIsCut() {
    assertThat(Excerpt.of("x".repeat(10_000))).hasSizeLessThan(310).endsWith("...");
    assertThat(Excerpt.of("x".repeat(300))).isEqualTo("x".repeat(300));
  }

  @Test
  void halfACharacterIsShownAsOneThatIsMissing() {
    assertThat(Excerpt.of("a\ud83d")).isEqualTo("a?");
    assertThat(Excerpt.of("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
  }
}
