package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a crash leaves of a journal.
final class JournalTest {
  @TempDir private Path home;

  private DeploymentStore store() {
    return DeploymentStore.changing(home, Clock.systemUTC());
  }

  /// It died before the plan was on the disk, so nothing was done.
  @Test
  void planThatWasNeverWrittenWholeIsNoJournal() throws IOException {
    try (DeploymentStore store = store();
        Journal _ = store.create(Stage.plan())) {
      Path journal = files("jsonl").getFirst();
      String line = Files.readString(journal);
      Path torn = journal.resolveSibling("20260801-120000-000.jsonl.begun");
      Files.writeString(torn, line.substring(0, line.length() / 2));
    }
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records()).hasSize(1);
    try (DeploymentStore store = store();
        Journal second = store.create(Stage.plan())) {
      assertThat(store.records()).hasSize(2);
      second.append(new Step.Numbered(1000));
    }
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records())
        .extracting(record -> record.id().isPresent())
        .containsExactly(false, true);
    assertThat(files("begun")).hasSize(1);
  }

  /// It may have had a deployment: that is not to be overlooked.
  @Test
  void journalWithoutAPlanIsDamaged() throws IOException {
    try (DeploymentStore store = store();
        Journal _ = store.create(Stage.plan())) {
      Files.writeString(files("jsonl").getFirst(), "");
      assertThatThrownBy(store::records)
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("is damaged");
    }
  }

  private List<Path> files(String end) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("deployments"))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
