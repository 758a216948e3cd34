package org.agentchat.ledger.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.agentchat.log.DurableFile;
import org.agentchat.schemas.identity.Identity;

/// The key pair that signs a log's checkpoints, in a file that only its owner may read. Verifiers
/// know its public half: whoever loses the file loses the log's name.
public final class LogKey {
  private LogKey() {}

  /// Reads the file, or makes a new pair and writes it.
  ///
  /// @throws UncheckedIOException when the file cannot be read or written, or is not a key
  public static Identity in(Path file) {
    try {
      Optional<byte[]> kept = DurableFile.read(file);
      if (kept.isPresent()) {
        return Identity.ofJson(new String(kept.get(), StandardCharsets.UTF_8));
      }
      Identity made = Identity.generate("log", new SecureRandom(), Instant.now());
      DurableFile.writeSecret(file, made.json().getBytes(StandardCharsets.UTF_8));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("the log's key " + file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(
          "the log's key " + file + " is damaged: " + e.getMessage(), new IOException(e));
    }
  }
}
