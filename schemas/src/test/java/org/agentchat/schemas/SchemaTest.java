package org.agentchat.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.agentchat.schemas.Vectors.Captured;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ClientFrame;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.CourtMessage;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.StakeOutcome;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The published JSON Schemas and the records say the same: what a record writes is valid, a schema
/// has the properties that its record has and demands those that are always there, and what is
/// altered is not valid.
class SchemaTest {
  private static final List<String> FILES =
      List.of("client-message", "server-message", "event", "receipt");
  private static final Set<String> SIGNING =
      Set.of("sig", "scheme", "key", "origin", "ts", "nonce", "client_msg_id");
  private static final Map<String, JsonNode> TREES = new HashMap<>();
  private static final Map<String, Schema> SCHEMAS = new HashMap<>();

  static {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    for (String file : FILES) {
      String text = Vectors.text(file + ".schema.json");
      TREES.put(file, Json.parse(text));
      SCHEMAS.put(file, registry.getSchema(text));
    }
  }

  /// One instance on the wire, and the schema that it belongs to.
  record Instance(String file, String definition, JsonNode json) {
    @Override
    public String toString() {
      return file + "#" + definition;
    }

    JsonNode schema() {
      JsonNode tree = tree(file);
      return definition.isEmpty() ? tree : tree.path("$defs").path(definition);
    }
  }

  /// A record, and the definition that describes it.
  record Described(String file, String definition, Class<? extends Record> type) {
    @Override
    public String toString() {
      return file + "#" + definition;
    }
  }

  static Stream<Instance> instances() {
    List<Instance> instances = new ArrayList<>();
    Samples samples = new Samples(2020_12);
    for (int i = 0; i < 6; i++) {
      for (Class<? extends Record> kind : serverMessages()) {
        instances.add(
            new Instance("server-message", kind.getSimpleName(), written(samples.record(kind))));
      }
      for (ClientMessage message : samples.clientMessages()) {
        JsonNode json = Json.parse(Json.text(ClientMessageCodec.encode(message)));
        instances.add(new Instance("client-message", definition(message), json));
      }
      for (Event event : samples.events()) {
        JsonNode json = Json.parse(EventCodec.encode(event));
        instances.add(new Instance("event", event.getClass().getSimpleName(), json));
      }
      ObjectNode receipt = (ObjectNode) written(samples.record(Receipt.class));
      receipt.put("proposal_id", "prop_x").put("origin", "example.com/log");
      instances.add(new Instance("receipt", "", receipt));
    }
    return instances.stream();
  }

  private static String definition(ClientMessage message) {
    return message instanceof ClientMessage.State state
        ? state.statement().getClass().getSimpleName()
        : message.getClass().getSimpleName();
  }

