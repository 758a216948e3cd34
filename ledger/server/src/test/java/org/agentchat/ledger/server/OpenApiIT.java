package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.agentchat.database.Database;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogFailures;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The document says what is served, and what is served is what the document says.
final class OpenApiIT {
  private static final JsonNode DOCUMENT = Json.parse(Api.document());
  private static final String ANN = Deals.agent(1).id().toString();

  private static final String EVE = Deals.agent(3).id().toString();

  @TempDir private Path folder;

  @Test
  void documentNamesExactlyWhatIsServed() {
    try (Database database = Store.database(folder.resolve("ledger.db").toString());
        LedgerMetrics metrics = new LedgerMetrics()) {
      EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
      Projector projector =
          new Projector(
              new Store(database), new FakeLog(), reader, metrics, false, Optional.empty());
      List<Route> routes =
          Api.routes(projector, database, new FakeLog(), metrics, Optional.empty());
      assertThat(new TreeSet<>(DOCUMENT.path("paths").propertyNames()))
          .isEqualTo(new TreeSet<>(routes.stream().map(Route::template).toList()));
      for (Route route : routes) {
        TreeSet<String> named = new TreeSet<>();
        for (JsonNode use : operation(route.template()).path("parameters")) {
          JsonNode parameter = resolved(use);
          if (parameter.path("in").stringValue().equals("query")) {
            named.add(parameter.path("name").stringValue());
          }
        }
        assertThat(named).as(route.template()).isEqualTo(new TreeSet<>(route.parameters()));
      }
      projector.close();
    }
  }

  @Test
  void realAnswersAreWhatTheDocumentSays() throws Exception {
    FakeLog log = FakeLog.of(MachineDeals.ofEveryKind());
    try (TestServer server = TestServer.published(folder, log)) {
      String open = server.json("/v1/proposals?limit=1").at("/proposals/0/id").stringValue();
      Map<String, List<String>> asked = new LinkedHashMap<>();
      asked.put("/health", List.of("/health"));
      asked.put("/metrics", List.of("/metrics"));
      asked.put("/openapi.json", List.of("/openapi.json"));
      asked.put("/v1/agents", List.of("/v1/agents", "/v1/agents?limit=1", "/v1/agents?from=!"));
      asked.put(
          "/v1/agents/{id}",
          List.of(
              "/v1/agents/" + ANN, "/v1/agents/" + EVE, "/v1/agents/nobody", "/v1/agents/a%20b"));
      asked.put(
          "/v1/agents/{id}/history",
          List.of(history(ANN), history(ANN) + "?limit=1", history("nobody"), history("a%20b")));
      asked.put(
          "/v1/agents/{id}/receipts",
          List.of(receipts(ANN), receipts(ANN) + "?limit=1", receipts("nobody"), receipts("!")));
      asked.put(
          "/v1/agents/{id}/keys", List.of(keys(ANN), keys(EVE), keys("nobody"), keys("a%20b")));
      asked.put(
          "/v1/agents/{id}/wallets",
          List.of(wallets(ANN), wallets(ANN) + "?limit=1", wallets("nobody"), wallets("a%20b")));
      asked.put("/v1/skills", List.of("/v1/skills", "/v1/skills?limit=1", "/v1/skills?from=!"));
      asked.put("/v1/leaderboard", List.of("/v1/leaderboard", "/v1/leaderboard?limit=0"));
      asked.put(
          "/v1/proposals",
          List.of("/v1/proposals", "/v1/proposals?limit=1000", "/v1/proposals?from=x"));
      asked.put(
          "/v1/proposals/{id}",
          List.of("/v1/proposals/" + open, "/v1/proposals/none", "/v1/proposals/!"));
      String machines = byCapability(server, DeploymentStatement.CAPABILITY);
      asked.put(
          "/v1/proposals/{id}/deployment",
          List.of(
              machines(machines),
              machines(machines) + "?limit=1",
              machines(open),
              machines("none"),
              machines("!")));
      asked.put("/v1/disputes/{id}", List.of("/v1/disputes/none", "/v1/disputes/!"));
      asked.put(
          "/v1/receipts",
          List.of("/v1/receipts", "/v1/receipts?limit=1000", "/v1/receipts?limit=x"));
      asked.put(
          "/v1/receipts/{id}",
          List.of("/v1/receipts/" + open, "/v1/receipts/none", "/v1/receipts/!"));
      asked.put("/v1/receipts/{id}/file", List.of("/v1/receipts/none/file", "/v1/receipts/!/file"));
      // Posted, see ReceiptFileIT.
      asked.put("/v1/verify", List.of());
      asked.put("/v1/stats", List.of("/v1/stats"));
      asked.put(
          "/v1/agents/{id}/certificate",
          List.of("/v1/agents/" + ANN + "/certificate", "/v1/agents/a%20b/certificate"));
      asked.put(
          "/v1/agents/{id}/entries",
          List.of(
              "/v1/agents/" + ANN + "/entries",
              "/v1/agents/" + ANN + "/entries?limit=1&from=2&tree=5&before=5",
              "/v1/agents/" + ANN + "/entries?tree=5&before=6",
              "/v1/agents/" + ANN + "/entries?tree=1000000",
              "/v1/agents/nobody/entries"));
      asked.put("/checkpoint", List.of("/checkpoint"));
      asked.put("/tile/*", List.of("/tile/0/000.p/1", "/tile/0/999", "/tile/x"));
      asked.put("/policy", List.of("/policy"));
      asked.put("/v1/log", List.of("/v1/log", "/v1/log?limit=1000", "/v1/log?from=x"));
      assertThat(asked.keySet()).containsAll(DOCUMENT.path("paths").propertyNames());
      for (Map.Entry<String, List<String>> path : asked.entrySet()) {
        for (String one : path.getValue()) {
          requireDocumented(path.getKey(), one, server.get(one));
        }
        if (!path.getValue().isEmpty()) {
          String again = path.getValue().getFirst();
          requireDocumented(path.getKey(), again, server.get(again));
        }
      }
    }
  }

