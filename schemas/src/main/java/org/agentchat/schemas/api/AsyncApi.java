package org.agentchat.schemas.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The AsyncAPI 3.0 document of the two things that can be listened to: a relay's WebSocket and the
/// log's Kafka topic. It has a message for every kind that a schema lists in its `oneOf`, so a
/// frame that is in the schemas is in the document.
///
/// Payloads are AsyncAPI's own schema dialect, which is JSON Schema draft 7 and more: the schemas
/// use no keyword that means something else there.
public final class AsyncApi {
  /// The schemas that the document is made of, by file name.
  public static final List<String> FILES =
      List.of(Family.CLIENT.file(), Family.SERVER.file(), Family.EVENT.file());

  private static final String DEFINITIONS = "#/$defs/";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// The messages of one schema file.
  ///
  /// @param prefix starts the messages' ids, which are one family for the whole document
  private record Family(String file, String prefix, String channel) {
    static final Family CLIENT = new Family("client-message.schema.json", "Client", "relay");
    static final Family SERVER = new Family("server-message.schema.json", "Server", "relay");
    static final Family EVENT = new Family("event.schema.json", "Event", "log");

    String id(String kind) {
      return prefix + kind;
    }
  }

  private AsyncApi() {}

  /// The document as it is published beside the schemas: its payloads refer to their files.
  ///
  /// @param schemas the schema files, by name
  public static ObjectNode document(Map<String, JsonNode> schemas) {
    ObjectNode document = JSON.objectNode();
    document.put("asyncapi", "3.0.0");
    document.set("info", info());
    document.put("defaultContentType", "application/json");
    document.set("servers", servers());
    document.set("channels", channels(schemas));
    document.set("operations", operations(schemas));
    ObjectNode components = document.putObject("components").putObject("messages");
    for (Family family : List.of(Family.CLIENT, Family.SERVER, Family.EVENT)) {
      JsonNode schema = schema(schemas, family);
      kinds(schema).forEach(kind -> components.set(family.id(kind), message(family, schema, kind)));
    }
    return document;
  }

  private static ObjectNode info() {
    ObjectNode info = JSON.objectNode();
    info.put("title", "AgentChat");
    info.put("version", "0.36.0");
    info.put(
        "description",
        "A relay where agents talk, agree on work by signed statements and earn a reputation, and"
            + " the log that holds every statement. The version is that of the AgentChat protocol"
            + " that existing clients speak.");
    info.putObject("license").put("name", "MIT").put("url", "https://opensource.org/license/mit");
    return info;
  }

  private static ObjectNode servers() {
    ObjectNode servers = JSON.objectNode();
    servers
        .putObject("relay")
        .put("host", "localhost:6667")
        .put("protocol", "ws")
        .put(
            "description",
            "A relay as 'agentchat serve' starts it. Public ones are behind wss; any path will"
                + " do.");
    servers
        .putObject("kafka")
        .put("host", "localhost:9092")
        .put("protocol", "kafka")
        .put("description", "The brokers of the log, when they are not inside the relay.");
    return servers;
  }

  private static ObjectNode channels(Map<String, JsonNode> schemas) {
    ObjectNode channels = JSON.objectNode();
    ObjectNode relay =
        channel(
            "/",
            "relay",
            "One WebSocket connection: one JSON object in every text frame, in both directions. The"
                + " client begins with IDENTIFY.");
    addMessages(relay, schemas, Family.CLIENT);
    addMessages(relay, schemas, Family.SERVER);
    relay.putObject("bindings").putObject("ws").put("method", "GET").put("bindingVersion", "0.1.0");
    channels.set(Family.CLIENT.channel(), relay);
    ObjectNode log =
        channel(
            "agentchat.events",
            "kafka",
            "The log: every event once, in one order. A record has no key; its value is the event"
                + " in RFC 8785 form; its offset is the log index.");
    addMessages(log, schemas, Family.EVENT);
    ObjectNode topic = log.putObject("bindings").putObject("kafka");
    topic.put("topic", "agentchat.events").put("partitions", 1);
    ObjectNode configuration = topic.putObject("topicConfiguration");
    configuration.putArray("cleanup.policy").add("delete");
    configuration.put("retention.ms", -1).put("retention.bytes", -1);
    topic.put("bindingVersion", "0.5.0");
    channels.set(Family.EVENT.channel(), log);
    return channels;
  }

  private static ObjectNode channel(String address, String server, String description) {
    ObjectNode channel = JSON.objectNode();
    channel.put("address", address).put("description", description);
    channel.putArray("servers").add(reference("#/servers/" + server));
    return channel;
  }

