package org.agentchat.schemas.identity;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What identity files keep of an earlier key: its own word that another follows (protocol.md
/// section 20, last paragraph). The old key signs
/// `{"old_pubkey":..,"new_pubkey":..,"timestamp":..}` as `JSON.stringify` writes it.
///
/// It convinces whoever has the file. A log is convinced by a
/// [org.agentchat.schemas.statement.KeyStatement.RotateKey], which names it.
public final class KeyRecord {
  private KeyRecord() {}

  /// The record that the next key follows the old one.
  static JsonNode of(Identity old, AgentKey next, Instant at) {
    String timestamp = IsoMillis.of(at);
    Signature signature = old.sign(signed(old.key().pem(), next.pem(), timestamp));
    return JsonNodeFactory.instance
        .objectNode()
        .put("old_pubkey", old.key().pem())
        .put("old_agent_id", old.id().name())
        .put("new_pubkey", next.pem())
        .put("new_agent_id", next.id().name())
        .put("signature", signature.base64())
        .put("timestamp", timestamp);
  }

  private static byte[] signed(String oldPem, String newPem, String timestamp) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("old_pubkey", oldPem).put("new_pubkey", newPem).put("timestamp", timestamp);
    return Json.text(object).getBytes(StandardCharsets.UTF_8);
  }

  /// What is wrong with a chain of records that is to end in a key: the first flaw, or empty.
  ///
  /// @param records oldest first
  public static Optional<String> flaw(
      List<JsonNode> records, AgentKey current, Ed25519Verifier verifier) {
    @Nullable AgentKey expected = null;
    for (int i = 0; i < records.size(); i++) {
      Link link = Link.of(records.get(i));
      Optional<String> flaw = link.flaw(expected, verifier);
      if (flaw.isPresent()) {
        return Optional.of("Rotation " + (i + 1) + ": " + flaw.get());
      }
      expected = link.next();
    }
    return expected == null || expected.equals(current)
        ? Optional.empty()
        : Optional.of(
            "The last rotation leads to %s, the key is that of %s"
                .formatted(expected.id(), current.id()));
  }

  private record Link(JsonNode json, @Nullable AgentKey old, @Nullable AgentKey next) {
    static Link of(JsonNode json) {
      return new Link(json, key(json, "old_pubkey"), key(json, "new_pubkey"));
    }

    private static @Nullable AgentKey key(JsonNode json, String name) {
      try {
        return AgentKey.ofPem(json.path(name).asString(""));
      } catch (IllegalArgumentException _) {
        return null;
      }
    }

    Optional<String> flaw(@Nullable AgentKey expected, Ed25519Verifier verifier) {
      if (old == null || next == null) {
        return Optional.of("a key is missing or none");
      }
      if (expected != null && !expected.equals(old)) {
        return Optional.of("it follows %s, not %s".formatted(old.id(), expected.id()));
      }
      if (!names("old_agent_id", old) || !names("new_agent_id", next)) {
        return Optional.of("an agent id is not that of its key");
      }
      return Signature.parseLenient(json.path("signature").asString(""))
              .filter(
                  signature -> verifier.accepts(old) && verifier.verify(old, bytes(), signature))
              .isPresent()
          ? Optional.empty()
          : Optional.of("the signature is not valid");
    }

    private boolean names(String field, AgentKey key) {
      return json.path(field).asString("").equals(key.id().name());
    }

    private byte[] bytes() {
      return signed(
          json.path("old_pubkey").asString(""),
          json.path("new_pubkey").asString(""),
          json.path("timestamp").asString(""));
    }
  }
}
