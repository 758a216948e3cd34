package org.agentchat.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.ledger.EntryReader;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Sha256;

/// Which program this is, as far as it decides which signatures are valid: a hash over the code
/// that reads entries and verifies them, and over the names of the libraries, whose versions are in
/// them. A release says that with its version alone; between two builds of one version only the
/// code tells.
final class ProgramDigest {
  private static final List<Class<?>> DECIDING =
      List.of(AgentChat.class, EntryReader.class, Ed25519Verifier.class);

  private ProgramDigest() {}

  /// 64 hexadecimal digits. Reads some megabytes at most, as they are now: to be asked once, when
  /// the program begins, for its files may be replaced while it runs.
  ///
  /// @throws IOException when the program's own files cannot be read
  static String hex() throws IOException {
    MessageDigest digest = Sha256.digest();
    digest.update(System.getProperty("java.class.path").getBytes(StandardCharsets.UTF_8));
    for (Class<?> type : DECIDING) {
      feed(location(type), digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// A jar, whose manifest names the libraries, or a folder of classes.
  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where is " + type + "?", e);
    }
  }

  private static void feed(Path location, MessageDigest digest) throws IOException {
    try (Stream<Path> files = Files.walk(location)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(Files.readAllBytes(file));
      }
    }
  }
}
