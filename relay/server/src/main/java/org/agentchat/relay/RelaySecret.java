package org.agentchat.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a relay's nonces for court cases follow from. A case outlives the process that recorded it,
/// so the secret is kept: without it the relay could not reveal what it has committed to.
final class RelaySecret {
  private static final int BYTES = 32;
  private static final String MAC = "HmacSHA256";

  private final byte[] secret;

  private RelaySecret(byte[] secret) {
    this.secret = secret;
  }

  /// A secret that nobody keeps: its cases fall back when the process ends before the draw.
  private static RelaySecret random() {
    return new RelaySecret(fresh());
  }

  /// The secret of a relay's folder; one that nobody keeps when it has none.
  ///
  /// @throws IOException see [#kept]
  static RelaySecret in(Optional<Path> home) throws IOException {
    return home.isPresent() ? kept(home.get().resolve("relay-secret")) : random();
  }

  private static byte[] fresh() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /// The secret of the file, which is made when it is missing, for its owner's eyes only.
  ///
  /// @throws IOException if it cannot be read or made, or holds anything but 32 bytes
  static RelaySecret kept(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    byte[] found = Files.readAllBytes(file);
    if (found.length != BYTES) {
      throw new IOException(
          file
              + " holds "
              + found.length
              + " bytes, "
              + BYTES
              + " wanted; without it, cases that"
              + " wait for this relay find no panel");
    }
    return new RelaySecret(found);
  }

  /// In one step: a process that is killed on the way must not leave half a file for the next. A
  /// temporary file is readable by its owner alone.
  private static void make(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
    Files.createDirectories(folder);
    Path whole = Files.createTempFile(folder, "relay-secret", ".new");
    Files.write(whole, fresh());
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /// The relay's nonce for a case: nobody else can tell it, and the relay cannot choose it once the
  /// disputant has committed to its own.
  String nonce(String proposalId, String commitment) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
      byte[] text = (proposalId + "|" + commitment).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }
}
