package org.agentchat.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.tlog.NoteSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a witness remembers, and what it keeps against a log.
class WitnessStateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

  private final NoteSigner signer = SampleLog.signer("witness.example/w1", 7);
  private final SampleLog log = SampleLog.honest();
  @TempDir private Path folder;

  private WitnessState open() {
    return WitnessState.open(folder, signer, List.of(log.signer().logKey()), CLOCK);
  }

  private List<Path> evidence() throws IOException {
    Path kept = folder.resolve("evidence");
    if (!Files.exists(kept)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(kept)) {
      return files.sorted().toList();
    }
  }

  @Test
  void sizeIsRememberedAcrossARestart() {
    try (WitnessState state = open()) {
      assertThat(state.add(log.request(0, 10))).isInstanceOf(WitnessAnswer.Cosigned.class);
    }
    try (WitnessState state = open()) {
      assertThat(state.add(log.request(0, 12))).isEqualTo(new WitnessAnswer.OtherSize(10));
      assertThat(state.add(SampleLog.forkedAt(3).request(10, 12)))
          .isEqualTo(new WitnessAnswer.NotConsistent(10));
      assertThat(state.add(log.request(10, 12))).isInstanceOf(WitnessAnswer.Cosigned.class);
    }
  }

  @Test
  void sameCheckpointIsCosignedAgain() {
    try (WitnessState state = open()) {
      WitnessAnswer first = state.add(log.request(0, 10));

      assertThat(state.add(log.request(10, 10))).isEqualTo(first);
    }
  }

  @Test
  void emptyTreeHasOneRoot() {
    try (WitnessState state = open()) {
      assertThat(state.add(log.request(0, 0))).isInstanceOf(WitnessAnswer.Cosigned.class);
      assertThat(state.add(log.request(0, 1))).isInstanceOf(WitnessAnswer.Cosigned.class);
    }
  }

  @Test
  void folderInUseIsRefused() {
    try (WitnessState _ = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("Another witness is using");
    }
    open().close();
  }

  @Test
  void damagedMemoryIsNeverTakenForNone() throws IOException {
    try (WitnessState state = open()) {
      state.add(log.request(0, 10));
    }
    try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
      Files.writeString(files.findFirst().orElseThrow(), "");
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(SampleLog.ORIGIN);
  }

  @Test
  void checkpointThatCannotBeStoredIsNotCosigned() throws IOException {
    try (WitnessState state = open()) {
      Files.writeString(folder.resolve("logs"), "in the way");

      assertThatThrownBy(() -> state.add(log.request(0, 10)))
          .isInstanceOf(UncheckedIOException.class);
      Files.delete(folder.resolve("logs"));
      assertThat(state.add(log.request(0, 9))).isInstanceOf(WitnessAnswer.Cosigned.class);
    }
  }

  @Test
  void forkIsKeptOnceWithBothCheckpoints() throws IOException {
    SampleLog forked = SampleLog.forkedAt(5);
    try (WitnessState state = open()) {
      state.add(log.request(0, 10));
      // Shown by the two checkpoints alone, whatever the rest of the request.
      assertThat(state.add(forked.request(10, 10))).isEqualTo(new WitnessAnswer.OtherRoot(10));
      assertThat(state.add(forked.request(3, 10))).isEqualTo(new WitnessAnswer.OtherSize(10));
    }
    assertThat(evidence()).hasSize(1);
    Path kept = evidence().getFirst();
    assertThat(kept.getFileName().toString()).startsWith("fork-");
    assertThat(Files.readString(kept))
        .isEqualTo(log.note(10).encode() + "\n" + forked.note(10).encode());
  }

  @Test
  void doubtsCrowdOutNoFork() throws IOException {
    try (WitnessState state = open()) {
      state.add(log.request(0, 10));
      for (int size = 11; size < 11 + EvidenceFolder.MAX_OF_EACH + 5; size++) {
        assertThat(state.add(AddCheckpoint.of(10, List.of(), log.note(size))))
            .isEqualTo(new WitnessAnswer.NotConsistent(10));
      }
      assertThat(evidence()).hasSize(EvidenceFolder.MAX_OF_EACH);
      state.add(SampleLog.forkedAt(5).request(10, 10));
      assertThat(evidence()).hasSize(EvidenceFolder.MAX_OF_EACH + 1);
    }
  }

  @Test
  void strangersLeaveNoEvidence() throws IOException {
    try (WitnessState state = open()) {
      state.add(log.request(0, 10));
      assertThat(state.add(SampleLog.of(SampleLog.ORIGIN, 9, 5).request(10, 10)))
          .isInstanceOf(WitnessAnswer.NotSigned.class);
    }
    assertThat(evidence()).isEmpty();
  }
}
