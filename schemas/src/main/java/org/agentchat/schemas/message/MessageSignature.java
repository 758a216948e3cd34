package org.agentchat.schemas.message;

import java.nio.charset.StandardCharsets;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// What an author signs of a chat message: `{"to":..,"content":..,"ts":..}` as JavaScript's
/// `JSON.stringify` writes it (protocol.md section 8.5). Receivers find the same `ts` in `sig_ts`.
public final class MessageSignature {
  private MessageSignature() {}

  /// The bytes that are signed.
  public static byte[] bytes(String to, String content, JsonNumber ts) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("to", to).put("content", content);
    object.putRawValue("ts", new RawValue(ts.text()));
    return Json.text(object).getBytes(StandardCharsets.UTF_8);
  }
}
