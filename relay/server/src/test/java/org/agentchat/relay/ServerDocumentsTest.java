package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.api.ServerInformation;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a relay publishes of itself, over real HTTP.
final class ServerDocumentsTest {
  private static final String CARD = "/.well-known/agent-card.json";

  private final HttpClient http = HttpClient.newHttpClient();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay = start(AccessRules.defaults());
  }

  private static Relay start(AccessRules access) throws Exception {
    return Relay.start(
        RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log")
            .named("meeting")
            .with(access),
        new MemoryLog(),
        new VerifiedEvents());
  }

  @AfterEach
  void stop() {
    relay.close();
    http.close();
  }

  @Test
  void informationIsWhatItsSchemaSays() throws Exception {
    JsonNode said = Json.parse(get(ServerInformation.PATH).body());

    String schema = get("/schemas/server-information.schema.json").body();
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(said))
        .isEmpty();
    assertThat(said.path("name").stringValue()).isEqualTo("meeting");
    assertThat(said.path("relay").stringValue()).isEqualTo("test-relay");
    assertThat(said.path("origin").stringValue()).isEqualTo("test.example/log");
    assertThat(said.path("limits").path("frame_bytes").intValue()).isEqualTo(2_097_152);
    assertThat(said.path("channels").path(0).path("name").stringValue()).isEqualTo("#general");
    assertThat(said.path("links").path("websocket").stringValue()).isEqualTo(relay.url() + "/");
    assertThat(said.path("frames").path("client").toString()).contains("\"IDENTIFY\"");
  }

  @Test
  void ledgerIsNamedOnceItIsKnown() throws Exception {
    assertThat(information().links().ledger()).isNull();

    relay.tellLedger(6680);

    assertThat(information().links().ledger()).isEqualTo("http://127.0.0.1:6680");
  }

  private ServerInformation information() throws Exception {
    return Json.mapper().readValue(get(ServerInformation.PATH).body(), ServerInformation.class);
  }

  @Test
  void everyLinkLeadsToSomething() throws Exception {
    ServerInformation.Links links = information().links();

    for (String link : links.schemas()) {
      assertThat(status(link)).as(link).isEqualTo(200);
    }
    for (String link :
        List.of(links.health(), links.metrics(), links.agentCard(), links.asyncapi())) {
      assertThat(status(link)).as(link).isEqualTo(200);
    }
    new Peer(links.websocket()).close();
  }

  private int status(String link) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(link)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /// Agent2Agent protocol 1.0, section 4.4: the fields that it demands, and those of 0.3.
  @Test
  void agentCardHasTheFieldsThatA2aDemands() throws Exception {
    JsonNode card = Json.parse(get(CARD).body());

    for (String text : List.of("name", "description", "version", "url", "protocolVersion")) {
      assertThat(card.path(text).asString("")).as(text).isNotBlank();
    }
    for (String list : List.of("defaultInputModes", "defaultOutputModes", "skills")) {
      assertThat(card.path(list).isArray()).as(list).isTrue();
      assertThat(card.path(list).size()).as(list).isPositive();
    }
    for (JsonNode skill : card.path("skills")) {
      for (String field : List.of("id", "name", "description", "tags")) {
        assertThat(skill.has(field)).as(field).isTrue();
      }
    }
    JsonNode offered = card.path("supportedInterfaces");
    assertThat(offered.size()).isEqualTo(1);
    assertThat(offered.path(0).path("url").stringValue()).isEqualTo(relay.url() + "/");
    assertThat(offered.path(0).path("protocolVersion").stringValue()).isEqualTo("1.0");
  }

  @Test
  void agentCardPromisesNoneOfA2asOperations() throws Exception {
    JsonNode card = Json.parse(get(CARD).body());

    String binding = card.path("supportedInterfaces").path(0).path("protocolBinding").stringValue();
    assertThat(binding).isNotIn("JSONRPC", "GRPC", "HTTP+JSON");
    assertThat(card.path("preferredTransport").stringValue()).isEqualTo(binding);
    JsonNode capabilities = card.path("capabilities");
    assertThat(capabilities.path("streaming").booleanValue()).isFalse();
    assertThat(capabilities.path("pushNotifications").booleanValue()).isFalse();
    JsonNode extension = capabilities.path("extensions").path(0);
    assertThat(extension.path("required").booleanValue()).isTrue();
    assertThat(extension.path("params")).isEqualTo(Json.parse(get(ServerInformation.PATH).body()));
  }

  @Test
  void documentsAreCachedUntilTheyChange() throws Exception {
    HttpResponse<String> first = get(CARD);
    assertThat(first.headers().firstValue("Cache-Control")).contains("public, max-age=300");
    assertThat(first.headers().firstValue("Vary")).contains("X-Forwarded-Proto");
    assertThat(first.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = get(CARD, "If-None-Match", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    relay.tellLedger(6680);
    assertThat(get(CARD, "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @Test
  void asyncApiDocumentNeedsNoOther() throws Exception {
    HttpResponse<String> response = get("/asyncapi.json");

    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).contains("asyncapi");
    JsonNode document = Json.parse(response.body());
    assertThat(document.path("asyncapi").stringValue()).isEqualTo("3.0.0");
    assertThat(document.findValuesAsString("$ref")).isNotEmpty().allMatch(to -> to.startsWith("#"));
  }

  @Test
  void addressesAreThoseThatWereAskedFor() throws Exception {
    assertThat(websocketFor("Host: Chat.example:8443", "X-Forwarded-Proto: https"))
        .isEqualTo("ws://Chat.example:8443/");
    assertThat(websocketFor("Host: [::1]:1234")).isEqualTo("ws://[::1]:1234/");
    String own = "ws://localhost:" + relay.address().getPort() + "/";
    for (String strange :
        List.of("a/b", "a b", "\"><script>", "me@host", "x:999999", "..", "[::", "")) {
      assertThat(websocketFor("Host: " + strange))
          .as(strange)
          .isIn(own, "HTTP/1.1 400 Bad Request");
    }
  }

  @Test
  void proxyThatIsBelievedSaysThatItEndedTheTls() throws Exception {
    relay.close();
    relay =
        start(
            AccessRules.defaults()
                .with(
                    new AccessRules.Network(Set.of(InetAddress.ofLiteral("127.0.0.1")), Set.of())));

    assertThat(websocketFor("Host: chat.example", "X-Forwarded-Proto: https"))
        .isEqualTo("wss://chat.example/");
    assertThat(websocketFor("Host: chat.example", "X-Forwarded-Proto: gopher"))
        .isEqualTo("ws://chat.example/");
  }

  @Test
  void rulesOfTheDoorAreFeatures() throws Exception {
    assertThat(information().features()).contains("direct_messages").doesNotContain("captcha");
    relay.close();
    relay = start(AccessRules.defaults().with(CaptchaRules.defaults()));

    assertThat(information().features()).contains("captcha");
  }

  /// Speaks HTTP by hand, since the client of the JDK writes its own Host header.
  private String websocketFor(String... headers) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.address().getPort())) {
      String request =
          "GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
              .formatted(ServerInformation.PATH, String.join("\r\n", headers));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!answer.startsWith("HTTP/1.1 200")) {
        return answer.lines().findFirst().orElse("nothing");
      }
      return Json.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4))
          .path("links")
          .path("websocket")
          .stringValue();
    }
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    URI uri = URI.create(relay.url().replace("ws://", "http://") + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
