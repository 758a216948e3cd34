package org.agentchat.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agentchat.schemas.Samples;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The published schema of the server information and its records say the same.
class ServerInformationTest {
  private static final String TEXT = Vectors.text("server-information.schema.json");
  private static final JsonNode TREE = Json.parse(TEXT);

  /// A record, and the schema that describes it.
  record Described(Class<? extends Record> type, JsonNode schema) {
    @Override
    public String toString() {
      return type.getSimpleName();
    }
  }

  static Stream<Described> described() {
    JsonNode definitions = TREE.path("$defs");
    return Stream.concat(
        Stream.of(new Described(ServerInformation.class, TREE)),
        Stream.of(
                ServerInformation.Frames.class,
                ServerInformation.Channel.class,
                ServerInformation.Limits.class,
                ServerInformation.Links.class)
            .map(type -> new Described(type, definitions.path(type.getSimpleName()))));
  }

  @ParameterizedTest
  @MethodSource("described")
  void schemaHasThePropertiesOfItsRecord(Described described) {
    Map<String, Boolean> components = new TreeMap<>();
    for (RecordComponent component : described.type().getRecordComponents()) {
      String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      components.put(name, !Samples.isNullable(component));
    }
    Map<String, Boolean> properties = new TreeMap<>();
    described
        .schema()
        .path("properties")
        .propertyNames()
        .forEach(name -> properties.put(name, false));
    described
        .schema()
        .path("required")
        .forEach(name -> properties.replace(name.stringValue(), true));

    assertThat(properties).isEqualTo(components);
  }

  @Test
  void whatTheRecordWritesIsValid() {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);
    JsonNode written = Json.parse(Json.text(sample()));

    assertThat(schema.validate(written)).as(Json.text(written)).isEmpty();

    ((ObjectNode) written.path("limits")).put("frame_bytes", "2 MiB");
    assertThat(schema.validate(written)).isNotEmpty();
  }

  private static ServerInformation sample() {
    return new ServerInformation(
        "agentchat",
        "1.0",
        "agentchat/0.36",
        "relay-1",
        "example.com/log",
        List.of("agentchat/1"),
        List.of("resume"),
        new ServerInformation.Frames(List.of("JOIN"), List.of("JOINED")),
        List.of(new ServerInformation.Channel("#general", false)),
        new ServerInformation.Limits(
            1, 2, 3, 4, 5, 6, 7, 8, 0.5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
            24),
        new ServerInformation.Links(
            "ws://a/",
            "http://a/health",
            "http://a/metrics",
            "http://a/.well-known/agent-card.json",
            "http://a/asyncapi.json",
            List.of("http://a/schemas/event.schema.json"),
            null));
  }
}
