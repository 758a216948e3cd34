package org.agentchat.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class CanonicalWriterTest {
  /// What has a form of its own, at every length: short texts are written in another way than long
  /// ones, and those eight bytes at a time.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void textsAreWrittenAsTheLibraryWritesThem(long seed) {
    Random random = new Random(seed);
    for (int length = 0; length < 120; length++) {
      for (int odd = 0; odd < 40; odd++) {
        StringBuilder text = new StringBuilder("x".repeat(length));
        for (int many = random.nextInt(3); many > 0 && length > 0; many--) {
          text.setCharAt(random.nextInt(length), odd(random));
        }
        assertSame(JsonNodeFactory.instance.objectNode().put("a", text.toString()));
      }
    }
  }

  @Test
  void everyCharacterIsWrittenAsTheLibraryWritesIt() {
    for (int character = 0; character < Character.MIN_SURROGATE; character++) {
      ObjectNode tree = JsonNodeFactory.instance.objectNode();
      String one = Character.toString(character);
      tree.put("a", one).put("b", one.repeat(50));
      assertThat(new CanonicalWriter(0).put("a", one).put("b", one.repeat(50)).finish())
          .as("character %d", character)
          .isEqualTo(Json.canonical(tree));
    }
  }

  private static char odd(Random random) {
    String odd = "\"\\/\u0000\b\t\n\f\r\u000b\u001f \u007f\u0080\u00e4\u2028\uffff!#[]?";
    return odd.charAt(random.nextInt(odd.length()));
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void statementsAreWrittenAsTheLibraryWritesThem(long seed) {
    Samples samples = new Samples(seed);
    for (int i = 0; i < 300; i++) {
      for (Statement statement : samples.statements()) {
        assertSame(statement.json());
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putArray("list")
            .add(statement.json())
            .add(samples.millis())
            .add(-samples.millis())
            .add(true)
            .add(false)
            .addNull()
            .add(JsonNodeFactory.instance.objectNode())
            .add(JsonNodeFactory.instance.arrayNode());
        tree.set("statement", statement.json());
        assertSame(tree);
      }
    }
  }

  private static void assertSame(ObjectNode tree) {
    CanonicalWriter writer = new CanonicalWriter(16);
    tree.properties().forEach(field -> writer.put(field.getKey(), field.getValue()));
    assertThat(writer.finish()).isEqualTo(Json.canonical(tree));
  }

  @Test
  void objectsMayBeBegunAndEnded() {
    byte[] bytes =
        new CanonicalWriter(1)
            .put("a", 1)
            .begin("b")
            .end()
            .begin("c")
            .put("d", "e")
            .begin("f")
            .put("g", 2)
            .end()
            .end()
            .put("h", 3)
            .finish();
    assertThat(bytes)
        .asString(UTF_8)
        .isEqualTo("{\"a\":1,\"b\":{},\"c\":{\"d\":\"e\",\"f\":{\"g\":2}},\"h\":3}");
    assertThat(new CanonicalWriter(1).finish()).asString(UTF_8).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude02\ud83d", "a\ud83dx"})
  void halfACharacterHasNoForm(String text) {
    for (String longer : new String[] {text, "x".repeat(100) + text}) {
      assertThatThrownBy(() -> new CanonicalWriter(1).put("a", longer))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Their form is the library's to find.
  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1e3", "9007199254740992", "-9007199254740992"})
  void numbersThatAreNotWrittenAsTheyAreAreRefused(String number) {
    JsonNode value = Json.parse(number);
    assertThatThrownBy(() -> new CanonicalWriter(1).put("a", value))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
