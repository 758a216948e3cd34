package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class ReceiptsCommandTest {
  private static final String ALICE = "@06f009433ed638c0";
  private static final String FILE = Resources.file("receipts.jsonl").toString();

  @TempDir private Path home;

  @Test
  void listsFileForNobodyInParticular() {
    Ran ran = run("receipts", "list", "--file", FILE);

    assertThat(ran.out()).isEqualTo(Resources.text("receipts-list.txt"));
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void sumsUpWhatConcernsTheAgent() {
    Ran ran = run("receipts", "summary", "--file", FILE, "--agent", ALICE);

    assertThat(ran.out()).isEqualTo(Resources.text("receipts-summary.txt").replace("FILE", FILE));
  }

  @Test
  void exportsWhatConcernsTheAgentAsExistingToolsDo() {
    Ran ran = run("receipts", "export", "--file", FILE, "--agent", ALICE);

    assertThat(ran.out()).isEqualTo(Resources.text("receipts-export.json"));
  }

  @Test
  void exportsYamlThatParses() {
    Ran ran = run("receipts", "export", "-f", "yaml", "--file", FILE, "--agent", ALICE);

    JsonNode receipts = YAMLMapper.shared().readTree(ran.out()).path("receipts");
    assertThat(receipts.size()).isEqualTo(2);
    assertThat(receipts.path(0).path("completed_at").stringValue())
        .isEqualTo("2026-02-02T02:40:00.000Z");
    assertThat(receipts.path(0).path("completed_by").stringValue()).isEqualTo("@7f245a82471e5173");
    assertThat(receipts.path(0).path("proposal").path("amount").intValue()).isEqualTo(5);
    assertThat(ran.out()).startsWith("receipts:\n  - proposal_id: prop_a\n");
  }

  @Test
  void yamlKeepsTextsThatLookLikeSomethingElse() throws IOException {
    List<String> tricky =
        List.of("no", "1e3", "- a", "a: b", "#x", "", "line\nbreak", "null", "\u001b[2J");
    Path file = home.resolve("receipts.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < tricky.size(); i++) {
      lines.append(Json.text(new Tricky("prop_" + i, tricky.get(i)))).append('\n');
    }
    Files.writeString(file, lines);

    Ran ran = run("receipts", "export", "-f", "yaml", "--file", file.toString());

    JsonNode receipts = YAMLMapper.shared().readTree(ran.out()).path("receipts");
    for (int i = 0; i < tricky.size(); i++) {
      assertThat(receipts.path(i).path("proof").stringValue()).isEqualTo(tricky.get(i));
    }
  }

  private record Tricky(String proposalId, String proof) {}

  @Test
  void addsAmountsWithoutRounding() throws IOException {
    Path file = home.resolve("receipts.jsonl");
    Files.writeString(
        file,
        """
        {"proposal_id":"prop_1","proposal":{"amount":0.1,"currency":"SOL"}}
        {"proposal_id":"prop_2","proposal":{"amount":0.2,"currency":"SOL"}}
        {"proposal_id":"prop_3","proposal":{"amount":1e21,"currency":"SOL"}}
        """);

    Ran ran = run("receipts", "summary", "--file", file.toString());

    assertThat(ran.out()).contains("SOL: 3 receipts, 1000000000000000000000.3 total");
  }

  @Test
  void countsDealOnceAndNamesLinesThatAreNoReceipts() throws IOException {
    Path file = home.resolve("receipts.jsonl");
    Files.writeString(
        file,
        """
        {"proposal_id":"prop_1"}
        garbage
        {"proposal_id":"prop_1"}
        """);

    Ran ran = run("receipts", "summary", "--file", file.toString(), "--json");

    assertThat(Json.parse(ran.out()).path("count").intValue()).isEqualTo(1);
    assertThat(ran.err()).isEqualTo("Line 2 of " + file + " is no receipt and left out\n");
  }

  @Test
  void showsControlCharactersOfStrangersAsText() throws IOException {
    Path file = home.resolve("receipts.jsonl");
    Files.writeString(file, "{\"proposal_id\":\"prop_1\",\"proof\":\"\\u001b[2Jgone\"}\n");

    Ran ran = run("receipts", "list", "--file", file.toString());

    assertThat(ran.out()).contains("Proof: \\u001b[2Jgone").doesNotContain("\u001b");
  }

  @Test
  void asksTheLedgerPageByPage() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      String path = "/v1/agents/06f009433ed638c0/receipts?limit=1000";
      ledger
          .answering(path, "{\"receipts\":[{\"proposal_id\":\"prop_a\"}],\"next\":7}")
          .answering(
              path + "&from=7", "{\"receipts\":[{\"proposal_id\":\"prop_b\"}],\"next\":null}");

      Ran ran = run("receipts", "list", "--json", "--agent", ALICE, "--ledger", ledger.url());

      assertThat(ran.out())
          .isEqualTo("[{\"proposal_id\":\"prop_a\"},{\"proposal_id\":\"prop_b\"}]\n");
    }
  }

  @Test
  void agentThatTheLogHasNotNamedHasNone() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      Ran ran = run("receipts", "summary", "--agent", ALICE, "--ledger", ledger.url());

      assertThat(ran.out())
          .isEqualTo(
              """
              Receipt Summary:
                Total receipts: 0

              Ledger: %s
              Filtered for agent: %s
              """
                  .formatted(ledger.url(), ALICE));
    }
  }

  @Test
  void saysHowToNameAnAgentWhenThereIsNone() {
    Ran ran = run("receipts", "list");

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("No identity at", "identity --generate", "-i").hasLineCount(1);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void printsItsActionsWithoutAny() {
    Ran ran = Commands.run("receipts");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).startsWith("Receipt Management Commands:\n\n  agentchat receipts list ");
  }

  @Test
  void refusesFormatThatThereIsNot() {
    Ran ran = run("receipts", "export", "-f", "xml", "--file", FILE);

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("--format", "xml").hasLineCount(1);
  }

  /// The home makes the tests blind to an identity in the working directory.
  private Ran run(String... arguments) {
    return Commands.run(
        Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
            .toArray(String[]::new));
  }
}
