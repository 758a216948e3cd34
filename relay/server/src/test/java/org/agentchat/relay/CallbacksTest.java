package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.agentchat.relay.Callbacks.Asked;
import org.agentchat.relay.Callbacks.Cut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbacksTest {
  private final Callbacks callbacks =
      new Callbacks(
          new Channels(RelaySettings.of("127.0.0.1", 0, "test", "test.example/log"), () -> 0),
          ChatRules.CallbackRules.defaults(),
          () -> 0);

  @Test
  void markersReachFromEachToTheNext() {
    assertThat(callbacks.cut("  seen @@cb:1s@@ one\n@@cb:0.5s#general@@two  "))
        .isEqualTo(
            new Cut(
                "seen", List.of(new Asked(1_000, null, "one"), new Asked(500, "#general", "two"))));
    assertThat(callbacks.cut("@@cb:2s@@line\nline\n"))
        .isEqualTo(new Cut("", List.of(new Asked(2_000, null, "line\nline"))));
    assertThat(callbacks.cut("@@cb:2s@@").asked()).containsExactly(new Asked(2_000, null, ""));
  }

  @Test
  void longDelayIsShortenedToAnHour() {
    for (String seconds : List.of("3600", "3601", "9".repeat(400), "1e9", "0")) {
      List<Asked> asked = callbacks.cut("@@cb:" + seconds + "s@@x").asked();
      assertThat(asked)
          .as(seconds)
          .isEqualTo(
              switch (seconds) {
                case "1e9" -> List.of();
                case "0" -> List.of(new Asked(0, null, "x"));
                default -> List.of(new Asked(3_600_000, null, "x"));
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " kept as it is ",
        " @@cb: ",
        "@@cb:s@@x",
        "@@cb:1@@x",
        "@@cb:1s x",
        "@@cb:1s#@@x",
        "@@cb:.5s@@x",
      })
  void whatIsNoMarkerStays(String content) {
    assertThat(callbacks.cut(content)).isEqualTo(new Cut(content, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"@@cb:", "@@cb:1s@@", "@@cb:1", "@@", "1", "@@cb:1s#a"})
  void longestMessageTakesLittleTime(String part) {
    String text = "@@cb:1s@@" + part.repeat(2 * 1024 * 1024 / part.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> assertThat(callbacks.cut(text).asked().size()).isBetween(1, 50));
  }
}
