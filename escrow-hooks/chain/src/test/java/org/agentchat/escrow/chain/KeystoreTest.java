package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeystoreTest {
  /// The PBKDF2 example of the Web3 Secret Storage definition; its password is `testpassword`.
  private static final String PUBLISHED =
      """
      {"crypto":{"cipher":"aes-128-ctr",
      "cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
      "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
      "kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
      "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
      "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
      "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
      """;

  /// One that geth made, from its tests; its password is `foobar`.
  private static final String SCRYPT =
      """
      {"address":"f466859ead1932d743d622cb74fc058882e8648a","crypto":{"cipher":"aes-128-ctr",
      "ciphertext":"cb664472deacb41a2e995fa7f96fe29ce744471deb8d146a0e43c7898c9ddd4d",
      "cipherparams":{"iv":"dfd9ee70812add5f4b8f89d0811c9158"},
      "kdf":"scrypt","kdfparams":{"dklen":32,"n":8,"p":16,"r":8,
      "salt":"0d6769bf016d45c479213990d6a08d938469c4adad8a02ce507b4a4e7b7739f1"},
      "mac":"bac9af994b15a45dd39669fc66f9aa8a3b9dd8c22cb16e4d8d7ea089d0f1a1a9"},
      "id":"472e8b3d-afb6-45b5-8111-72c89895099a","version":3}
      """;

  private static final String SECRET =
      "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

  @TempDir private Path folder;

  @Test
  void keystoresOfOtherWalletsOpen() throws Exception {
    Path geth = secret("geth.json", SCRYPT);
    assertThat(Keystore.open(geth, "foobar").address())
        .isEqualTo(new Address("0xf466859ead1932d743d622cb74fc058882e8648a"));
    Path file = secret("published.json", PUBLISHED);
    assertThat(Keystore.open(file, "testpassword").address())
        .isEqualTo(Signer.ofHex(SECRET).address());
  }

  @Test
  void keyComesBackAndTheFileIsItsOwnersAlone() throws Exception {
    Signer signer = Keystore.newKey(new SecureRandom());
    Path file = folder.resolve("key.json");
    Keystore.write(file, signer, "correct horse", Keystore.Cost.LIGHT);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(file)).contains("scrypt", signer.address().hex().substring(2));
    assertThat(Keystore.open(file, "correct horse").address()).isEqualTo(signer.address());
  }

  @Test
  void keyIsNeverOverwritten() throws Exception {
    Path file = secret("key.json", "precious");
    assertThatThrownBy(() -> Keystore.write(file, Signer.ofHex(SECRET), "x", Keystore.Cost.LIGHT))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo("precious");
  }

  @Test
  void wrongPasswordAndDamageAreSaidWithoutASecret() throws Exception {
    Path file = folder.resolve("key.json");
    Keystore.write(file, Signer.ofHex(SECRET), "right", Keystore.Cost.LIGHT);
    assertThatThrownBy(() -> Keystore.open(file, "wrong-guess"))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining("password does not open")
        .hasMessageNotContaining("wrong-guess");
    String json = Files.readString(file);
    Path damaged = secret("damaged.json", json.replaceFirst("\"mac\":\"..", "\"mac\":\"00"));
    assertThatThrownBy(() -> Keystore.open(damaged, "right")).isInstanceOf(KeystoreException.class);
    Path other =
        secret("other.json", json.replaceFirst("\"address\":\"....", "\"address\":\"0000"));
    assertThatThrownBy(() -> Keystore.open(other, "right"))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining("says that it is for 0x0000");
  }

  @Test
  void fileThatOthersMayReadIsRefused() throws Exception {
    Path file = secret("key.json", PUBLISHED);
    for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(() -> Keystore.open(file, "testpassword"))
          .isInstanceOf(KeystoreException.class)
          .hasMessageContaining("chmod 600");
      assertThatThrownBy(() -> Keystore.password(file)).hasMessageContaining("chmod 600");
    }
  }

  @Test
  void fileThatWouldTakeAllMemoryIsRefused() throws Exception {
    String[] greedy = {
      SCRYPT.replace("\"n\":8", "\"n\":1073741824"),
      SCRYPT.replace("\"r\":8", "\"r\":1000000"),
      SCRYPT.replace("\"p\":16", "\"p\":100000"),
      SCRYPT.replace("\"n\":8", "\"n\":0"),
      SCRYPT.replace("\"n\":8", "\"n\":-4"),
      PUBLISHED.replace("\"c\":262144", "\"c\":2000000000"),
      PUBLISHED.replace("\"version\":3", "\"version\":1"),
      "{}",
      "[]",
      "null",
      "not JSON"
    };
    for (int i = 0; i < greedy.length; i++) {
      Path file = secret("greedy" + i, greedy[i]);
      assertThatThrownBy(() -> Keystore.open(file, "testpassword"))
          .as(greedy[i])
          .isInstanceOf(KeystoreException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void fileThatTakesMoreMemoryThanThereIsSaysSo() throws Exception {
    Path file = folder.resolve("key.json");
    long standard = 256L << 20;
    assertThatThrownBy(() -> Keystore.requireMemory(file, standard, 256L << 20))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining(file + " takes 256 MiB, and this process may have 256")
        .hasMessageContaining("AGENTCHAT_JAVA_OPTS=-Xmx768m");
    Keystore.requireMemory(file, standard, 640L << 20);
  }

  @Test
  void passwordIsTheFirstLine() throws Exception {
    assertThat(Keystore.password(secret("one", "a b c\n"))).isEqualTo("a b c");
    assertThat(Keystore.password(secret("two", "x\r\nsecond"))).isEqualTo("x");
    Path empty = secret("empty", "\nsecond");
    assertThatThrownBy(() -> Keystore.password(empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> Keystore.password(folder.resolve("none")))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining("there is no file");
  }

  @Test
  void keysThatAreNoneAreRefusedWithoutBeingRepeated() {
    String order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (String wrong : new String[] {"", "12", "0".repeat(64), order, SECRET + "00"}) {
      assertThatThrownBy(() -> Signer.ofHex(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(problem -> {
            if (wrong.length() >= 64) {
              assertThat(problem.getMessage()).doesNotContain(wrong);
            }
          });
    }
    assertThat(Signer.ofHex("0x" + SECRET))
        .hasToString("Signer[" + Signer.ofHex(SECRET).address() + "]");
  }

  private Path secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content);
  }
}
