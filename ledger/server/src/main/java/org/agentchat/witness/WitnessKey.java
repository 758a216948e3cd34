package org.agentchat.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.agentchat.log.DurableFile;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.NoteSigner;

/// The key pair that cosigns, and the name that belongs to it, in a file that only its owner may
/// read. Those who trust the witness know its public half: whoever loses the file is another
/// witness.
public final class WitnessKey {
  private static final int RANDOM_BYTES = 4;

  private WitnessKey() {}

  /// Reads the file, or makes a new pair and writes it.
  ///
  /// @param name of a new key, a URL without its scheme; when empty, `agentchat.local/witness-` and
  ///   a random part
  /// @throws UncheckedIOException when the file cannot be read or written, is not a key, or is the
  ///   key of another name: a cosignature does not say the name, so one key has one
  /// @throws IllegalArgumentException when the name cannot be one
  public static NoteSigner in(Path file, Optional<String> name) {
    try {
      Optional<byte[]> kept = DurableFile.read(file);
      return kept.isPresent() ? read(kept.get(), name) : make(file, name);
    } catch (IOException e) {
      throw new UncheckedIOException("the witness's key " + file + ": " + e.getMessage(), e);
    }
  }

  private static NoteSigner read(byte[] kept, Optional<String> name) throws IOException {
    Identity keys;
    try {
      keys = Identity.ofJson(new String(kept, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException("it is damaged: " + e.getMessage(), e);
    }
    if (name.isPresent() && !name.get().equals(keys.name())) {
      throw new IOException(
          "it belongs to the name %s: a witness of the name %s needs another --home"
              .formatted(keys.name(), name.get()));
    }
    return named(keys);
  }

  private static NoteSigner make(Path file, Optional<String> name) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] part = new byte[RANDOM_BYTES];
    random.nextBytes(part);
    String called = name.orElse("agentchat.local/witness-" + HexFormat.of().formatHex(part));
    NoteSigner made = named(Identity.generate(called, random, Instant.now()));
    DurableFile.writeSecret(file, made.keys().json().getBytes(StandardCharsets.UTF_8));
    return made;
  }

  private static NoteSigner named(Identity keys) {
    NoteSigner signer = new NoteSigner(keys.name(), keys);
    // Refuses a name that cannot be one.
    signer.witnessKey();
    return signer;
  }
}
