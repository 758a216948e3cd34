package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class IdentityTest {
  private static final byte[] SEED =
      HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  private static final Instant CREATED = Instant.parse("2026-02-03T04:05:06.789Z");

  private final Identity identity = Identity.ofSeed("alice", SEED, CREATED);

  @Test
  void fileRoundTrips() {
    Identity read = Identity.ofJson(identity.json());

    assertThat(read.json()).isEqualTo(identity.json());
    assertThat(read.id()).isEqualTo(identity.id());
    assertThat(read.name()).isEqualTo("alice");
    assertThat(read.created()).isEqualTo("2026-02-03T04:05:06.789Z");
    assertThat(read.sign(SEED)).isEqualTo(identity.sign(SEED));
  }

  @Test
  void fileHasTheFieldsOfExistingTools() {
    assertThat(Json.parse(identity.json()).propertyNames())
        .containsExactly("publicKey", "privateKey", "agentId", "name", "created");
  }

  @Test
  void fileOfOlderToolsIsRead() {
    ObjectNode file = (ObjectNode) Json.parse(identity.json());
    ObjectNode old = (ObjectNode) Json.parse("{}");
    old.set("pubkey", file.path("publicKey"));
    old.set("privkey", file.path("privateKey"));

    assertThat(Identity.ofJson(Json.text(old)).key()).isEqualTo(identity.key());
  }

  @Test
  void rotationRecordsAreKeptAsTheyStand() {
    ObjectNode file = (ObjectNode) Json.parse(identity.json());
    file.set("rotations", Json.parse("[{\"old_pubkey\":\"x\",\"timestamp\":\"t\"},null]"));
    JsonNode written = Json.parse(Identity.ofJson(Json.text(file)).json());

    assertThat(written).isEqualTo(file);
  }

  @Test
  void publicKeyOfSomebodyElseIsRefused() {
    ObjectNode file = (ObjectNode) Json.parse(identity.json());
    file.put("publicKey", Identity.ofSeed("b", new byte[32], CREATED).key().pem());

    assertThatThrownBy(() -> Identity.ofJson(Json.text(file)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not belong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "5",
        "{}",
        "{\"privateKey\":null}",
        "{\"privateKey\":5}",
        "{\"privateKey\":\"x\"}",
        "{\"privateKey\":{}}",
        "{\"publicKey\":\"x\"}",
        "not json",
      })
  void whatIsNoIdentityIsRefusedInOneSentence(String json) {
    assertThatThrownBy(() -> Identity.ofJson(json)).isInstanceOf(IllegalArgumentException.class);
  }

  /// However the file is broken, what is said about it never quotes the key.
  @Test
  void privateKeyIsInNoMessageAndNoToString() {
    String file = identity.json();
    String secret = Base64.getEncoder().encodeToString(SEED).substring(4, 20);
    String body = Json.parse(file).path("privateKey").stringValue().lines().toList().get(1);
    String tail = body.substring(body.length() - 20, body.length() - 4);

    assertThat(identity.toString()).isEqualTo(identity.id().toString());
    for (int cut = 0; cut < file.length(); cut++) {
      assertSilent(file.substring(0, cut), secret, tail);
      assertSilent(file.substring(0, cut) + "\u0001" + file.substring(cut), secret, tail);
      assertSilent(file.substring(0, cut) + "!" + file.substring(cut), secret, tail);
      assertSilent(file.substring(0, cut) + "\"" + file.substring(cut), secret, tail);
    }
    for (String type : List.of("name", "created", "agentId", "rotations", "publicKey")) {
      ObjectNode odd = (ObjectNode) Json.parse(file);
      odd.set(type, odd.path("privateKey").isString() ? Json.parse("{\"a\":[]}") : odd);
      assertSilent(Json.text(odd), secret, tail);
      odd.set(type, odd.path("privateKey"));
      assertSilent(Json.text(odd), secret, tail);
    }
  }

  @Test
  void freshIdentitiesDiffer() {
    SecureRandom random = new SecureRandom();

    assertThat(Identity.generate("a", random, CREATED).key())
        .isNotEqualTo(Identity.generate("a", random, CREATED).key());
  }

  private static void assertSilent(String file, String... secrets) {
    Throwable thrown = catchThrowable(() -> Identity.ofJson(file));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    }
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain(secrets);
    }
  }
}