  @Test
  void courtCasesAreServedWithTheirProposals() throws Exception {
    Deals deals = Deals.begun();
    String deal = deals.propose(Deals.agent(1), Deals.agent(2), Deals.Terms.PLAIN);
    deals.accept(Deals.agent(2), deal, 20);
    String dropped = deals.file(Deals.agent(1), deal, "first");
    deals.later(600_000).tick();
    String open = deals.file(Deals.agent(2), deal, "second");
    try (TestServer server = TestServer.ready(folder.resolve("ledger.db"), FakeLog.of(deals))) {
      for (String dispute : List.of(dropped, open)) {
        requireDocumented(
            "/v1/disputes/{id}", "/v1/disputes/" + dispute, server.get("/v1/disputes/" + dispute));
      }
      JsonNode proposal = server.json("/v1/proposals/" + deal);
      requireDocumented(
          "/v1/proposals/{id}", "/v1/proposals/" + deal, server.get("/v1/proposals/" + deal));

      assertThat(proposal.path("status").stringValue()).isEqualTo("contested");
      assertThat(proposal.path("dispute_id").stringValue()).isEqualTo(open);
      JsonNode closed = server.json("/v1/disputes/" + dropped);
      assertThat(closed.path("phase").stringValue()).isEqualTo("fallback");
      assertThat(closed.path("fallback").stringValue()).isEqualTo("Reveal timeout expired");
      assertThat(closed.path("reason").stringValue()).isEqualTo("bad \0 work");
      assertThat(server.json("/v1/disputes/" + open).path("deadline").isIntegralNumber()).isTrue();
      assertThat(server.json("/v1/agents/" + Deals.agent(1).id()).path("rating").intValue())
          .isEqualTo(1190);
      assertThat(server.json("/v1/agents/" + Deals.agent(2).id()).path("staked").intValue())
          .isEqualTo(30);
    }
  }

  @Test
  void troubleIsWhatTheDocumentSays() throws Exception {
    FakeLog log = FakeLog.of(Deals.begun());
    log.fail(LogFailures.away());
    try (TestServer server = TestServer.start(folder.resolve("ledger.db"), log)) {
      requireDocumented("/health", "/health", server.get("/health"));
      requireDocumented("/v1/stats", "/v1/stats", server.get("/v1/stats"));
    }
  }

  private static String history(String agent) {
    return "/v1/agents/" + agent + "/history";
  }

  private static String receipts(String agent) {
    return "/v1/agents/" + agent + "/receipts";
  }

  private static String wallets(String agent) {
    return "/v1/agents/" + agent + "/wallets";
  }

  /// The first deal of that capability.
  private static String byCapability(TestServer server, String capability) throws Exception {
    return server
        .json("/v1/proposals?limit=1000")
        .path("proposals")
        .valueStream()
        .filter(proposal -> proposal.path("capability").asString("").equals(capability))
        .findFirst()
        .orElseThrow()
        .path("id")
        .stringValue();
  }

  private static String machines(String proposal) {
    return "/v1/proposals/" + proposal + "/deployment";
  }

  private static String keys(String agent) {
    return "/v1/agents/" + agent + "/keys";
  }

  private static JsonNode operation(String template) {
    JsonNode path = DOCUMENT.path("paths").path(template);
    return path.path(path.has("get") ? "get" : "post");
  }

  static void requireDocumented(String template, String asked, HttpResponse<String> answer) {
    String status = Integer.toString(answer.statusCode());
    JsonNode response = resolved(operation(template).path("responses").path(status));
    assertThat(response.isMissingNode()).as("%s answered %s", asked, status).isFalse();
    String type = answer.headers().firstValue("Content-Type").orElseThrow().split(";", 2)[0];
    JsonNode content = response.path("content").path(type);
    assertThat(content.isMissingNode()).as("%s answered %s", asked, type).isFalse();
    if (type.endsWith("json")) {
      ObjectNode schema = ((ObjectNode) content.path("schema")).deepCopy();
      schema.set("components", DOCUMENT.path("components"));
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(Json.text(schema))
                  .validate(Json.parse(answer.body())))
          .as(asked)
          .isEmpty();
    }
  }

  private static JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isString() ? DOCUMENT.at(reference.stringValue().substring(1)) : node;
  }
}
