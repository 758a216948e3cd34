package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.agentchat.ledger.Account;
import org.agentchat.receipt.ReceiptVerifier;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Receipt files over HTTP: made from the published tree; and files of every kind, verified for
/// those without a tool.
class ReceiptFileIT {
  private static final Path TAMPERED =
      Path.of("../core/src/test/resources/org/agentchat/receipt/tampered");
  private static final Path TAMPERED_RATINGS = TAMPERED.resolveSibling("tampered-ratings");

  @TempDir private Path folder;

  private static HttpResponse<String> post(TestServer server, String path, String body)
      throws Exception {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri(path))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    OpenApiIT.requireDocumented("/v1/verify", path, answer);
    return answer;
  }

  private static String withPolicy() throws IOException {
    String policy = Files.readString(TAMPERED.resolve("policy"));
    return "/v1/verify?policy=" + URLEncoder.encode(policy, StandardCharsets.UTF_8);
  }

  @Test
  void everyReceiptOfALedgerIsAFileThatVerifies() throws Exception {
    FakeLog log = FakeLog.of(MoneyDeals.ofEveryKind());
    try (TestServer server = TestServer.published(folder, log)) {
      Policy policy = Policy.parse(server.get("/policy").body().getBytes(StandardCharsets.UTF_8));
      JsonNode receipts = server.json("/v1/receipts?limit=1000").path("receipts");
      assertThat(receipts.size()).isGreaterThan(2);
      for (JsonNode receipt : receipts) {
        String path = "/v1/receipts/" + receipt.path("proposal_id").stringValue() + "/file";
        HttpResponse<String> file = server.get(path);
        OpenApiIT.requireDocumented("/v1/receipts/{id}/file", path, file);

        Verification verification =
            new ReceiptVerifier(policy).verify(file.body().getBytes(StandardCharsets.UTF_8));

        assertThat(verification.isOk()).as(verification.message()).isTrue();
        assertThat(Json.parse(file.body()).path("receipt")).isEqualTo(receipt);
        JsonNode said = Json.parse(post(server, "/v1/verify", file.body()).body());
        assertThat(said.path("code").stringValue()).isEqualTo("OK");
        assertThat(said.path("proved")).hasSize(verification.proved().size());
        assertThat(said.path("not_proved")).hasSize(verification.notProved().size());
      }
    }
  }

  /// The proposer rotates its key as often as it may, which once made the file impossible.
  @Test
  void partyThatRotatesItsKeyDoesNotSpoilTheOthersReceipt() throws Exception {
    Deals deals = Deals.begun();
    Identity payer = Deals.agent(1);
    Identity worker = Deals.agent(2);
    String id = deals.propose(payer, worker, Deals.Terms.worth(10));
    deals.accept(worker, id, null);
    for (int i = 0; i < Account.MAX_ROTATIONS; i++) {
      Identity next = Deals.agent(1_000 + i);
      deals.rotate(payer, next);
      payer = next;
    }
    Identity later = Deals.agent(3);
    deals.rotate(worker, later).complete(later, id);
    try (TestServer server = TestServer.published(folder, FakeLog.of(deals))) {
      Policy policy = Policy.parse(server.get("/policy").body().getBytes(StandardCharsets.UTF_8));
      HttpResponse<String> file = server.get("/v1/receipts/" + id + "/file");

      Verification verification =
          new ReceiptVerifier(policy).verify(file.body().getBytes(StandardCharsets.UTF_8));

      assertThat(verification.isOk()).as(verification.message()).isTrue();
      assertThat(Json.parse(file.body()).path("rotations")).hasSize(1);
    }
  }

  @Test
  void receiptThatIsTooLargeForAFileIsAProblemThatSaysSo() throws Exception {
    ReceiptFile good = ReceiptFile.parse(Files.readAllBytes(TAMPERED.resolve("good.json")));
    List<String> many = Collections.nCopies(ReceiptFile.MAX_LEGS + 1, "proof");
    ReceiptFile large = new ReceiptFile(good.receipt(), List.of(), many);

    assertThatThrownBy(() -> FileEndpoints.answer(large))
        .isInstanceOf(Problem.class)
        .hasMessageEndingWith("has no file: 791 legs, at most 790 fit");
    assertThat(FileEndpoints.answer(good).status()).isEqualTo(200);
  }

  /// The server remembers nothing, so it cannot see the fork.
  @Test
  void tamperedFilesHaveTheCodesThatTheCommandGives() throws Exception {
    for (Path files : List.of(TAMPERED, TAMPERED_RATINGS)) {
      requireCodes(files);
    }
  }

  private void requireCodes(Path files) throws Exception {
    try (TestServer server = TestServer.ready(folder.resolve("ledger.db"), new FakeLog())) {
      JsonNode cases = Json.parse(Files.readString(files.resolve("cases.json")));
      for (Map.Entry<String, JsonNode> one : cases.properties()) {
        String code = one.getValue().stringValue();
        String file = Files.readString(files.resolve(one.getKey()));

        HttpResponse<String> answer = post(server, withPolicy(), file);

        assertThat(Json.parse(answer.body()).path("code").stringValue())
            .as(one.getKey())
            .isEqualTo(code.equals("FORK") ? "OK" : code);
      }
    }
  }

  @Test
  void falseMoneyHasTheCodesAndTheWordsOfTheCommand() throws Exception {
    Path money = TAMPERED.resolveSibling("money");
    try (TestServer server = TestServer.ready(folder.resolve("ledger.db"), new FakeLog())) {
      JsonNode said = Json.parse(Files.readString(money.resolve("said.json")));
      assertThat(said.size()).isGreaterThan(30);
      for (Map.Entry<String, JsonNode> one : said.properties()) {
        JsonNode answer =
            Json.parse(
                post(server, withPolicy(), Files.readString(money.resolve(one.getKey()))).body());

        for (String part : List.of("code", "message", "proved", "not_proved")) {
          assertThat(answer.path(part)).as(one.getKey()).isEqualTo(one.getValue().path(part));
        }
      }
    }
  }

  @Test
  void largeBodiesAreNotReadToTheirEnd() throws Exception {
    try (TestServer server = TestServer.ready(folder.resolve("ledger.db"), new FakeLog())) {
      HttpResponse<String> answer = post(server, withPolicy(), " ".repeat(6 * 1024 * 1024 + 1));

      assertThat(Json.parse(answer.body()).path("code").stringValue()).isEqualTo("MALFORMED");
      assertThat(post(server, "/v1/verify?policy=x", "{}").statusCode()).isEqualTo(400);
      assertThat(post(server, "/v1/verify", "{}").statusCode()).isEqualTo(400);
      assertThat(server.get("/v1/verify").statusCode()).isEqualTo(405);
    }
  }
}
