package org.agentchat.schemas.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MessageSignatureTest {
  /// The texts were made by `JSON.stringify` (`src/test/vectors/generate.js`).
  @Test
  void bytesAreThoseOfJsonStringify() {
    for (String line : Vectors.lines("ecmascript-messages.jsonl")) {
      JsonNode golden = Json.parse(line);
      byte[] bytes =
          MessageSignature.bytes(
              golden.path("to").stringValue(),
              golden.path("content").stringValue(),
              JsonNumber.exactly(golden.path("ts").decimalValue()).orElseThrow());

      assertThat(bytes).asString(UTF_8).isEqualTo(golden.path("text").stringValue());
    }
  }
}
