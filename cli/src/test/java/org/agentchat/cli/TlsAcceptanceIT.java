package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.agentchat.client.ClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A relay that serves `wss`, with files as certificate tools write them.
@Timeout(180)
final class TlsAcceptanceIT {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void dealIsMadeOverTlsByThoseWhoTrustTheCertificate() throws Exception {
    KeyStore store = selfSigned("Ed25519");
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("relay").getEncoded());
    Path key = pem("key.pem", "PRIVATE KEY", key(store).getEncoded());
    try (ServeProcess serve = serve(certificate, key)) {
      assertThat(serve.relay().getScheme()).isEqualTo("wss");
      SSLContext trust = trust(store.getCertificate("relay"));
      try (Player alice = Player.connect("alice", serve.relay(), trust);
          Player bob = Player.connect("bob", serve.relay(), trust)) {
        String deal = alice.offers(bob, "behind a lock", "1", 5);
        bob.accepts(deal, 5);
        bob.completes(deal);
        serve.awaitLedger(4);
        assertThat(serve.api().receipts()).hasSize(1);
      }
      assertThatThrownBy(() -> Player.connect("carol", serve.relay()))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("TLS failed");
    }
  }

  @Test
  void certificateThatCannotBeServedIsSaidInOneSentence() throws Exception {
    KeyStore store = selfSigned("EC");
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("relay").getEncoded());
    Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a key");
    try (ServeProcess serve = launch(certificate, wrong)) {
      assertThat(serve.awaitExit()).isEqualTo(Exit.FAILED);
      assertThat(serve.complaints())
          .containsExactly("Error: No PKCS#8 key (-----BEGIN PRIVATE KEY-----) in " + wrong);
    }
    Path strangers = pem("other.pem", "PRIVATE KEY", key(selfSigned("RSA")).getEncoded());
    try (ServeProcess serve = launch(certificate, strangers)) {
      assertThat(serve.awaitExit()).as(serve.toString()).isEqualTo(Exit.FAILED);
      assertThat(serve.complaints())
          .containsExactly(
              "Error: The key in %s does not belong to the certificate in %s"
                  .formatted(strangers, certificate));
    }
  }

  private ServeProcess serve(Path certificate, Path key) {
    return launch(certificate, key).awaitReady();
  }

  private ServeProcess launch(Path certificate, Path key) {
    return ServeProcess.launch(
        folder.resolve("home"), "--cert", certificate.toString(), "--key", key.toString());
  }

  private KeyStore selfSigned(String algorithm) throws Exception {
    Path file = folder.resolve(algorithm + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "relay",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=127.0.0.1",
                    "-ext",
                    "san=ip:127.0.0.1,dns:localhost",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static Key key(KeyStore store) throws Exception {
    return store.getKey("relay", PASSWORD.toCharArray());
  }

  private Path pem(String name, String label, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, body, label));
  }

  private static SSLContext trust(Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("relay", certificate);
    TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
