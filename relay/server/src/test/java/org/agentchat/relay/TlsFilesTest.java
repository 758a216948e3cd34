package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsFilesTest {
  private static final String PASSWORD = "changeit";
  private static final List<String> KINDS = List.of("EC", "RSA", "Ed25519");

  @TempDir private static Path folder;

  @BeforeAll
  static void makePairs() throws Exception {
    for (String kind : KINDS) {
      make(kind, kind);
    }
    make("EC", "another");
  }

  @Test
  void everyKindOfPairIsServed() throws IOException {
    for (String kind : KINDS) {
      assertThat(new TlsFiles(certificate(kind), key(kind)).context()).isNotNull();
    }
  }

  @Test
  void keyOfAnotherCertificateIsRefused() {
    for (String kind : List.of("another", "RSA", "Ed25519")) {
      assertThatThrownBy(() -> new TlsFiles(certificate("EC"), key(kind)).context())
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the key in %s does not belong to the certificate in %s"
                  .formatted(key(kind), certificate("EC")));
    }
  }

  @Test
  void fileThatIsNoneOfBothIsNamed() throws IOException {
    Path junk = Files.writeString(folder.resolve("junk.pem"), "junk");
    assertThatThrownBy(() -> new TlsFiles(junk, key("EC")).context())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("junk.pem");
    assertThatThrownBy(() -> new TlsFiles(certificate("EC"), junk).context())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("junk.pem");
    Path nothing = folder.resolve("nothing.pem");
    assertThatThrownBy(() -> new TlsFiles(nothing, key("EC")).context())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing.pem");
  }

  private static Path certificate(String name) {
    return folder.resolve(name + "-cert.pem");
  }

  private static Path key(String name) {
    return folder.resolve(name + "-key.pem");
  }

  private static void make(String kind, String name) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "relay",
                "-keyalg",
                kind,
                "-dname",
                "CN=localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    pem(certificate(name), "CERTIFICATE", store.getCertificate("relay").getEncoded());
    pem(key(name), "PRIVATE KEY", store.getKey("relay", PASSWORD.toCharArray()).getEncoded());
  }

  private static void pem(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label));
  }
}
