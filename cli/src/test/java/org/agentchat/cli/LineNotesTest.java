package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.agentchat.log.LogFinding;
import org.junit.jupiter.api.Test;

class LineNotesTest {
  private final LineNotes notes = new LineNotes();

  private static LogFinding finding(long line, String what) {
    return new LogFinding(line, line, line, what);
  }

  @Test
  void whatIsReadAgainIsNotToldAgain() {
    notes.add(finding(1, "junk"));
    notes.add(finding(3, "junk"));
    notes.add(finding(3, "too long"));
    assertThat(notes.taken())
        .containsExactly(finding(1, "junk"), finding(3, "junk"), finding(3, "too long"));

    notes.add(finding(1, "junk"));
    notes.add(finding(3, "junk"));
    notes.add(finding(4, "junk"));
    assertThat(notes.taken()).containsExactly(finding(4, "junk"));
    assertThat(notes.taken()).isEmpty();
  }

  @Test
  void everythingIsToldAgainAfterARestart() {
    notes.add(finding(2, "junk"));
    notes.add(finding(3, "junk"));
    notes.restart();
    notes.add(finding(2, "junk"));
    assertThat(notes.taken()).containsExactly(finding(2, "junk"));
  }

  @Test
  void ofMoreThanCanBeKeptTheLastStandsForTheRest() {
    LongStream.rangeClosed(1, 5_000).forEach(line -> notes.add(finding(line, "junk")));
    assertThat(notes.taken().toList())
        .hasSize(5_000)
        .startsWith(finding(1, "junk"), finding(2, "junk"))
        .endsWith(finding(5_000, "junk"), finding(5_000, "junk"));
    assertThat(notes.taken()).isEmpty();
  }
}
