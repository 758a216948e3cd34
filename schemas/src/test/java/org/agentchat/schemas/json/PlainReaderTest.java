package org.agentchat.schemas.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class PlainReaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":\"\"}",
        "{\"a\":{},\"b\":{\"c\":{\"d\":\"e\"}}}",
        "{\"a\":0,\"b\":10,\"c\":2147483648,\"d\":999999999999999}",
        "{\"\":\"a text of more than eight bytes, to its end\"}",
        "{\"b\":1,\"a\":2}"
      })
  void plainTextsAreRead(String text) {
    assertThat(PlainReader.read(text.getBytes(UTF_8))).contains(Json.parse(text).asObject());
  }

  /// Some of these the library reads, others it refuses.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}x",
        " {}",
        "[]",
        "1",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":01}",
        "{\"a\":-1}",
        "{\"a\":1.0}",
        "{\"a\":1e3}",
        "{\"a\":1000000000000000}",
        "{\"a\":18446744073709551617}",
        "{\"a\":null}",
        "{\"a\":true}",
        "{\"a\":[]}",
        "{\"a\" :1}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"\\\"",
        "{\"a\":\"b}",
        "{\"a\":\"more than eight bytes",
        "{\"a\":\"\u00e4\"}",
        "{\"a\":\"more than eight \u00e4\"}",
        "{\"a\":\"\t\"}",
        "{\"a\\\"\":1}",
        "{\"a\":",
        "{\"a\"",
        "{\"a"
      })
  void othersAreLeftToTheLibrary(String text) {
    assertThat(PlainReader.read(text.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void depthIsTheLibrarys() {
    String deepest = "{\"a\":".repeat(31) + "{}" + "}".repeat(31);
    assertThat(PlainReader.read(deepest.getBytes(UTF_8))).contains(Json.parse(deepest).asObject());
    assertThat(PlainReader.read(("{\"a\":" + deepest + "}").getBytes(UTF_8))).isEmpty();
    assertThat(PlainReader.read("{\"a\":".repeat(100_000).getBytes(UTF_8))).isEmpty();
  }

  @Test
  void longNamesAreLeftToTheLibrary() {
    String name = "n".repeat(64);
    assertThat(PlainReader.read(("{\"" + name + "\":1}").getBytes(UTF_8))).isPresent();
    assertThat(PlainReader.read(("{\"" + name + "n\":1}").getBytes(UTF_8))).isEmpty();
  }

  /// Events as they are, and with some bytes changed: what it reads is what the library reads, and
  /// it reads nothing that the library refuses.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bothReadTheSame(long seed) {
    Samples samples = new Samples(seed);
    Random random = samples.random();
    int plain = 0;
    for (int i = 0; i < 200; i++) {
      for (Event event : samples.events()) {
        byte[] bytes = EventCodec.encode(event);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
          bytes[random.nextInt(bytes.length)] =
              (byte) "\"\\{},:0a-\n\u00e4".charAt(random.nextInt(11));
        }
        Optional<ObjectNode> tree = PlainReader.read(bytes);
        if (tree.isPresent()) {
          plain++;
          assertThat(strict(bytes))
              .as("seed %d: %s", seed, new String(bytes, ISO_8859_1))
              .contains(tree.get());
        }
      }
    }
    assertThat(plain).isGreaterThan(200);
  }

  private static Optional<JsonNode> strict(byte[] utf8) {
    try {
      return Optional.of(Json.parse(utf8));
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
