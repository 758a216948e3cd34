package org.agentchat.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.agentchat.schemas.identity.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The expected texts are what `node -p 'JSON.stringify(JSON.parse(text))'` prints.
class JsonTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "[ { \"b\" : 1, \"a\" : 2 } ]~[{\"b\":1,\"a\":2}]",
        "{\"b\":1,\"10\":2,\"2\":3,\"a\":4,\"01\":5}~{\"2\":3,\"10\":2,\"b\":1,\"a\":4,\"01\":5}",
        "{\"4294967295\":1,\"4294967294\":2}~{\"4294967294\":2,\"4294967295\":1}",
        "[1.0,1e2,1E21,1e-7,-0,0.10]~[1,100,1e+21,1e-7,0,0.1]",
        "[\"\\u0041\\/\\u00e9\\u001f\\u007f\"]~[\"A/é\\u001f\u007f\"]",
        "[true,null,{},[],\"\"]~[true,null,{},[],\"\"]",
      })
  void isWrittenAsJavaScriptDoes(String read, String written) {
    JsonText text = JsonText.of(Json.parse(read));

    assertThat(text.text()).isEqualTo(written);
    assertThat(new JsonText(written)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[ ]", "[1.0]", "[1e2]", "{\"a\":1,\"1\":2}", "[1]x", "[", ""})
  void anyOtherFormIsRefused(String text) {
    assertThatThrownBy(() -> new JsonText(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /// What an array replacer does: it picks and orders properties at every depth. The hash was
  /// captured from the reference.
  @Test
  void picksPropertiesAsAnArrayReplacerDoes() {
    JsonNode item =
        Json.parse("{\"kind\":\"other\",\"label\":\"l\",\"value\":\"v\",\"url\":\"http://x\"}");
    List<String> keys = item.propertyNames().stream().sorted().toList();

    assertThat(Sha256.hex(JsonText.stringify(item, keys)))
        .isEqualTo("44cdccf7396448b4bfce638754d0316089ebfed7104cc12c38e7465b78b33b7d");
    assertThat(
            JsonText.stringify(
                Json.parse("{\"b\":[{\"a\":1.0,\"x\":2}],\"a\":{\"b\":3,\"y\":4}}"),
                List.of("a", "b")))
        .isEqualTo("{\"a\":{\"b\":3},\"b\":[{\"a\":1}]}");
  }

  @Test
  void whatJavaScriptWouldRoundIsRefused() {
    assertThatThrownBy(() -> JsonText.of(Json.parse("[9007199254740993]")))
        .hasMessage("9007199254740993 is not an exact double");
    assertThatThrownBy(() -> JsonText.of(Json.parse("[\"\\ud800\"]")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