  private static List<Class<? extends Record>> serverMessages() {
    return Kinds.of(ServerMessage.class).stream()
        .filter(kind -> kind != ServerMessage.Unknown.class)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("instances")
  void whatARecordWritesIsValid(Instance instance) {
    assertThat(schema(instance.file()).validate(instance.json()))
        .as(Json.text(instance.json()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("instances")
  void withoutAFieldThatMustBeThereItIsNotValid(Instance instance) {
    for (JsonNode required : instance.schema().path("required")) {
      ObjectNode altered = ((ObjectNode) instance.json()).deepCopy();
      altered.remove(required.stringValue());
      assertInvalid(instance, altered);
    }
  }

  @ParameterizedTest
  @MethodSource("instances")
  void withAFieldOfAnotherTypeItIsNotValid(Instance instance) {
    boolean bound = isBound(instance);
    for (String name : instance.json().propertyNames()) {
      JsonNode schema = instance.schema().path("properties").path(name);
      boolean ignored = schema.propertyNames().stream().allMatch("description"::equals) && !bound;
      if (!ignored) {
        ObjectNode altered = ((ObjectNode) instance.json()).deepCopy();
        boolean object = schema.path("type").asString("").equals("object");
        altered.set(name, Json.parse(object ? "5" : "{\"x\":1}"));
        assertInvalid(instance, altered);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("instances")
  void unknownFieldsAreForChatOnly(Instance instance) {
    ObjectNode altered = ((ObjectNode) instance.json()).deepCopy();
    altered.put("zz", 1);
    boolean chat = instance.file().endsWith("message") && !isBound(instance);
    assertThat(schema(instance.file()).validate(altered).isEmpty()).isEqualTo(chat);
    for (String part : List.of("statement", "signature", "proposal")) {
      if (instance.json().path(part).isObject() && !instance.file().endsWith("message")) {
        ObjectNode inner = ((ObjectNode) instance.json()).deepCopy();
        ((ObjectNode) inner.path(part)).put("zz", 1);
        assertInvalid(instance, inner);
      }
    }
  }

  /// Whether it is a statement's frame under `agentchat/2`.
  private static boolean isBound(Instance instance) {
    return instance.json().path("scheme").asString("").equals(Scheme.BOUND)
        && instance.json().has("nonce");
  }

  static Stream<Described> described() {
    Stream<Described> server =
        Stream.concat(
                serverMessages().stream(),
                Stream.of(
                    ServerMessage.Member.class,
                    ServerMessage.ChannelSummary.class,
                    ServerMessage.Presence.class,
                    AccessNotice.Approved.class,
                    CourtMessage.CaseProposal.class,
                    CourtMessage.FiledEvidence.class,
                    CourtMessage.CastVote.class,
                    ArbiterResult.class,
                    RatingChange.class,
                    StakeOutcome.class,
                    EloStakes.class))
            .map(type -> new Described("server-message", type.getSimpleName(), type));
    Stream<Described> receipt =
        Stream.of(
                Receipt.Terms.class,
                Receipt.Leg.class,
                Receipt.Escrow.class,
                ArbiterResult.class,
                RatingChange.class,
                StakeOutcome.class,
                EloStakes.class)
            .map(type -> new Described("receipt", type.getSimpleName(), type));
    return Stream.of(server, receipt, Stream.of(new Described("receipt", "", Receipt.class)))
        .flatMap(one -> one);
  }

  /// A property for every component and none besides; required when it is always written; with null
  /// allowed when null is written.
  @ParameterizedTest
  @MethodSource("described")
  void schemaHasThePropertiesOfItsRecord(Described described) {
    JsonNode schema =
        new Instance(described.file(), described.definition(), Json.parse("{}")).schema();
    boolean message = ServerMessage.class.isAssignableFrom(described.type());
    Map<String, Boolean> required = new TreeMap<>();
    Set<String> nullable = new TreeSet<>();
    for (RecordComponent component : described.type().getRecordComponents()) {
      boolean leftOut = Samples.isNullable(component) && isLeftOut(described.type(), component);
      required.put(wireName(component), !leftOut);
      if (Samples.isNullable(component) && !leftOut) {
        nullable.add(wireName(component));
      }
    }
    if (message) {
      required.put("type", true);
    }

    assertThat(required(schema)).isEqualTo(required);
    assertThat(nullable(schema)).isEqualTo(nullable);
  }

  private static boolean isLeftOut(Class<?> type, RecordComponent component) {
    JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
    JsonInclude include = own == null ? type.getAnnotation(JsonInclude.class) : own;
    return include != null && include.value() == JsonInclude.Include.NON_NULL;
  }

  private static String wireName(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given == null
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : given.value();
  }

  @Test
  void statementSchemasHaveTheFieldsOfTheirRecords() {
    for (Class<?> type : Kinds.of(Statement.class)) {
      Map<String, Boolean> required = new TreeMap<>();
      for (RecordComponent component : type.getRecordComponents()) {
        required.put(wireName(component), !Samples.isNullable(component));
      }
      String wireType = wireType(type);
      assertThat(required.keySet()).containsExactlyElementsOf(Statement.fieldNames(wireType));
      required.put("type", true);
      assertThat(required(definition("event", type.getSimpleName()))).isEqualTo(required);

      Map<String, Boolean> frame = new TreeMap<>(required);
      SIGNING.forEach(name -> frame.putIfAbsent(name, name.equals("sig")));
      JsonNode schema = definition("client-message", type.getSimpleName());
      assertThat(required(schema)).isEqualTo(frame);
      assertThat(schema.path("then").path("properties").propertyNames())
          .containsExactlyInAnyOrderElementsOf(frame.keySet());
    }
    assertThat(Statement.TYPES)
        .containsExactlyInAnyOrderElementsOf(
            Kinds.of(Statement.class).stream().map(SchemaTest::wireType).toList());
  }

  private static String wireType(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  @Test
  void eventAndClientSchemasHaveTheFieldsOfTheirRecords() {
    assertThat(components(Event.Genesis.class))
        .isEqualTo(required(definition("event", "Genesis"), "type"));
    assertThat(components(Event.PanelNonce.class))
        .isEqualTo(required(definition("event", "PanelNonce"), "type"));
    assertThat(components(Event.RatingsCommitted.class))
        .isEqualTo(required(definition("event", "RatingsCommitted"), "type"));
    assertThat(components(Event.Pool.class)).isEqualTo(required(definition("event", "Pool")));
    assertThat(components(Event.Tick.class))
        .isEqualTo(required(definition("event", "Tick"), "type"));
    Map<String, Boolean> stated = components(Event.Stated.class);
    stated.remove("signed");
    stated.put("signature", true);
    stated.put("statement", true);
    assertThat(stated).isEqualTo(required(definition("event", "Stated"), "type"));
    Map<String, Boolean> bound = components(Scheme.Bound.class);
    assertThat(bound).isEqualTo(required(definition("event", "Bound"), "key", "scheme", "sig"));
    assertThat(components(Scheme.Joined.class))
        .isEqualTo(required(definition("event", "Joined"), "key", "scheme", "sig"));

    Map<String, String> renamed = Map.of("key", "pubkey", "signature", "sig");
    for (Class<?> type : Kinds.of(ClientMessage.class)) {
      if (type != ClientMessage.State.class) {
        Map<String, Boolean> expected = new TreeMap<>();
        components(type)
            .forEach((name, always) -> {
              boolean proof = type == ClientMessage.VerifyIdentity.class;
              expected.put(
                  proof ? name : renamed.getOrDefault(name, name),
                  always && !(proof && name.equals("scheme")) && !isSwitch(type, name));
            });
        expected.put("client_msg_id", false);
        assertThat(required(definition("client-message", type.getSimpleName()), "type"))
            .as(type.getSimpleName())
            .isEqualTo(expected);
      }
    }
  }

  /// Whether it is off when it is absent.
  private static boolean isSwitch(Class<?> type, String name) {
    return type == ChatMessage.CreateChannel.class && name.endsWith("_only");
  }

  private static Map<String, Boolean> components(Class<?> type) {
    Map<String, Boolean> required = new TreeMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      required.put(wireName(component), !Samples.isNullable(component));
    }
    return required;
  }

  /// Each file lists every kind that its family has, under the name that is on the wire.
  @Test
  void everyKindIsInItsSchema() {
    assertThat(kinds("server-message"))
        .containsExactlyInAnyOrderElementsOf(
            serverMessages().stream().map(Class::getSimpleName).toList());
    List<String> client =
        Stream.of(ClientMessage.class, Statement.class)
            .flatMap(family -> Kinds.of(family).stream())
            .map(Class::getSimpleName)
            .filter(name -> !name.equals("State"))
            .toList();
    assertThat(kinds("client-message")).containsExactlyInAnyOrderElementsOf(client);
    assertThat(kinds("event"))
        .containsExactlyInAnyOrderElementsOf(
            Kinds.of(Event.class).stream().map(Class::getSimpleName).toList());
  }

  private static List<String> kinds(String file) {
    List<String> kinds = new ArrayList<>();
    for (JsonNode kind : tree(file).path("oneOf")) {
      kinds.add(kind.path("$ref").stringValue().substring("#/$defs/".length()));
    }
    return kinds;
  }

  /// What is called the same in two files and is no record is the same.
  @Test
  void sharedDefinitionsAreEqual() {
    Map<String, JsonNode> seen = new HashMap<>();
    Set<String> shared =
        Set.of(
            "AgentId",
            "Millis",
            "Index",
            "Amount",
            "Stake",
            "Channel",
            "ProposalId",
            "Key",
            "Signature",
            "Origin",
            "Nonce",
            "Relay",
            "EvmAddress",
            "EvmHash",
            "EvmChain",
            "TokenAmount",
            "Seconds",
            "EscrowTerms");
    for (String file : FILES) {
      for (Map.Entry<String, JsonNode> definition : tree(file).path("$defs").properties()) {
        if (shared.contains(definition.getKey())) {
          JsonNode before = seen.putIfAbsent(definition.getKey(), definition.getValue());
          assertThat(before == null || before.equals(definition.getValue()))
              .as(file + " " + definition.getKey())
              .isTrue();
        }
      }
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(shared);
  }

  @Test
  void everyDefinitionIsExplained() {
    for (String file : FILES) {
      assertThat(tree(file).path("$schema").stringValue())
          .isEqualTo("https://json-schema.org/draft/2020-12/schema");
      assertThat(tree(file).path("description").stringValue()).isNotBlank();
      for (Map.Entry<String, JsonNode> definition : tree(file).path("$defs").properties()) {
        assertThat(definition.getValue().path("title").asString("")).isNotBlank();
        assertThat(definition.getValue().path("description").asString("")).isNotBlank();
      }
    }
  }

  @Test
  void capturedFramesThatTheCodecAcceptsAreValid() {
    for (Captured captured : Vectors.capturedFrames()) {
      if (captured.fromClient()
          && ClientMessageCodec.decode(captured.text()) instanceof ClientFrame.Accepted) {
        assertThat(schema("client-message").validate(captured.frame()))
            .as(captured.text())
            .isEmpty();
      }
    }
  }

  private static Map<String, Boolean> required(JsonNode schema, String... without) {
    Set<String> demanded = new TreeSet<>();
    schema.path("required").forEach(name -> demanded.add(name.stringValue()));
    Map<String, Boolean> required = new TreeMap<>();
    for (String name : schema.path("properties").propertyNames()) {
      required.put(name, demanded.remove(name));
    }
    assertThat(demanded).as("required, but no property").isEmpty();
    required.keySet().removeAll(Set.of(without));
    return required;
  }

  private static Set<String> nullable(JsonNode schema) {
    Set<String> nullable = new TreeSet<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      for (JsonNode one : property.getValue().path("anyOf")) {
        if (one.path("type").asString("").equals("null")) {
          nullable.add(property.getKey());
        }
      }
    }
    return nullable;
  }

  private static void assertInvalid(Instance instance, JsonNode altered) {
    assertThat(schema(instance.file()).validate(altered)).as(Json.text(altered)).isNotEmpty();
  }

  private static JsonNode definition(String file, String name) {
    JsonNode definition = tree(file).path("$defs").path(name);
    assertThat(definition.isObject()).as(file + "#" + name).isTrue();
    return definition;
  }

  private static JsonNode tree(String file) {
    return TREES.getOrDefault(file, Json.parse("{}"));
  }

  private static JsonNode written(Object value) {
    return Json.parse(Json.text(value));
  }

  private static Schema schema(String file) {
    Schema schema = SCHEMAS.get(file);
    if (schema == null) {
      throw new IllegalArgumentException(file);
    }
    return schema;
  }
}
