package org.agentchat.relay;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.agentchat.schemas.api.AsyncApi;
import org.agentchat.schemas.api.ServerInformation;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import tools.jackson.databind.JsonNode;

/// What the relay publishes of itself for those who have not connected: its information, the A2A
/// agent card, the AsyncAPI document and the JSON Schemas. All of it is public and the same for
/// everybody who uses the same address. Thread-safe.
final class ServerDocuments {
  /// Deployments and limits change rarely; what was moved is found again within minutes.
  static final Duration FRESH = Duration.ofMinutes(5);

  private static final String AGENT_CARD = "/.well-known/agent-card.json";
  private static final String ASYNC_API = "/asyncapi.json";
  private static final String SCHEMAS = "/schemas/";
  private static final String RESOURCES = "/org/agentchat/schemas/";
  private static final String PROTOCOL = "agentchat/0.36";
  private static final List<String> SCHEMA_FILES =
      Stream.concat(
              AsyncApi.FILES.stream(),
              Stream.of(
                  "receipt.schema.json",
                  "receipt-file.schema.json",
                  "hooks.schema.json",
                  "hook-event.schema.json",
                  "server-information.schema.json"))
          .toList();

  private final RelaySettings settings;
  private final String origin;
  private final Map<String, Document> fixed = new LinkedHashMap<>();
  private final ServerInformation.Frames frames;
  private volatile OptionalInt ledgerPort = OptionalInt.empty();

  /// One document.
  ///
  /// @param tag changes when the body does
  record Document(String type, String body, String tag) {
    static Document of(String type, String body) {
      return new Document(type, body, Sha256.hex(body).substring(0, 32));
    }
  }

  /// @param origin the log's name
  ServerDocuments(RelaySettings settings, String origin) {
    this.settings = settings;
    this.origin = origin;
    Map<String, JsonNode> schemas = new LinkedHashMap<>();
    for (String file : SCHEMA_FILES) {
      String text = resource(file);
      schemas.put(file, Json.parse(text));
      fixed.put(SCHEMAS + file, Document.of("application/schema+json", text));
    }
    String asyncApi = Json.text(AsyncApi.selfContained(schemas));
    fixed.put(ASYNC_API, Document.of("application/vnd.aai.asyncapi+json;version=3.0.0", asyncApi));
    frames =
        new ServerInformation.Frames(
            AsyncApi.types(schemas.getOrDefault("client-message.schema.json", Json.parse("{}"))),
            AsyncApi.types(schemas.getOrDefault("server-message.schema.json", Json.parse("{}"))));
  }

  private static String resource(String name) {
    try (InputStream in = AsyncApi.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the resource " + RESOURCES + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("this build's resource cannot be read: " + name, e);
    }
  }

  /// Says from now on that there is a ledger at this port of the same host.
  void tellLedger(int port) {
    ledgerPort = OptionalInt.of(port);
  }

  /// @param base the address that was asked, `http://` or `https://`, host and port
  Optional<Document> find(String path, URI base) {
    return switch (path) {
      case ServerInformation.PATH -> Optional.of(json(information(base)));
      case AGENT_CARD -> Optional.of(json(AgentCard.of(information(base))));
      case String _ -> Optional.ofNullable(fixed.get(path));
    };
  }

  private static Document json(Object value) {
    return Document.of("application/json", Json.pretty(value) + "\n");
  }

  private ServerInformation information(URI base) {
    return new ServerInformation(
        settings.server(),
        RelayHealth.version(),
        PROTOCOL,
        settings.relay(),
        origin,
        List.of(Scheme.JOINED, Scheme.BOUND),
        features(),
        frames,
        channels(),
        limits(),
        links(base));
  }

  /// In the words of docs/protocol.md.
  private List<String> features() {
    List<String> features =
        new ArrayList<>(List.of("client_msg_id", "signed_messages", "statements", "resume"));
    ChatRules chat = settings.chat();
    if (!chat.channels().verifiedCreate()) {
      features.add("create_channel");
    }
    if (chat.channels().privateChannels()) {
      features.add("private_channels");
    }
    if (chat.direct().allowed()) {
      features.add("direct_messages");
    }
    AccessRules access = settings.access();
    if (access.allowlist() == AccessRules.Allowlisting.STRICT) {
      features.add("allowlist");
    }
    if (access.captcha().isPresent()) {
      features.add("captcha");
    }
    if (access.lurk().isPresent()) {
      features.add("lurk");
    }
    return features;
  }

  private List<ServerInformation.Channel> channels() {
    return Stream.concat(
            settings.channels().stream().map(name -> new ServerInformation.Channel(name, false)),
            settings.verifiedChannels().stream()
                .map(name -> new ServerInformation.Channel(name, true)))
        .toList();
  }

  private ServerInformation.Limits limits() {
    RelayLimits limits = settings.limits();
    ChatRules.SignalRules signals = settings.chat().signals();
    return new ServerInformation.Limits(
        ClientMessageCodec.MAX_FRAME,
        limits.flood().strangersBytes(),
        ClientMessageCodec.MAX_CONTENT_CHARS,
        Statement.MAX_TEXT_CHARS,
        ClientMessageCodec.MAX_CLIENT_MSG_ID_CHARS,
        limits.flood().agents(),
        limits.flood().strangers(),
        limits.flood().window().toMillis(),
        limits.messages().perSecond(),
        limits.messages().burst(),
        limits.requests().perSecond(),
        limits.requests().burst(),
        signals.perSecond(),
        signals.burst(),
        limits.sockets().perAddress(),
        limits.membership().perAgent(),
        limits.membership().perChannel(),
        limits.replay().frames(),
        limits.replay().bytes(),
        limits.waits().identify().toMillis(),
        limits.waits().challenge().toMillis(),
        limits.waits().answer().toMillis(),
        limits.waits().ping().toMillis(),
        limits.waits().silence().toMillis());
  }

  private ServerInformation.Links links(URI base) {
    String http = base.toString();
    String ledger = ledgerPort.isPresent() ? ledger(base, ledgerPort.getAsInt()) : null;
    return new ServerInformation.Links(
        "ws" + http.substring("http".length()) + "/",
        http + "/health",
        http + "/metrics",
        http + AGENT_CARD,
        http + ASYNC_API,
        SCHEMA_FILES.stream().map(file -> http + SCHEMAS + file).toList(),
        ledger);
  }

  /// The ledger's own port speaks HTTP without TLS.
  private static String ledger(URI base, int port) {
    return "http://" + base.getHost() + ":" + port;
  }
}
