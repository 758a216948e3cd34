package org.agentchat.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The published AsyncAPI document is the one that follows from the schemas, and knows every kind
/// that the code knows. After a change of the schemas one command writes it anew: `mvn -pl schemas
/// test -Dtest=AsyncApiTest -Dasyncapi.write`.
class AsyncApiTest {
  static final Path PUBLISHED = Path.of("src/main/resources/org/agentchat/schemas/asyncapi.json");

  private final Map<String, JsonNode> schemas = schemas();

  static Map<String, JsonNode> schemas() {
    Map<String, JsonNode> schemas = new LinkedHashMap<>();
    AsyncApi.FILES.forEach(file -> schemas.put(file, Json.parse(Vectors.text(file))));
    return schemas;
  }

  @Test
  void publishedDocumentFollowsFromTheSchemas() throws IOException {
    String document = Json.pretty(AsyncApi.document(schemas)) + "\n";
    if (System.getProperty("asyncapi.write") != null) {
      Files.writeString(PUBLISHED, document);
    }

    assertThat(PUBLISHED)
        .as("write it anew: mvn -pl schemas test -Dtest=AsyncApiTest -Dasyncapi.write")
        .hasContent(document);
  }

  @Test
  void everyKindOfTheCodeIsAMessage() {
    List<String> wanted = new ArrayList<>();
    Stream.of(ClientMessage.class, Statement.class)
        .flatMap(AsyncApiTest::kinds)
        .filter(kind -> kind != ClientMessage.State.class)
        .forEach(kind -> wanted.add("Client" + kind.getSimpleName()));
    kinds(ServerMessage.class)
        .filter(kind -> kind != ServerMessage.Unknown.class)
        .forEach(kind -> wanted.add("Server" + kind.getSimpleName()));
    kinds(Event.class).forEach(kind -> wanted.add("Event" + kind.getSimpleName()));
    JsonNode document = AsyncApi.document(schemas);

    assertThat(document.path("components").path("messages").propertyNames())
        .containsExactlyInAnyOrderElementsOf(wanted);
    List<String> heard = new ArrayList<>();
    document
        .path("channels")
        .forEach(channel -> heard.addAll(channel.path("messages").propertyNames()));
    assertThat(heard).containsExactlyInAnyOrderElementsOf(wanted);
  }

  private static Stream<Class<?>> kinds(Class<?> family) {
    return Arrays.stream(family.getPermittedSubclasses())
        .flatMap(kind -> kind.isInterface() ? kinds(kind) : Stream.of(kind));
  }

  @Test
  void messagesAreCalledAsOnTheWire() {
    assertThat(AsyncApi.types(schemas.get("client-message.schema.json")))
        .contains("IDENTIFY", "LIST_CHANNELS", "PROPOSAL")
        .doesNotHaveDuplicates();
  }

  @Test
  void everyReferenceOfTheSelfContainedDocumentIsInIt() {
    JsonNode document = AsyncApi.selfContained(schemas);

    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).hasSizeGreaterThan(300);
    for (JsonNode reference : references) {
      assertThat(reference.stringValue()).startsWith("#/");
      assertThat(document.at(reference.stringValue().substring(1)).isObject())
          .as(reference.stringValue())
          .isTrue();
    }
    for (String file : AsyncApi.FILES) {
      JsonNode schema = schemas.get(file);
      String prefix = file.replace(".schema.json", ".");
      assertThat(document.path("components").path("schemas").propertyNames())
          .containsAll(
              schema.path("$defs").propertyNames().stream().map(name -> prefix + name).toList());
    }
  }
}