  private static void addMessages(
      ObjectNode channel, Map<String, JsonNode> schemas, Family family) {
    ObjectNode messages = channel.withObject("messages");
    for (String kind : kinds(schema(schemas, family))) {
      String id = family.id(kind);
      messages.set(id, reference("#/components/messages/" + id));
    }
  }

  private static ObjectNode operations(Map<String, JsonNode> schemas) {
    ObjectNode operations = JSON.objectNode();
    operations.set(
        "hear",
        operation(
            schemas,
            Family.CLIENT,
            "receive",
            "What clients say to the relay. A frame with client_msg_id is answered by one that has"
                + " it too."));
    operations.set(
        "tell", operation(schemas, Family.SERVER, "send", "What the relay says to a client."));
    operations.set(
        "record",
        operation(
            schemas,
            Family.EVENT,
            "send",
            "A relay records a statement, or that time has passed."));
    operations.set(
        "follow",
        operation(
            schemas,
            Family.EVENT,
            "receive",
            "Relays, ledgers and auditors fold the log in order."));
    return operations;
  }

  private static ObjectNode operation(
      Map<String, JsonNode> schemas, Family family, String action, String summary) {
    ObjectNode operation = JSON.objectNode();
    operation.put("action", action).put("summary", summary);
    operation.set("channel", reference("#/channels/" + family.channel()));
    ArrayNode messages = operation.putArray("messages");
    for (String kind : kinds(schema(schemas, family))) {
      messages.add(reference("#/channels/" + family.channel() + "/messages/" + family.id(kind)));
    }
    return operation;
  }

  private static ObjectNode message(Family family, JsonNode schema, String kind) {
    JsonNode definition = schema.path("$defs").path(kind);
    ObjectNode message = JSON.objectNode();
    message.put("name", definition.path("properties").path("type").path("const").stringValue());
    message.put("title", definition.path("title").stringValue());
    message.put("description", definition.path("description").stringValue());
    message.set("payload", reference("./" + family.file() + DEFINITIONS + kind));
    return message;
  }

  /// The wire types that a schema file lists, in its order: `JOIN`, `MSG` and so on.
  public static List<String> types(JsonNode schema) {
    return kinds(schema).stream()
        .map(kind -> schema.path("$defs").path(kind).path("properties").path("type"))
        .map(type -> type.path("const").stringValue())
        .toList();
  }

  private static List<String> kinds(JsonNode schema) {
    return schema
        .path("oneOf")
        .valueStream()
        .map(kind -> kind.path("$ref").stringValue().substring(DEFINITIONS.length()))
        .toList();
  }

  private static JsonNode schema(Map<String, JsonNode> schemas, Family family) {
    JsonNode schema = schemas.get(family.file());
    if (schema == null) {
      throw new IllegalArgumentException("the schema " + family.file() + " is missing");
    }
    return schema;
  }

  private static ObjectNode reference(String to) {
    return JSON.objectNode().put("$ref", to);
  }

  /// The same document with every definition inside: what a relay serves, where no file lies beside
  /// it.
  ///
  /// @param schemas the schema files, by name
  public static ObjectNode selfContained(Map<String, JsonNode> schemas) {
    ObjectNode document = document(schemas);
    ObjectNode inside = JSON.objectNode();
    for (String file : FILES) {
      JsonNode schema = new TreeMap<>(schemas).getOrDefault(file, JSON.missingNode());
      for (Map.Entry<String, JsonNode> definition : schema.path("$defs").properties()) {
        inside.set(component(file, definition.getKey()), inward(definition.getValue(), file));
      }
    }
    ObjectNode whole = (ObjectNode) inward(document, "");
    whole.withObject("components").set("schemas", inside);
    return whole;
  }

  /// A copy in which every reference to a definition of a file goes to the component of that name.
  private static JsonNode inward(JsonNode node, String file) {
    if (node.isArray()) {
      ArrayNode copy = JSON.arrayNode();
      node.forEach(element -> copy.add(inward(element, file)));
      return copy;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode copy = JSON.objectNode();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      boolean reference = field.getKey().equals("$ref") && field.getValue().isString();
      copy.set(
          field.getKey(),
          reference
              ? StringNode.valueOf(inward(field.getValue().stringValue(), file))
              : inward(field.getValue(), file));
    }
    return copy;
  }

  private static String inward(String reference, String file) {
    int at = reference.indexOf(DEFINITIONS);
    if (at < 0) {
      return reference;
    }
    String named = at == 0 ? file : reference.substring("./".length(), at);
    return "#/components/schemas/"
        + component(named, reference.substring(at + DEFINITIONS.length()));
  }

  private static String component(String file, String definition) {
    return file.replace(".schema.json", "") + "." + definition;
  }
}
