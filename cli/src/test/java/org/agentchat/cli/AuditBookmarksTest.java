package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditBookmarksTest {
  private static final String ORIGIN = "test.example/log";
  private static final String PROGRAM = "a7".repeat(32);
  private static final VerifiedPrefix PREFIX = prefix(VerifiedPrefix.FORMAT, PROGRAM);

  @TempDir private Path folder;
  private AuditBookmarks bookmarks;

  private static VerifiedPrefix prefix(String format, String program) {
    return new VerifiedPrefix(format, program, ORIGIN, 12, "0f".repeat(32), List.of(3L, 7L));
  }

  @BeforeEach
  void open() {
    HomeFolder home = new HomeFolder();
    CommandLine.populateCommand(home, "--home", folder.toString());
    bookmarks = new AuditBookmarks(home, PROGRAM);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("audits"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void whatIsKeptIsThereUntilItIsDropped() throws IOException {
    assertThat(bookmarks.last(ORIGIN)).isEmpty();
    bookmarks.keep(PREFIX);
    assertThat(bookmarks.last(ORIGIN)).contains(PREFIX);
    assertThat(bookmarks.last("test.example/other")).isEmpty();
    bookmarks.drop(ORIGIN);
    assertThat(bookmarks.last(ORIGIN)).isEmpty();
    bookmarks.drop(ORIGIN);
  }

  @Test
  void whatAnotherProgramHasVerifiedCountsForNothing() throws IOException {
    bookmarks.keep(prefix(VerifiedPrefix.FORMAT, "0f".repeat(32)));
    assertThat(bookmarks.last(ORIGIN)).isEmpty();
    bookmarks.keep(prefix("agentchat-audit-progress/2", PROGRAM));
    assertThat(bookmarks.last(ORIGIN)).isEmpty();
  }

  @Test
  void damagedFileCountsForNothing() throws IOException {
    bookmarks.keep(PREFIX);
    Path file = file();
    String whole = Files.readString(file);
    for (int length = 0; length < whole.length() - 1; length++) {
      Files.writeString(file, whole.substring(0, length));
      assertThat(bookmarks.last(ORIGIN)).as("%d characters", length).isEmpty();
    }
    Files.writeString(file, whole.replace("12", "0"));
    assertThat(bookmarks.last(ORIGIN)).isEmpty();
  }
}
