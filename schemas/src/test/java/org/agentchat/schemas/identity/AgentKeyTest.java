package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.Vectors.Captured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentKeyTest {
  private static final String GINA =
      """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEAMDUaQXrRVLRun9yCWx4K+4Mx3INEALqZk9EB39Z4kUQ=
      -----END PUBLIC KEY-----
      """;

  @Test
  void idsAreThoseThatServersGaveToTheSameKeys() {
    Map<String, String> pemByWho = new HashMap<>();
    int compared = 0;
    for (Captured captured : Vectors.capturedFrames()) {
      if (captured.fromClient() && captured.type().equals("IDENTIFY")) {
        pemByWho.put(captured.who(), captured.frame().path("pubkey").asString(""));
      }
      String pem = pemByWho.getOrDefault(captured.who(), "");
      if (captured.type().equals("WELCOME") && pem.startsWith("-----BEGIN PUBLIC KEY-----\nM")) {
        AgentKey key = AgentKey.ofPem(pem);
        if (pem.equals(key.pem())) {
          assertThat(key.id().toString())
              .isEqualTo(captured.frame().path("agent_id").stringValue());
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(10);
  }

  @Test
  void sameKeyHasTheSameIdHoweverItsPemIsWritten() {
    AgentId id = AgentKey.ofPem(GINA).id();
    List<String> variants =
        List.of(
            GINA.strip(),
            GINA.replace("\n", "\r\n"),
            "\n \t" + GINA + "\n\n",
            GINA.replace("MCow", "MCow\n"),
            GINA.replace("Z4kUQ=", "Z4kUQ"));

    assertThat(variants).allSatisfy(pem -> assertThat(AgentKey.ofPem(pem).id()).isEqualTo(id));
    assertThat(variants).allSatisfy(pem -> assertThat(AgentKey.ofPem(pem).pem()).isEqualTo(GINA));
  }

  @Test
  void refusesEveryCapturedPemThatIsNotAPublicKey() {
    List<String> strange =
        Vectors.capturedFrames().stream()
            .filter(captured -> captured.type().equals("IDENTIFY"))
            .filter(captured -> captured.section().equals("B20"))
            .filter(captured -> captured.who().matches(".*(junk|private).*"))
            .map(captured -> captured.frame().path("pubkey").stringValue())
            .toList();

    assertThat(strange).hasSize(2).allSatisfy(AgentKeyTest::assertRefused);
  }

  @Test
  void refusesOtherAlgorithmsAndPrivateKeys() throws NoSuchAlgorithmException {
    for (String algorithm : List.of("X25519", "EC", "RSA", "Ed448")) {
      byte[] der =
          KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic().getEncoded();
      assertRefused(pem("PUBLIC KEY", der));
    }
    byte[] secret =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    assertRefused(pem("PRIVATE KEY", secret));
    assertRefused(pem("PUBLIC KEY", secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----",
      })
  void refusesJunk(String pem) {
    assertRefused(pem);
  }

  @Test
  void refusesTwoKeysInOneTextAndEndlessText() {
    assertRefused(GINA + GINA);
    assertRefused(GINA.replace("\n", "\n".repeat(1000)));
  }

  @Test
  void base64IsReadInOneFormOnly() {
    AgentKey key = AgentKey.ofPem(GINA);
    String base64 = key.base64();

    assertThat(AgentKey.ofBase64(base64)).isEqualTo(key);
    // The last character carries two bits that no byte needs.
    String sloppy = base64.substring(0, 42) + (char) (base64.charAt(42) + 1) + "=";
    assertThatThrownBy(() -> AgentKey.ofBase64(sloppy))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AgentKey.ofBase64(base64.substring(0, 43)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AgentKey.ofRaw(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void callersCannotReachTheBytesInside() {
    byte[] raw = AgentKey.ofPem(GINA).raw();
    AgentKey key = AgentKey.ofRaw(raw);
    raw[0] ^= 1;
    key.raw()[1] ^= 1;

    assertThat(key).isEqualTo(AgentKey.ofPem(GINA)).hasSameHashCodeAs(AgentKey.ofPem(GINA));
  }

  private static void assertRefused(String pem) {
    assertThatThrownBy(() -> AgentKey.ofPem(pem)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
