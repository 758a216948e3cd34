package org.agentchat.schemas.event;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.CanonicalWriter;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Events as bytes: canonical JSON (RFC 8785), UTF-8, at most [#MAX_BYTES]. Bytes that are not the
/// one encoding of an event are refused, so an event and its bytes are the same thing.
public final class EventCodec {
  /// Largest event, in bytes: an entry's length is 16 bits (C2SP tlog-tiles).
  public static final int MAX_BYTES = 65_535;

  /// What most events are shorter than, in bytes.
  private static final int USUAL_BYTES = 1_024;

  private EventCodec() {}

  /// The event's bytes.
  ///
  /// @throws EventTooLargeException if they are more than [#MAX_BYTES]
  public static byte[] encode(Event event) {
    byte[] bytes = write(event, USUAL_BYTES);
    if (bytes.length > MAX_BYTES) {
      throw new EventTooLargeException(bytes.length);
    }
    return bytes;
  }

  /// The event of these bytes.
  ///
  /// @throws MalformedEventException if they are not exactly one event's encoding
  public static Event decode(byte[] bytes) throws MalformedEventException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedEventException(bytes.length + " bytes, at most " + MAX_BYTES);
    }
    try {
      JsonNode tree = Json.parseToCompare(bytes);
      Event event = read(tree);
      byte[] encoding = write(event, bytes.length);
      if (!Arrays.equals(bytes, encoding)) {
        throw new MalformedEventException(difference(tree, Json.parse(encoding)));
      }
      return event;
    } catch (JacksonException e) {
      throw new MalformedEventException("not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new MalformedEventException(String.valueOf(e.getMessage()));
    }
  }

  /// Why the bytes are not the event's: a field that it does not have, or their form.
  private static String difference(JsonNode found, JsonNode wanted) {
    return strangeField("event", found, wanted)
        .map(field -> "a field that its event does not have: " + field)
        .orElse("not the canonical encoding (RFC 8785) of its event");
  }

  private static Optional<String> strangeField(String where, JsonNode found, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> field : found.properties()) {
      String path = where + "." + field.getKey();
      JsonNode same = wanted.get(field.getKey());
      if (same == null) {
        return Optional.of(path);
      }
      Optional<String> below = strangeField(path, field.getValue(), same);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  private static Event read(JsonNode tree) {
    Fields fields = new Fields(tree);
    String type = fields.required("type", "type: missing");
    long at = fields.millis("at", "at: milliseconds since 1970 wanted");
    String relay = fields.required("relay", "relay: missing");
    return switch (type) {
      case "GENESIS" -> new Event.Genesis(at, relay, fields.required("origin", "origin: missing"));
      case "STATEMENT" ->
          new Event.Stated(at, relay, signed(tree), recipient(fields), pool(fields));
      case "PANEL_NONCE" ->
          new Event.PanelNonce(
              at,
              relay,
              fields.required("dispute_id", "dispute_id: missing"),
              fields.required("nonce", "nonce: missing"));
      case "RATINGS" ->
          new Event.RatingsCommitted(
              at,
              relay,
              fields.required("origin", "origin: missing"),
              fields.index("size", "size: a whole number wanted"),
              fields.required("root", "root: missing"),
              AgentKey.ofBase64(fields.required("key", "key: missing")),
              Signature.ofBase64(fields.required("sig", "sig: missing")));
      case "TICK" -> new Event.Tick(at, relay);
      default -> throw new IllegalArgumentException("type: no event is called " + type);
    };
  }

  private static SignedStatement signed(JsonNode tree) {
    JsonNode statement = tree.path("statement");
    String type = new Fields(statement).required("type", "statement.type: missing");
    Statement read =
        Statement.readLogged(type, statement)
            .orElseThrow(() -> new IllegalArgumentException("no statement is called " + type));

    JsonNode signature = tree.path("signature");
    Fields fields = new Fields(signature);
    return new SignedStatement(
        read,
        scheme(fields),
        AgentKey.ofBase64(fields.required("key", "signature.key: missing")),
        Signature.ofBase64(fields.required("sig", "signature.sig: missing")));
  }

  private static Scheme scheme(Fields fields) {
    String name = fields.required("scheme", "signature.scheme: missing");
    return switch (name) {
      case Scheme.JOINED -> new Scheme.Joined();
      case Scheme.BOUND ->
          new Scheme.Bound(
              fields.required("origin", "signature.origin: missing"),
              fields.millis("ts", "signature.ts: missing"),
              fields.required("nonce", "signature.nonce: missing"));
      default -> throw new IllegalArgumentException("no scheme is called " + name);
    };
  }

  private static @Nullable AgentKey recipient(Fields fields) {
    String key = fields.optional("recipient", "recipient: a key wanted");
    return key == null ? null : AgentKey.ofBase64(key);
  }

  private static Event.@Nullable Pool pool(Fields fields) {
    JsonNode pool = fields.get("pool");
    if (pool == null) {
      return null;
    }
    List<AgentId> agents = pool.path("agents").valueStream().map(EventCodec::agent).toList();
    return new Event.Pool(
        agents, new Fields(pool).required("commitment", "pool.commitment: missing"));
  }

  private static AgentId agent(JsonNode id) {
    return AgentId.parse(id.isString() ? id.stringValue() : "")
        .orElseThrow(() -> new IllegalArgumentException("pool.agents: @id wanted"));
  }

  /// The event's bytes, however many.
  ///
  /// @param expected how many there will be about
  private static byte[] write(Event event, int expected) {
    CanonicalWriter json = new CanonicalWriter(expected);
    json.put("at", event.at());
    switch (event) {
      case Event.Genesis genesis ->
          json.put("origin", genesis.origin()).put("relay", genesis.relay()).put("type", "GENESIS");
      case Event.PanelNonce revealed ->
          json.put("dispute_id", revealed.disputeId())
              .put("nonce", revealed.nonce())
              .put("relay", revealed.relay())
              .put("type", "PANEL_NONCE");
      case Event.RatingsCommitted ratings ->
          json.put("key", ratings.key().base64())
              .put("origin", ratings.origin())
              .put("relay", ratings.relay())
              .put("root", ratings.root())
              .put("sig", ratings.sig().base64())
              .put("size", ratings.size())
              .put("type", "RATINGS");
      case Event.Stated stated -> write(stated, json);
      case Event.Tick tick -> json.put("relay", tick.relay()).put("type", "TICK");
    }
    return json.finish();
  }

  private static void write(Event.Stated stated, CanonicalWriter json) {
    if (stated.pool() != null) {
      json.put("pool", pool(stated.pool()));
    }
    if (stated.recipient() != null) {
      json.put("recipient", stated.recipient().base64());
    }
    json.put("relay", stated.relay());
    json.begin("signature");
    write(stated.signed(), json);
    json.end();
    json.put("statement", stated.signed().statement().json());
    json.put("type", "STATEMENT");
  }

  private static ObjectNode pool(Event.Pool pool) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode agents = tree.putArray("agents");
    pool.agents().forEach(agent -> agents.add(agent.toString()));
    return tree.put("commitment", pool.commitment());
  }

  private static void write(SignedStatement signed, CanonicalWriter json) {
    json.put("key", signed.key().base64());
    byte[] sig = signed.signature().raw();
    switch (signed.scheme()) {
      case Scheme.Joined _ -> json.put("scheme", Scheme.JOINED).putBase64("sig", sig);
      case Scheme.Bound bound ->
          json.put("nonce", bound.nonce())
              .put("origin", bound.origin())
              .put("scheme", Scheme.BOUND)
              .putBase64("sig", sig)
              .put("ts", bound.ts());
    }
  }
}
