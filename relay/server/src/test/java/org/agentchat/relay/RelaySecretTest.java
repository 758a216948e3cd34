package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelaySecretTest {
  @TempDir private Path folder;

  @Test
  void keptSecretGivesTheSameNonceAgain() throws IOException {
    Path file = folder.resolve("home").resolve("relay-secret");
    String nonce = RelaySecret.kept(file).nonce("prop_x", "commitment");

    assertThat(RelaySecret.kept(file).nonce("prop_x", "commitment")).isEqualTo(nonce);
    assertThat(nonce).matches("[0-9a-f]{64}");
    assertThat(RelaySecret.kept(file).nonce("prop_x", "another")).isNotEqualTo(nonce);
    assertThat(RelaySecret.in(Optional.empty()).nonce("prop_x", "commitment")).isNotEqualTo(nonce);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getParent()).isDirectoryContaining(file::equals);
  }

  @Test
  void brokenFileIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("relay-secret"), new byte[31]);

    assertThatThrownBy(() -> RelaySecret.kept(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("31 bytes, 32 wanted");
  }
}
