package org.agentchat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {
  private static final Identity ALICE = Agents.identity(1);

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() {
    IdentityFile file = new IdentityFile(folder.resolve("deep/.agentchat/identity.json"));

    assertThat(file.exists()).isFalse();
    file.create(ALICE);

    assertThat(file.exists()).isTrue();
    assertThat(file.load().json()).isEqualTo(ALICE.json());
  }

  @Test
  void onlyTheOwnerMayRead() throws IOException {
    IdentityFile file = new IdentityFile(folder.resolve("identity.json"));

    file.create(ALICE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");

    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
    file.replace(ALICE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void folderNamedAgentchatIsKeptOutOfVersionControl() throws IOException {
    Path agentchat = folder.resolve(".agentchat");
    new IdentityFile(agentchat.resolve("identity.json")).create(ALICE);
    new IdentityFile(folder.resolve("plain/identity.json")).create(ALICE);

    assertThat(Files.readString(agentchat.resolve(".gitignore")))
        .isEqualTo("# This directory contains private keys. Never commit.\n*\n");
    assertThat(folder.resolve("plain/.gitignore")).doesNotExist();

    Files.writeString(agentchat.resolve(".gitignore"), "mine\n");
    new IdentityFile(agentchat.resolve("other.json")).create(ALICE);
    assertThat(Files.readString(agentchat.resolve(".gitignore"))).isEqualTo("mine\n");
  }

  @Test
  void createNeverReplacesAndReplaceDoes() throws IOException {
    IdentityFile file = new IdentityFile(folder.resolve("identity.json"));
    file.create(ALICE);

    assertThatThrownBy(() -> file.create(Agents.identity(2)))
        .isInstanceOf(IdentityFileException.class)
        .hasMessageContaining("there is an identity at " + file.path() + " already");
    assertThat(file.load().id()).isEqualTo(ALICE.id());

    file.replace(Agents.identity(2));
    assertThat(file.load().id()).isEqualTo(Agents.identity(2).id());
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file.path());
    }
  }

  @Test
  void missingFileIsNamed() {
    IdentityFile file = new IdentityFile(folder.resolve("nowhere.json"));

    assertThatThrownBy(file::load)
        .isInstanceOf(IdentityFileException.class)
        .hasMessage("there is no identity at " + file.path());
  }

  @Test
  void brokenFilesAreNamedWithoutTheKey() throws IOException {
    String good = ALICE.json();
    String secret = good.replaceAll("(?s).*BEGIN PRIVATE KEY-----\\\\n([^\\\\]+).*", "$1");
    assertThat(good).contains(secret);
    assertThat(secret).hasSize(64);

    for (String broken :
        new String[] {
          "",
          "not json",
          "{}",
          good.substring(0, good.length() - 2),
          good + "{",
          good.replace("\"privateKey\" : \"", "\"privateKey\" : \"x"),
          good.replace(secret, secret.substring(1)),
          good.replace(secret, secret + "AAAA"),
          good.replace("-----BEGIN PRIVATE", "-----BEGIN RSA PRIVATE"),
          good.replace(
              ALICE.key().pem().replace("\n", "\\n"),
              Agents.identity(2).key().pem().replace("\n", "\\n")),
        }) {
      Path path = Files.writeString(folder.resolve("broken.json"), broken);
      assertThatThrownBy(() -> new IdentityFile(path).load())
          .isInstanceOf(IdentityFileException.class)
          .hasMessageStartingWith(path + " is not usable: ")
          .satisfies(e -> assertThat(e).hasNoCause())
          .satisfies(e -> assertThat(e.toString()).doesNotContain(secret.substring(22, 60)));
    }
  }

  @Test
  void hugeFileIsNotRead() throws IOException {
    Path path = folder.resolve("huge.json");
    Files.write(path, new byte[IdentityFile.MAX_BYTES + 1]);

    assertThatThrownBy(() -> new IdentityFile(path).load())
        .isInstanceOf(IdentityFileException.class)
        .hasMessage(path + " is too large for an identity file");
  }

  @Test
  void folderInPlaceOfTheFileIsAnError() throws IOException {
    Path path = Files.createDirectory(folder.resolve("identity.json"));

    assertThatThrownBy(() -> new IdentityFile(path).load())
        .isInstanceOf(IdentityFileException.class)
        .hasMessageStartingWith("cannot read " + path);
    assertThatThrownBy(() -> new IdentityFile(path).create(ALICE))
        .isInstanceOf(IdentityFileException.class);
  }
}
