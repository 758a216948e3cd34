package org.agentchat.akash.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalletFileTest {
  private static final Mnemonic MNEMONIC =
      Mnemonic.parse(
          "prison endless fury isolate divorce velvet gallery emerge axis toss similar track");
  private static final char[] PASSWORD = "correct horse".toCharArray();
  private static final Instant NOW = Instant.parse("2026-08-01T00:00:00Z");

  @TempDir private Path folder;
  private WalletFile file;

  @BeforeEach
  void name() {
    file = new WalletFile(folder.resolve(".agentchat/akash-wallet.json"));
  }

  private void create(boolean replace) {
    file.create(MNEMONIC, PASSWORD, NOW, new SecureRandom(), replace);
  }

  @Test
  void whatIsWrittenOpensWithItsPasswordOnly() throws IOException {
    create(false);
    assertThat(file.open(PASSWORD).address()).isEqualTo(AccountKey.of(MNEMONIC).address());
    assertThatThrownBy(() -> file.open("correct horsf".toCharArray()))
        .isInstanceOf(WalletException.class)
        .hasMessage("the password does not open " + file.path());
    assertThat(Files.readString(file.path())).doesNotContain("prison", "ab093579bb4401e4");
  }

  @Test
  void fileIsItsOwnersAndKeptOutOfVersionControl() throws IOException {
    create(false);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(folder.resolve(".agentchat/.gitignore"))).contains("*");
    try (var files = Files.list(folder.resolve(".agentchat"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("akash-wallet.json", ".gitignore");
    }
  }

  @Test
  void walletIsNeverReplacedUnasked() {
    create(false);
    assertThatThrownBy(() -> create(false))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("already");
    create(true);
    assertThat(file.open(PASSWORD)).isNotNull();
  }

  @Test
  void shortPasswordsAreRefused() {
    assertThatThrownBy(
            () -> file.create(MNEMONIC, "1234567".toCharArray(), NOW, new SecureRandom(), false))
        .isInstanceOf(WalletException.class)
        .hasMessage("the wallet's password must have at least 8 characters, found 7");
    assertThat(file.exists()).isFalse();
  }

  @Test
  void changedFilesAreRefused() throws IOException {
    create(false);
    String json = Files.readString(file.path());
    String address = AccountKey.of(MNEMONIC).address().text();
    refused(json.replace(address, "akash19rl4cm2hmr8afy4kldpxz3fka4jguq0a3mq6x0"), "address");
    refused(json.replace("\"scrypt\"", "\"none\""), "no wallet");
    refused(json.replace("131072", "1073741824"), "no wallet");
    refused(json.replace("131072", "131073"), "no wallet");
    refused(json.replace("\"version\" : 2", "\"version\" : 3"), "version 2 wanted");
    refused(json.replace("\"created\"", "\"creator\""), "no wallet");
    refused("{\"version\":1,\"mnemonic\":\"abandon\"}", "in clear");
    refused("{", "strict JSON");
    refused(json + json, "strict JSON");
    Files.writeString(file.path(), json);
    String ciphertext = file.read().secret().ciphertext();
    String flipped = (ciphertext.charAt(0) == '0' ? '1' : '0') + ciphertext.substring(1);
    Files.writeString(file.path(), json.replace(ciphertext, flipped));
    assertThatThrownBy(() -> file.open(PASSWORD)).hasMessageContaining("password does not open");
  }

  private void refused(String json, String because) throws IOException {
    Files.writeString(file.path(), json);
    assertThatThrownBy(() -> file.open(PASSWORD))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining(because);
  }

  @Test
  void missingFileSaysHowToMakeOne() {
    assertThatThrownBy(() -> file.read())
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("there is no wallet at " + file.path());
  }
}
