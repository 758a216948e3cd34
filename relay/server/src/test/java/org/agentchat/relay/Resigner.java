package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Signs anew what captured clients signed with keys that nobody has any more.
///
/// The texts are written from the protocol (sections 4, 8.5, 9, 10, 12, 15) and not taken from our
/// own code, so that they hold it to account. A captured signature says which of them its client
/// signed; one that fits none was wrong on purpose, and is wrong again.
final class Resigner {
  private static final int SIGNATURE_CHARS = 88;

  private final Ed25519Verifier verifier = new Ed25519Verifier();

  /// Nonces by the id of their challenge, captured and ours.
  private final Map<String, String> nonces = new HashMap<>();

  /// Learns the nonce of a CHALLENGE.
  void learn(JsonNode frame) {
    if (frame.path("type").asString("").equals("CHALLENGE")) {
      nonces.put(frame.path("challenge_id").asString(""), frame.path("nonce").asString(""));
    }
  }

  /// The field that holds the signature, if the frame has one worth replacing.
  static Optional<String> field(JsonNode frame) {
    return Stream.of("sig", "signature")
        .filter(name -> frame.path(name).asString("").length() == SIGNATURE_CHARS)
        .findFirst();
  }

  /// Our signature for a frame, as right or wrong as the captured one.
  ///
  /// @param captured the frame as it was captured, with a signature
  /// @param own the same frame with our names
  String sign(JsonNode captured, AgentKey capturedKey, JsonNode own, Identity identity) {
    String text = captured.path(field(captured).orElseThrow()).stringValue();
    Signature signature = Signature.parseLenient(text).orElseThrow();
    List<String> wanted = texts(captured);
    for (int i = 0; i < wanted.size(); i++) {
      if (verifier.verify(capturedKey, utf8(wanted.get(i)), signature)) {
        return identity.sign(utf8(texts(own).get(i))).base64();
      }
    }
    return identity.sign(utf8("something else")).base64();
  }

  /// What may be signed for the frame.
  private List<String> texts(JsonNode frame) {
    String type = frame.path("type").asString("");
    return switch (type) {
      case "VERIFY_IDENTITY" -> {
        String id = frame.path("challenge_id").asString("");
        yield List.of(
            String.join(
                "|", "AGENTCHAT_AUTH", nonces.getOrDefault(id, ""), id, word(frame, "timestamp")));
      }
      case "MSG" -> List.of(chat(frame));
      case "VERIFY_RESPONSE" -> List.of(word(frame, "nonce"));
      case "PROPOSAL" ->
          List.of(
              joined(
                  frame,
                  "to",
                  "task",
                  "amount",
                  "currency",
                  "payment_code",
                  "expires",
                  "elo_stake"));
      case "ACCEPT" -> List.of(typed(frame, "proposal_id", "payment_code", "elo_stake"));
      case "REJECT", "DISPUTE" -> List.of(typed(frame, "proposal_id", "reason"));
      case "COMPLETE" -> List.of(typed(frame, "proposal_id", "proof"));
      case "DISPUTE_INTENT" -> List.of(typed(frame, "proposal_id", "reason", "commitment"));
      case "DISPUTE_REVEAL" -> List.of(typed(frame, "proposal_id", "nonce"));
      case "ARBITER_ACCEPT" -> List.of(typed(frame, "dispute_id"));
      case "ARBITER_DECLINE" -> List.of(typed(frame, "dispute_id", "reason"));
      case "ARBITER_VOTE" -> List.of("VOTE|" + joined(frame, "dispute_id", "verdict"));
      case "EVIDENCE" ->
          List.of(typed(frame, "dispute_id") + "|" + Sha256.hex(Json.text(frame.path("items"))));
      case "REGISTER_SKILLS" -> {
        String list = Json.text(frame.path("skills"));
        yield List.of(type + "|" + Sha256.hex(list), list);
      }
      default -> new ArrayList<>();
    };
  }

  private static String chat(JsonNode frame) {
    ObjectNode signed = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("to", "content", "ts")) {
      signed.set(field, frame.path(field));
    }
    return Json.text(signed);
  }

  private static String typed(JsonNode frame, String... fields) {
    return word(frame, "type") + "|" + joined(frame, fields);
  }

  private static String joined(JsonNode frame, String... fields) {
    return Stream.of(fields).map(field -> word(frame, field)).collect(Collectors.joining("|"));
  }

  /// As JavaScript writes it in a template; what is false there is nothing.
  private static String word(JsonNode frame, String field) {
    String text = frame.path(field).asString("");
    return text.equals("0") || text.equals("false") ? "" : text;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
