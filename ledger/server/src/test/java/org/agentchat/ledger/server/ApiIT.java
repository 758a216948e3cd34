package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Tenure;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.KeyStatement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ApiIT {
  @TempDir private static Path folder;
  private static final Deals DEALS = Deals.ofEveryKind();
  private static final Identity ANN = Deals.agent(1);
  private static final Ledger LEDGER = new Ledger();
  private static TestServer server;

  @BeforeAll
  static void start() throws InterruptedException, TimeoutException {
    DEALS.entries().forEach(LEDGER::apply);
    server = TestServer.ready(folder.resolve("ledger.db"), FakeLog.of(DEALS));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"@", "", "%40"})
  void agentIsFoundUnderEachSpelling(String at) throws Exception {
    Account account = LEDGER.account(ANN.id()).orElseThrow();
    JsonNode agent = server.json("/v1/agents/" + at + ANN.id().name());
    assertThat(agent.path("id").stringValue()).isEqualTo(ANN.id().toString());
    assertThat(agent.path("key").stringValue()).isEqualTo(ANN.key().pem());
    assertThat(agent.path("rating").intValue()).isEqualTo(account.rating());
    assertThat(agent.path("transactions").intValue()).isEqualTo(account.transactions());
    assertThat(agent.path("available").intValue()).isEqualTo(account.available());
    assertThat(agent.path("k_factor").intValue()).isEqualTo(32);
    assertThat(agent.path("is_new").booleanValue()).isFalse();
    assertThat(agent.path("updated").stringValue()).startsWith("2027-").endsWith("Z");
    assertThat(agent.path("skills").path("code").path("transactions").intValue()).isEqualTo(2);
    assertThat(agent.path("size").longValue()).isEqualTo(LEDGER.size());
  }

  @Test
  void pagesOfAgentsHoldEveryAccountOfTheFold() throws Exception {
    List<JsonNode> agents = pages("/v1/agents", "agents", 2);
    assertThat(agents.stream().map(agent -> agent.path("id").stringValue()))
        .containsExactlyElementsOf(
            LEDGER.accounts().stream().map(account -> account.id().toString()).sorted().toList());
    int i = 0;
    for (Account account :
        LEDGER.accounts().stream().sorted(Comparator.comparing(Account::id)).toList()) {
      JsonNode agent = agents.get(i++);
      assertThat(agent.path("rating").intValue()).isEqualTo(account.rating());
      assertThat(agent.path("staked").intValue()).isEqualTo(account.staked());
      assertThat(agent.path("skills").propertyNames())
          .containsExactlyElementsOf(account.skills().keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void pagesAreTheWholeWhateverTheirSize(int limit) throws Exception {
    String agent = "/v1/agents/" + ANN.id();
    assertThat(pages("/v1/log", "entries", limit)).hasSize((int) LEDGER.size());
    assertThat(pages("/v1/receipts", "receipts", limit))
        .isEqualTo(pages("/v1/receipts", "receipts", 500))
        .hasSize(8);
    assertThat(pages("/v1/proposals", "proposals", limit))
        .isEqualTo(pages("/v1/proposals", "proposals", 500))
        .hasSize(15);
    assertThat(pages(agent + "/history", "changes", limit))
        .isEqualTo(pages(agent + "/history", "changes", 500))
        .hasSize(6);
    assertThat(pages(agent + "/receipts", "receipts", limit))
        .isEqualTo(pages(agent + "/receipts", "receipts", 500))
        .hasSize(5);
  }

  @Test
  void accountIsFoundUnderEveryNameThatItHad() throws Exception {
    Identity eve = Deals.agent(3);
    Identity latest = Deals.agent(5);
    JsonNode agent = server.json("/v1/agents/" + latest.id());
    assertThat(agent.path("id").stringValue()).isEqualTo(latest.id().toString());
    assertThat(agent.path("first_id").stringValue()).isEqualTo(eve.id().toString());
    assertThat(agent.path("key").stringValue()).isEqualTo(latest.key().pem());
    assertThat(agent.path("revoked").booleanValue()).isFalse();
    assertThat(agent.at("/registered/agent").stringValue()).isEqualTo(latest.id().toString());
    assertThat(agent.at("/registered/skills/1/capability").stringValue())
        .isEqualTo("nul \0 and \\ and \u2603");
    assertThat(agent.at("/skills/code/updated").stringValue()).startsWith("2027-").endsWith("Z");
    for (Identity former : List.of(eve, Deals.agent(4))) {
      assertThat(server.json("/v1/agents/" + former.id())).isEqualTo(agent);
      for (String more : List.of("/history", "/receipts", "/keys")) {
        assertThat(server.json("/v1/agents/" + former.id() + more))
            .isEqualTo(server.json("/v1/agents/" + latest.id() + more));
      }
    }
    List<String> ends =
        pages("/v1/agents/" + eve.id() + "/receipts", "receipts", 100).stream()
            .map(receipt -> receipt.path("from").stringValue())
            .toList();
    assertThat(ends).contains(latest.id().toString()).contains(eve.id().toString());
    assertThat(server.json("/v1/leaderboard").toString())
        .contains(latest.id().toString())
        .doesNotContain(eve.id().toString());
  }

  /// From the answer alone a stranger checks every link.
  @Test
  void chainOfKeysCanBeCheckedByAStranger() throws Exception {
    JsonNode chain = server.json("/v1/agents/" + Deals.agent(4).id() + "/keys");
    Account account = LEDGER.account(Deals.agent(4).id()).orElseThrow();
    assertThat(chain.path("keys").size()).isEqualTo(3);
    Ed25519Verifier verifier = new Ed25519Verifier();
    for (int i = 0; i < 3; i++) {
      JsonNode key = chain.path("keys").get(i);
      Tenure tenure = account.keys().get(i);
      assertThat(key.path("id").stringValue()).isEqualTo(tenure.id().toString());
      assertThat(key.path("from_index").longValue()).isEqualTo(tenure.from());
      if (i < 2) {
        byte[] event = key.path("end_event").stringValue().getBytes(StandardCharsets.UTF_8);
        assertThat(event).isEqualTo(DEALS.events().get(key.path("end_index").intValue()));
        Event.Stated stated = (Event.Stated) EventCodec.decode(event);
        assertThat(stated.signed().isValid(verifier)).isTrue();
        assertThat(stated.signed().key()).isEqualTo(tenure.key());
        assertThat(((KeyStatement.RotateKey) stated.signed().statement()).newKey())
            .isEqualTo(account.keys().get(i + 1).key());
        assertThat(key.path("end").stringValue()).isEqualTo("rotated");
      } else {
        assertThat(key.path("end").isNull()).isTrue();
        assertThat(key.path("end_event").isNull()).isTrue();
      }
    }
  }

  @Test
  void revokedKeyIsShownAndItsSkillsAreNotOffered() throws Exception {
    String gone = Deals.agent(6).id().toString();
    assertThat(server.json("/v1/agents/" + gone).path("revoked").booleanValue()).isTrue();
    assertThat(server.json("/v1/agents/" + gone + "/keys").at("/keys/0/end").stringValue())
        .isEqualTo("revoked");
    List<JsonNode> lists = pages("/v1/skills", "agents", 1);
    assertThat(lists.stream().map(list -> list.path("agent").stringValue()))
        .containsExactlyElementsOf(
            Stream.of(Deals.agent(2), Deals.agent(5))
                .map(agent -> agent.id().toString())
                .sorted()
                .toList());
  }

  private static List<JsonNode> pages(String path, String name, int limit) throws Exception {
    List<JsonNode> items = new ArrayList<>();
    JsonNode page = server.json(path + "?limit=" + limit);
    page.path(name).forEach(items::add);
    while (!page.path("next").isNull()) {
      JsonNode next = page.path("next");
      String from = next.isString() ? next.stringValue().replace("@", "%40") : next.toString();
      page = server.json(path + "?limit=" + limit + "&from=" + from);
      assertThat(page.path(name).size()).isBetween(1, limit * 2);
      page.path(name).forEach(items::add);
    }
    return items;
  }

  @Test
  void logIsServedByteForByte() throws Exception {
    List<JsonNode> entries = pages("/v1/log", "entries", 7);
    List<byte[]> events = DEALS.events();
    for (int i = 0; i < events.size(); i++) {
      JsonNode entry = entries.get(i);
      assertThat(entry.path("index").intValue()).isEqualTo(i);
      byte[] served =
          entry.has("event")
              ? entry.path("event").stringValue().getBytes(StandardCharsets.UTF_8)
              : entry.path("event_base64").binaryValue();
      assertThat(served).isEqualTo(events.get(i));
      assertThat(entry.path("leaf_hash").stringValue())
          .isEqualTo(DEALS.entries().get(i).hash().toString());
    }
    assertThat(entries.stream().filter(entry -> entry.has("event_base64"))).hasSize(1);
  }

  @Test
  void receiptsAreWhatTheFoldIssued() throws Exception {
    for (JsonNode json : pages("/v1/receipts", "receipts", 3)) {
      Receipt receipt = Json.mapper().treeToValue(json, Receipt.class);
      assertThat(receipt.legs()).hasSize(3);
      String alone = server.get("/v1/receipts/" + receipt.proposalId()).body();
      assertThat(alone).isEqualTo(Json.text(receipt));
    }
  }

  @Test
  void textThatDatabasesDislikeComesBackWhole() throws Exception {
    assertThat(pages("/v1/proposals", "proposals", 3))
        .anySatisfy(proposal -> {
          assertThat(proposal.path("task").stringValue()).isEqualTo("nul \0 and \\0 and \u2603");
          assertThat(proposal.path("capability").stringValue()).isEqualTo("c\0de\\");
          assertThat(proposal.path("terms").stringValue()).isEqualTo("by friday \\ or never");
          String one = "/v1/proposals/" + proposal.path("id").stringValue();
          assertThat(server.json(one)).isEqualTo(proposal);
        });
  }

  @Test
  void leaderboardHasTheOrderOfTheFold() throws Exception {
    JsonNode agents = server.json("/v1/leaderboard").path("agents");
    List<String> ids = new ArrayList<>();
    agents.forEach(agent -> ids.add(agent.path("id").stringValue()));
    assertThat(ids)
        .containsExactlyElementsOf(
            LEDGER.leaderboard().map(account -> account.id().toString()).toList());
    assertThat(server.json("/v1/leaderboard?limit=1").path("agents").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/agents/@nobody                | 404 | the log has not named an agent @nobody
          /v1/agents/nobody/history         | 404 | the log has not named an agent @nobody
          /v1/agents/nobody/receipts        | 404 | the log has not named an agent @nobody
          /v1/agents/a%20b                  | 400 | id: an agent's id
          /v1/agents/%40%40x                | 400 | id: an agent's id
          /v1/agents/a%27%20OR%201          | 400 | id: an agent's id
          /v1/proposals/prop_none           | 404 | there is no proposal prop_none
          /v1/proposals/%00                 | 400 | id: 1 to 128
          /v1/receipts/prop_none            | 404 | there is no receipt of a proposal prop_none
          /v1/log?limit=0                   | 400 | limit: a whole number, 1 to 1000
          /v1/log?limit=1001                | 400 | limit: a whole number, 1 to 1000
          /v1/log?limit=ten                 | 400 | limit: a whole number, 1 to 1000
          /v1/log?limit=                    | 400 | limit: a whole number, 1 to 1000
          /v1/log?limit=99999999999999999999 | 400 | limit: a whole number
          /v1/log?from=-1                   | 400 | from: a whole number, 0 or more
          /v1/log?from=1&from=2             | 400 | from: given 2 times
          /v1/log?form=1                    | 400 | form: no such parameter
          /v1/agents?from=%20               | 400 | from: an agent's id
          /v1/leaderboard?from=1            | 400 | from: no such parameter
          /v1/stats?size=1                  | 400 | size: no such parameter
          /v1                               | 404 | nothing is served here
          /v1/agents/x/y                    | 404 | nothing is served here
          /v1/../etc/passwd                 | 404 | nothing is served here
          """)
  void badInputIsExplained(String path, int status, String detail) throws Exception {
    HttpResponse<String> answer = server.get(path.strip());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = Json.parse(answer.body());
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(problem.path("detail").stringValue()).startsWith(detail);
    if (status == 400) {
      assertThat(detail).startsWith(problem.path("parameter").stringValue() + ":");
    }
  }

  @Test
  void otherMethodsAreNotAllowed() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
      HttpResponse<String> answer =
          server.send(
              HttpRequest.newBuilder(server.uri("/v1/stats"))
                  .method(method, HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
    }
  }

  @Test
  void bodyIsNotAccepted() throws Exception {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/stats"))
                .method("GET", HttpRequest.BodyPublishers.ofString("x".repeat(100_000))));
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void headHasTheHeadersOnly() throws Exception {
    HttpResponse<String> answer =
        server.send(HttpRequest.newBuilder(server.uri("/v1/stats")).HEAD());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }

  @Test
  void pagesOfOtherSitesMayRead() throws Exception {
    HttpResponse<String> answer = server.get("/v1/stats");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    HttpResponse<String> preflight =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/stats"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
        .hasValue("GET, HEAD");
  }

  @Test
  void whatIsKnownIsNotSentAgain() throws Exception {
    String etag = server.get("/v1/stats").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again =
        server.send(HttpRequest.newBuilder(server.uri("/v1/stats")).header("If-None-Match", etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void onlyWhatCannotChangeIsKept() throws Exception {
    assertThat(cacheControl("/v1/log?limit=5")).contains("immutable");
    assertThat(cacheControl("/v1/log?limit=1000")).isEqualTo("no-cache");
    assertThat(cacheControl("/v1/stats")).isEqualTo("no-cache");
    assertThat(cacheControl("/health")).isEqualTo("no-store");
    assertThat(cacheControl("/v1/receipts/prop_none")).isEqualTo("no-store");
  }

  private static String cacheControl(String path) throws IOException, InterruptedException {
    return server.get(path).headers().firstValue("Cache-Control").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/agents/%zz HTTP/1.1", "GET /v1/log?from=%f HTTP/1.1", "rubbish"})
  void brokenRequestsEndTheConnectionOnly(String line) throws Exception {
    String answer = raw(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer)
        .satisfiesAnyOf(
            text -> assertThat(text).isEmpty(),
            text -> assertThat(text).startsWith("HTTP/1.1 400"));
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void hugeHeadersAreRefused() throws Exception {
    String answer = raw("GET /health HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
    assertThat(answer).doesNotContain("200 OK");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  private static String raw(String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.ledger().address().getPort())) {
      socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException _) {
      return "";
    }
  }

  @Test
  void metricsCountEntriesAndRefusals() throws Exception {
    String metrics = server.get("/metrics").body();
    assertThat(metrics)
        .contains("agentchat_ledger_entries_total " + LEDGER.size() + ".0")
        .contains("agentchat_ledger_refusals_total{code=\"MALFORMED\"} 2.0")
        .contains("agentchat_ledger_lag 0.0")
        .contains("agentchat_ledger_healthy 1.0");
    // A request is counted once its answer has gone out, so perhaps after the next one came in.
    await()
        .atMost(TestServer.PATIENCE)
        .untilAsserted(() ->
            assertThat(server.get("/metrics").body())
                .contains(
                    "agentchat_ledger_http_requests_seconds_count{route=\"/metrics\",status=\"200\"}"));
  }
}
