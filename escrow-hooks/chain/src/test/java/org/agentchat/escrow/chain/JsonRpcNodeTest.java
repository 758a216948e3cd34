package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node that is away, busy, mad or malicious.
final class JsonRpcNodeTest {
  private static final Address CONTRACT = new Address("0x" + "c".repeat(40));
  private static final Hash HASH = new Hash("0x" + "1".repeat(64));
  private static final String BLOCK =
      """
      {"number":"0x5","hash":"0x%s","parentHash":"0x%s","timestamp":"0x10",\
      "baseFeePerGas":"0x7","transactions":["0x%s"]}\
      """
          .formatted("2".repeat(64), "3".repeat(64), "1".repeat(64));

  private static final String RECEIPT =
      """
      {"transactionHash":"0x%s","blockNumber":"0x5","blockHash":"0x%s","from":"0x%s",\
      "status":"0x1","gasUsed":"0x5208","contractAddress":null,"logs":[]}\
      """
          .formatted("1".repeat(64), "2".repeat(64), "a".repeat(40));

  private static final String LOG =
      """
      {"address":"0x%s","topics":["0x%s"],"data":"0x","blockNumber":"0x5","blockHash":"0x%s",\
      "transactionHash":"0x%s","logIndex":"0x0"}\
      """
          .formatted("c".repeat(40), "4".repeat(64), "2".repeat(64), "1".repeat(64));

  @FunctionalInterface
  private interface Question {
    Object ask(JsonRpcNode node) throws ChainException;
  }

