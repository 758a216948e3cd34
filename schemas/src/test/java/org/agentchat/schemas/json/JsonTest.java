package org.agentchat.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonTest {
  static List<JsonNode> rfc8785() {
    return Vectors.array("rfc8785.json");
  }

  /// The published test data of RFC 8785's authors.
  @ParameterizedTest
  @MethodSource("rfc8785")
  void canonicalFormIsThatOfRfc8785(JsonNode vector) {
    JsonNode input = Json.parse(vector.path("input").stringValue());

    assertThat(new String(Json.canonical(input), UTF_8))
        .isEqualTo(vector.path("output").stringValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{} {}",
        "{}x",
        "[1,]",
        "{a:1}",
        "'x'",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        "-",
        "// c\n1",
        "\"\n\"",
        "\"\\x\"",
        "\"\\ud8\"",
        "tru",
      })
  void textThatIsNotOneStrictValueIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.parse(text.getBytes(UTF_8))).isInstanceOf(JacksonException.class);
  }

  @Test
  void depthAndNumbersHaveLimits() {
    assertThat(Json.parse("[".repeat(32) + "]".repeat(32))).isNotNull();
    assertThatThrownBy(() -> Json.parse("[".repeat(33) + "]".repeat(33)))
        .isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
        .isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(100_000)))
        .isInstanceOf(JacksonException.class);
    assertThat(Json.parse("9".repeat(64)).isNumber()).isTrue();
    assertThatThrownBy(() -> Json.parse("9".repeat(65))).isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.parse("1".repeat(1_000_000)))
        .isInstanceOf(JacksonException.class);
  }

  /// The library formats some of these for ever.
  @Test
  void subnormalNumbersHaveNoCanonicalForm() {
    for (String number : List.of("5e-324", "1e-320", "1e-319", "-2.225073858507201e-308")) {
      assertThatThrownBy(() -> Json.canonical(Json.parse("[{\"a\":" + number + "}]")))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Json.canonical(Json.parse("[1e-400]"))).asString(UTF_8).isEqualTo("[0]");
    assertThatThrownBy(() -> Json.canonical(Json.parse("[1e999999999]")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// What is signed is sorted here and by the library: the same bytes.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sortedFormIsTheCanonicalOneOfWhatIsSigned(long seed) {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 300; i++) {
      for (Statement statement : samples.statements()) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (int fields = samples.random().nextInt(6); fields > 0; fields--) {
          tree.put(samples.text(), samples.text());
        }
        tree.set("statement", statement.json());
        tree.putArray("list").add(statement.json()).add(samples.millis()).add(true).addNull();

        assertThat(Json.sorted(tree)).as("seed %d", seed).isEqualTo(Json.canonical(tree));
      }
    }
  }

  @Test
  void unpairedSurrogatesHaveNoUtf8Form() {
    assertThat(Json.isWellFormed("a\ud83d\ude02b")).isTrue();
    assertThat(Json.isWellFormed("\ud83d")).isFalse();
    assertThat(Json.isWellFormed("\ude02\ud83d")).isFalse();
    assertThat(Json.isWellFormed("\ud83dx")).isFalse();
    assertThat(Json.isWellFormed("\ud83d\ud83d\ude02")).isFalse();
  }
}
