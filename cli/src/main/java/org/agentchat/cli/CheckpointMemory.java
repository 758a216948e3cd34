package org.agentchat.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agentchat.log.DurableFile;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.SignedNote;

/// The largest good checkpoint that was seen of each log, a file each under `checkpoints` of the
/// home folder: a log that tells something else later is caught by it.
final class CheckpointMemory {
  private static final int NAME_CHARS = 60;
  private static final int HASH_CHARS = 16;

  private final Path folder;

  CheckpointMemory(HomeFolder home) {
    this.folder = home.path().resolve("checkpoints");
  }

  /// Two checkpoints that one log cannot both have signed honestly: whoever has its key can see it.
  private record Evidence(String format, String origin, long size, List<String> checkpoints) {}

  /// The checkpoint that is remembered of the log.
  ///
  /// @throws CommandFailure if its file is damaged: then nobody knows what it said
  Optional<SignedNote> last(String origin) {
    Path file = file(origin);
    try {
      return DurableFile.read(file)
          .map(bytes -> SignedNote.parse(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          "CHECKPOINTS",
          Exit.FAILED,
          "The remembered checkpoint "
              + file
              + " cannot be read ("
              + e.getMessage()
              + "); look at it, and move it away if it is of no use",
          e);
    }
  }

  /// Keeps the checkpoint, unless a larger one is remembered.
  void remember(SignedNote note) throws IOException {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    boolean larger =
        last(checkpoint.origin())
            .map(known -> Checkpoint.parse(known.text()).head().size() < checkpoint.head().size())
            .orElse(true);
    if (larger) {
      DurableFile.write(file(checkpoint.origin()), note.encode().getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes both checkpoints of a fork into one file, for everybody to check.
  Path accuse(SignedNote remembered, SignedNote found) throws IOException {
    Checkpoint checkpoint = Checkpoint.parse(found.text());
    Evidence evidence =
        new Evidence(
            "agentchat-fork/1",
            checkpoint.origin(),
            checkpoint.head().size(),
            List.of(remembered.encode(), found.encode()));
    Path file =
        folder.resolve("fork-%d-%s.json".formatted(evidence.size, name(checkpoint.origin())));
    DurableFile.write(file, (Json.pretty(evidence) + "\n").getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private Path file(String origin) {
    return folder.resolve(name(origin));
  }

  /// A file's name for a log: an origin may hold what such a name may not.
  static String name(String origin) {
    String plain = origin.replaceAll("[^0-9A-Za-z-]+", "_");
    return plain.substring(0, Math.min(NAME_CHARS, plain.length()))
        + "-"
        + Sha256.hex(origin).substring(0, HASH_CHARS);
  }
}