  @Test
  void honestAnswersBecomeValues() throws Exception {
    assertThat(answer("\"0x7a69\"", JsonRpcNode::chainId)).isEqualTo(31_337L);
    assertThat(((Block) answer(BLOCK, JsonRpcNode::head)).transactions()).containsExactly(HASH);
    assertThat(((Receipt) answer(RECEIPT, node -> node.receipt(HASH).orElseThrow())).gasUsed())
        .isEqualTo(21_000);
    assertThat(answer("null", node -> node.receipt(HASH).isPresent())).isEqualTo(false);
    assertThat(answer("null", node -> node.knows(HASH))).isEqualTo(false);
    assertThat(answer("{}", node -> node.knows(HASH))).isEqualTo(true);
    assertThat(answer("[" + LOG + "]", node -> node.logs(CONTRACT, 5, 5)))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "\"\"",
        "\"0x\"",
        "\"7a69\"",
        "\"0x-1\"",
        "\"0xfffffffffffffffff\"",
        "[\"0x1\"]",
        "{}",
        "true"
      })
  void numbersThatAreNoneAreRefused(String json) {
    garbled(json, JsonRpcNode::chainId);
  }

  @Test
  void blocksThatAreNoneAreRefused() {
    garbled("null", JsonRpcNode::head);
    garbled("[]", JsonRpcNode::head);
    garbled("{}", JsonRpcNode::head);
    garbled(BLOCK.replace("\"0x5\"", "\"five\""), JsonRpcNode::head);
    garbled(BLOCK.replace("\"0x7\"", "null"), JsonRpcNode::head);
    garbled(BLOCK.replace("[\"0x", "[{\"hash\":\"0x").replace("]", "}]"), JsonRpcNode::head);
    garbled(BLOCK, node -> node.block(6));
  }

  @Test
  void wrongReceiptsAreRefused() {
    garbled(RECEIPT.replace("1".repeat(64), "9".repeat(64)), node -> node.receipt(HASH));
    garbled(RECEIPT.replace("\"0x1\"", "\"0x2\""), node -> node.receipt(HASH));
    garbled(RECEIPT.replace("\"logs\":[]", "\"logs\":null"), node -> node.receipt(HASH));
    garbled(RECEIPT.replace("\"blockNumber\":\"0x5\",", ""), node -> node.receipt(HASH));
    garbled(RECEIPT.replace("null", "\"0x12\""), node -> node.receipt(HASH));
  }

  @Test
  void logsOfOthersAreRefused() {
    garbled(
        "[" + LOG.replace("c".repeat(40), "d".repeat(40)) + "]", node -> node.logs(CONTRACT, 1, 9));
    garbled("[" + LOG + "]", node -> node.logs(CONTRACT, 6, 9));
    garbled("[" + LOG + "]", node -> node.logs(CONTRACT, 1, 4));
    garbled(
        "[" + LOG.replace("\"data\":\"0x\"", "\"data\":\"0x1\"") + "]",
        node -> node.logs(CONTRACT, 5, 5));
    garbled("{}", node -> node.logs(CONTRACT, 5, 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>503</html>",
        "{",
        "[]",
        "null",
        "{\"jsonrpc\":\"2.0\",\"result\":\"0x1\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":987654321,\"result\":\"0x1\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":\"0x1\"}"
      })
  void answersThatAreNoJsonRpcAreRefused(String body) throws Exception {
    try (LyingNode server = new LyingNode((exchange, _, _) -> LyingNode.send(exchange, 200, body));
        JsonRpcNode node = node(server.url())) {
      assertThatThrownBy(node::chainId)
          .isInstanceOf(ChainException.class)
          .satisfies(this::keepsSecrets);
    }
  }

  @Test
  void deeplyNestedAnswerIsRefused() {
    garbled("[".repeat(100_000) + "]".repeat(100_000), JsonRpcNode::chainId);
  }

  @Test
  void hugeAnswerIsCutOff() throws Exception {
    try (LyingNode server =
            new LyingNode((exchange, _, _) -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] megabyte = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
              try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                  out.write(megabyte);
                }
              } catch (IOException _) {
                // The client has had enough.
              }
            });
        JsonRpcNode node = node(server.url(), Duration.ofSeconds(60))) {
      assertThatThrownBy(node::chainId)
          .isInstanceOf(GarbledAnswerException.class)
          .hasMessageContaining("longer than 16777216 bytes");
    }
  }

  @Test
  void slowAnswerIsCutOffAndAskedForAgain() throws Exception {
    try (LyingNode server = new LyingNode((_, _, _) -> Thread.sleep(60_000));
        JsonRpcNode node = node(server.url(), Duration.ofMillis(200))) {
      assertThatThrownBy(node::chainId)
          .isInstanceOf(NodeUnreachableException.class)
          .satisfies(this::keepsSecrets);
      assertThat(server.asked()).isEqualTo(3);
    }
  }

  @Test
  void busyNodeIsAskedAgain() throws Exception {
    try (LyingNode server =
            new LyingNode((exchange, question, number) -> {
              if (number < 3) {
                LyingNode.send(exchange, number == 1 ? 429 : 503, "slow down");
              } else {
                LyingNode.send(
                    exchange,
                    200,
                    "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":\"0x9\"}"
                        .formatted(LyingNode.id(question)));
              }
            });
        JsonRpcNode node = node(server.url())) {
      assertThat(node.chainId()).isEqualTo(9);
      assertThat(server.asked()).isEqualTo(3);
    }
  }

  @Test
  void refusalIsNotRepeatedAndRedirectsAreNotFollowed() throws Exception {
    for (int status : new int[] {301, 400, 401, 403, 404}) {
      try (LyingNode server =
              new LyingNode((exchange, _, _) -> {
                exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
                LyingNode.send(exchange, status, "no");
              });
          JsonRpcNode node = node(server.url())) {
        assertThatThrownBy(node::chainId)
            .isInstanceOf(NodeRefusedException.class)
            .hasMessageContaining("HTTP " + status)
            .satisfies(this::keepsSecrets);
        assertThat(server.asked()).isEqualTo(1);
      }
    }
  }

  @Test
  void nodeThatIsNotThereIsUnreachable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (JsonRpcNode node = node(URI.create("http://127.0.0.1:" + port + "/APIKEY"))) {
      assertThatThrownBy(node::chainId)
          .isInstanceOf(NodeUnreachableException.class)
          .hasMessageContaining("http://127.0.0.1:" + port)
          .satisfies(this::keepsSecrets);
    }
  }

  @Test
  void refusalOfTheContractIsKnownByItsBytesOrItsCode() throws Exception {
    Call call = Call.to(CONTRACT, "0x12345678");
    String reason =
        "0x08c379a0" + "0".repeat(62) + "20" + "0".repeat(63) + "2" + "6e6f" + "0".repeat(60);
    String[] errors = {
      "{\"code\":3,\"message\":\"execution reverted\",\"data\":\"%s\"}".formatted(reason),
      "{\"code\":-32000,\"message\":\"whatever\",\"data\":\"%s\"}".formatted(reason)
    };
    for (String error : errors) {
      try (LyingNode server = LyingNode.error(error);
          JsonRpcNode node = node(server.url())) {
        assertThatThrownBy(() -> node.estimateGas(call))
            .isInstanceOf(RevertedException.class)
            .hasMessageContaining("Error(no)");
        assertThat(server.asked()).isEqualTo(1);
      }
    }
    try (LyingNode server = LyingNode.error("{\"code\":3,\"message\":\"reverted\"}");
        JsonRpcNode node = node(server.url())) {
      assertThatThrownBy(() -> node.call(call, 1))
          .isInstanceOfSatisfying(
              RevertedException.class, e -> assertThat(e.error()).isEqualTo(ContractError.SILENT));
    }
  }

  @Test
  void otherErrorsAreTheNodesOwn() throws Exception {
    String[] errors = {
      "{\"code\":-32000,\"message\":\"execution reverted: believe me\"}",
      "{\"code\":-32601,\"message\":\"no such\\u001b[31m method\",\"data\":{\"x\":1}}",
      "{\"code\":3,\"message\":\"reverted\",\"data\":\"0x\"}",
      "{\"code\":1}"
    };
    for (String error : errors) {
      try (LyingNode server = LyingNode.error(error);
          JsonRpcNode node = node(server.url())) {
        assertThatThrownBy(() -> node.send("0x01"))
            .isInstanceOfSatisfying(
                NodeRefusedException.class, e -> assertThat(e.getMessage()).matches("[ -~]*"));
      }
    }
  }

  @Test
  void addressesThatAreNoNodesAreRefusedWithoutTheirSecrets() {
    for (String url :
        List.of("ftp://host/APIKEY", "host/APIKEY", "http:///APIKEY", "file:///APIKEY")) {
      assertThatThrownBy(() -> NodeSettings.of(URI.create(url)))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(this::keepsSecrets);
    }
    assertThat(NodeSettings.of(URI.create("https://user:pass@host:1/APIKEY?APIKEY")))
        .hasToString("NodeSettings[https://host:1]");
  }

  private void keepsSecrets(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      assertThat(String.valueOf(cause.getMessage()))
          .doesNotContain("APIKEY")
          .doesNotContain("pass");
    }
  }

  private static Object answer(String json, Question question) throws Exception {
    try (LyingNode server = LyingNode.result(json);
        JsonRpcNode node = node(server.url())) {
      return question.ask(node);
    }
  }

  private static void garbled(String json, Question question) {
    assertThatThrownBy(() -> answer(json, question))
        .as(json.substring(0, Math.min(100, json.length())))
        .isInstanceOf(GarbledAnswerException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  private static JsonRpcNode node(URI url) {
    return node(url, Duration.ofSeconds(20));
  }

  private static JsonRpcNode node(URI url, Duration timeout) {
    return new JsonRpcNode(
        new NodeSettings(url, Duration.ofSeconds(5), timeout, 3, Duration.ofMillis(1)));
  }
}
