package org.agentchat.schemas.event;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Signature;
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

  /// The fields of each kind of event, and of their parts.
  private static final Set<String> GENESIS = Set.of("at", "origin", "relay", "type");

  private static final Set<String> STATED =
      Set.of("at", "pool", "recipient", "relay", "signature", "statement", "type");
  private static final Set<String> PANEL_NONCE =
      Set.of("at", "dispute_id", "nonce", "relay", "type");
  private static final Set<String> RATINGS =
      Set.of("at", "key", "origin", "relay", "root", "sig", "size", "type");
  private static final Set<String> TICK = Set.of("at", "relay", "type");
  private static final Set<String> SIGNATURE =
      Set.of("key", "nonce", "origin", "scheme", "sig", "ts");
  private static final Set<String> POOL = Set.of("agents", "commitment");

  /// The fields of each kind of statement, by its wire name.
  private static final Map<String, Set<String>> STATEMENTS =
      Statement.TYPES.stream()
          .collect(Collectors.toUnmodifiableMap(type -> type, EventCodec::fieldNames));

  private EventCodec() {}

  private static Set<String> fieldNames(String type) {
    Set<String> names = new HashSet<>(Statement.fieldNames(type));
    names.add("type");
    return Set.copyOf(names);
  }

  /// The event's bytes.
  ///
  /// @throws EventTooLargeException if they are more than [#MAX_BYTES]
  public static byte[] encode(Event event) {
    byte[] bytes = Json.bytes(tree(event));
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
    Event event = parse(bytes);
    if (!Arrays.equals(bytes, Json.bytes(tree(event)))) {
      throw new MalformedEventException("not the canonical encoding (RFC 8785) of its event");
    }
    return event;
  }

  private static Event parse(byte[] bytes) throws MalformedEventException {
    try {
      return read(Json.parseToCompare(bytes));
    } catch (JacksonException e) {
      throw new MalformedEventException("not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new MalformedEventException(String.valueOf(e.getMessage()));
    }
  }

  private static Event read(JsonNode tree) {
    Fields fields = new Fields(tree);
    String type = fields.required("type", "type: missing");
    long at = fields.millis("at", "at: milliseconds since 1970 wanted");
    String relay = fields.required("relay", "relay: missing");
    return switch (type) {
      case "GENESIS" -> {
        only(tree, "event", GENESIS);
        yield new Event.Genesis(at, relay, fields.required("origin", "origin: missing"));
      }
      case "STATEMENT" -> {
        only(tree, "event", STATED);
        yield new Event.Stated(at, relay, signed(tree), recipient(fields), pool(fields));
      }
      case "PANEL_NONCE" -> {
        only(tree, "event", PANEL_NONCE);
        yield new Event.PanelNonce(
            at,
            relay,
            fields.required("dispute_id", "dispute_id: missing"),
            fields.required("nonce", "nonce: missing"));
      }
      case "RATINGS" -> {
        only(tree, "event", RATINGS);
        yield new Event.RatingsCommitted(
            at,
            relay,
            fields.required("origin", "origin: missing"),
            fields.index("size", "size: a whole number wanted"),
            fields.required("root", "root: missing"),
            AgentKey.ofBase64(fields.required("key", "key: missing")),
            Signature.ofBase64(fields.required("sig", "sig: missing")));
      }
      case "TICK" -> {
        only(tree, "event", TICK);
        yield new Event.Tick(at, relay);
      }
      default -> throw new IllegalArgumentException("type: no event is called " + type);
    };
  }

  private static SignedStatement signed(JsonNode tree) {
    JsonNode statement = tree.path("statement");
    String type = new Fields(statement).required("type", "statement.type: missing");
    Statement read =
        Statement.readLogged(type, statement)
            .orElseThrow(() -> new IllegalArgumentException("no statement is called " + type));
    only(statement, "statement", STATEMENTS.getOrDefault(type, Set.of()));

    JsonNode signature = tree.path("signature");
    only(signature, "signature", SIGNATURE);
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
    only(pool, "pool", POOL);
    List<AgentId> agents = pool.path("agents").valueStream().map(EventCodec::agent).toList();
    return new Event.Pool(
        agents, new Fields(pool).required("commitment", "pool.commitment: missing"));
  }

  private static AgentId agent(JsonNode id) {
    return AgentId.parse(id.isString() ? id.stringValue() : "")
        .orElseThrow(() -> new IllegalArgumentException("pool.agents: @id wanted"));
  }

  private static ObjectNode tree(Event event) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("at", event.at());
    switch (event) {
      case Event.Genesis genesis -> {
        tree.put("origin", genesis.origin());
        tree.put("relay", genesis.relay());
        tree.put("type", "GENESIS");
      }
      case Event.PanelNonce revealed -> {
        tree.put("dispute_id", revealed.disputeId());
        tree.put("nonce", revealed.nonce());
        tree.put("relay", revealed.relay());
        tree.put("type", "PANEL_NONCE");
      }
      case Event.RatingsCommitted ratings -> {
        tree.put("key", ratings.key().base64());
        tree.put("origin", ratings.origin());
        tree.put("relay", ratings.relay());
        tree.put("root", ratings.root());
        tree.put("sig", ratings.sig().base64());
        tree.put("size", ratings.size());
        tree.put("type", "RATINGS");
      }
      case Event.Stated stated -> {
        if (stated.pool() != null) {
          tree.set("pool", pool(stated.pool()));
        }
        if (stated.recipient() != null) {
          tree.put("recipient", stated.recipient().base64());
        }
        tree.put("relay", stated.relay());
        tree.set("signature", signature(stated.signed()));
        tree.set("statement", stated.signed().statement().json());
        tree.put("type", "STATEMENT");
      }
      case Event.Tick tick -> {
        tree.put("relay", tick.relay());
        tree.put("type", "TICK");
      }
    }
    return tree;
  }

  private static ObjectNode pool(Event.Pool pool) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode agents = tree.putArray("agents");
    pool.agents().forEach(agent -> agents.add(agent.toString()));
    return tree.put("commitment", pool.commitment());
  }

  private static ObjectNode signature(SignedStatement signed) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("key", signed.key().base64());
    switch (signed.scheme()) {
      case Scheme.Joined _ -> tree.put("scheme", Scheme.JOINED);
      case Scheme.Bound bound -> {
        tree.put("nonce", bound.nonce());
        tree.put("origin", bound.origin());
        tree.put("scheme", Scheme.BOUND);
      }
    }
    tree.put("sig", signed.signature().base64());
    if (signed.scheme() instanceof Scheme.Bound bound) {
      tree.put("ts", bound.ts());
    }
    return tree;
  }

  private static void only(JsonNode object, String where, Set<String> allowed) {
    for (String name : object.propertyNames()) {
      if (!allowed.contains(name)) {
        throw new IllegalArgumentException(where + ": unknown field " + name);
      }
    }
  }
}
