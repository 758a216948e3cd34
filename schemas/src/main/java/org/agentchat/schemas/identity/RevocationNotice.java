package org.agentchat.schemas.identity;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A key's own word that it is not to be trusted any more, for whoever is shown it (protocol.md
/// section 20, last paragraph). The key signs
/// `{"type":"REVOCATION","pubkey":..,"agent_id":..,"reason":..,"timestamp":..}` as `JSON.stringify`
/// writes it.
///
/// @param json the notice as it is handed on
public record RevocationNotice(JsonNode json) {
  private static final List<String> SIGNED =
      List.of("type", "pubkey", "agent_id", "reason", "timestamp");

  /// The notice of an identity's key.
  public static RevocationNotice of(Identity identity, String reason, Instant at) {
    String id = identity.id().name();
    ObjectNode notice = JsonNodeFactory.instance.objectNode();
    notice.put("type", "REVOCATION").put("pubkey", identity.key().pem()).put("agent_id", id);
    notice.put("fingerprint", id).put("reason", reason).put("timestamp", IsoMillis.of(at));
    notice.put("signature", identity.sign(signed(notice)).base64());
    if (!identity.rotations().isEmpty()) {
      notice.putArray("rotations").addAll(identity.rotations());
      String original = identity.rotations().getFirst().path("old_agent_id").asString("");
      notice.put("original_agent_id", original);
    }
    return new RevocationNotice(notice);
  }

  private static byte[] signed(JsonNode notice) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    SIGNED.forEach(name -> object.put(name, notice.path(name).asString("")));
    return Json.text(object).getBytes(StandardCharsets.UTF_8);
  }

  /// What is wrong with the notice, or empty when its key has said so, and the keys before it that
  /// it follows them.
  public Optional<String> flaw(Ed25519Verifier verifier) {
    if (!json.path("type").asString("").equals("REVOCATION")) {
      return Optional.of("The type is not REVOCATION");
    }
    AgentKey key;
    try {
      key = AgentKey.ofPem(json.path("pubkey").asString(""));
    } catch (IllegalArgumentException _) {
      return Optional.of("The pubkey is missing or none");
    }
    String id = key.id().name();
    if (!text("agent_id").equals(id) || !text("fingerprint").equals(id)) {
      return Optional.of("The agent id is not that of the key");
    }
    boolean valid =
        Signature.parseLenient(text("signature"))
            .filter(
                signature -> verifier.accepts(key) && verifier.verify(key, signed(json), signature))
            .isPresent();
    List<JsonNode> rotations = List.copyOf(json.path("rotations").values());
    return valid
        ? KeyRecord.flaw(rotations, key, verifier).or(() -> originalFlaw(rotations, id))
        : Optional.of("The signature is not valid");
  }

  private Optional<String> originalFlaw(List<JsonNode> rotations, String id) {
    String first =
        rotations.isEmpty() ? id : rotations.getFirst().path("old_agent_id").asString("");
    return json.has("original_agent_id") && !text("original_agent_id").equals(first)
        ? Optional.of("The original agent id is not that of the first key")
        : Optional.empty();
  }

  private String text(String name) {
    return json.path(name).asString("");
  }
}
