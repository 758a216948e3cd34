package org.agentchat.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.log.DurableFile;

/// Where a witness keeps what speaks against a log.
final class EvidenceFolder {
  /// Files of each kind at the most. The first ones stay: anybody can send more doubts, and one
  /// fork says as much as a hundred.
  static final int MAX_OF_EACH = 100;

  private final Path folder;

  EvidenceFolder(Path folder) {
    this.folder = folder;
  }

  /// Keeps the evidence; empty when it is there already or there is no more room.
  ///
  /// @throws UncheckedIOException when it cannot be written
  synchronized Optional<Path> keep(ForkEvidence evidence) {
    Path file = folder.resolve(evidence.fileName());
    try {
      if (Files.exists(file) || count(evidence.kind()) >= MAX_OF_EACH) {
        return Optional.empty();
      }
      DurableFile.write(file, evidence.encode());
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + file + ": " + e.getMessage(), e);
    }
  }

  private long count(ForkEvidence.Kind kind) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(kind.word() + "-"))
          .count();
    }
  }
}
