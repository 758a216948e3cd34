package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Receipts of deals that demanded money go out in every form, come in, and are judged as the
/// published files say.
class MoneyReceiptFilesTest {
  private static final Path FILES =
      Path.of("../ledger/core/src/test/resources/org/agentchat/receipt/money");
  private static final Path GOOD = FILES.resolve("resolved.json");
  private static final Path POLICY = FILES.resolve("policy");

  /// The proposer of the deals.
  private static final Identity ALICE =
      Identity.ofSeed("alice", Sha256.of("alice".getBytes(StandardCharsets.UTF_8)), Instant.EPOCH);

  @TempDir Path home;

  private JsonNode good = Json.parse("{}");
  private String proposal = "";

  @BeforeEach
  void alicesHome() throws IOException {
    Files.writeString(home.resolve("identity.json"), ALICE.json());
    good = Json.parse(Files.readString(GOOD));
    proposal = good.at("/receipt/proposal_id").stringValue();
    assertThat(good.at("/receipt/from").stringValue()).isEqualTo(ALICE.id().toString());
  }

  private Ran receipts(String command, Object... more) throws IOException {
    String page =
        "{\"receipts\":[" + Json.text(good.path("receipt")) + "],\"next\":null,\"escrows\":{}}";
    try (CannedLedger ledger =
        new CannedLedger()
            .answering("/v1/agents/" + ALICE.id().name() + "/receipts?limit=1000", page)
            .answering("/v1/receipts/" + proposal + "/file", Files.readString(GOOD))) {
      Object[] arguments = new Object[6 + more.length];
      Object[] first = {"receipts", command, "--home", home, "--ledger", ledger.url()};
      System.arraycopy(first, 0, arguments, 0, first.length);
      System.arraycopy(more, 0, arguments, first.length, more.length);
      return Ran.command(arguments);
    }
  }

  @Test
  void receiptIsWholeInEveryListOfReceipts() throws IOException {
    JsonNode receipt = good.path("receipt");

    assertThat(Json.parse(receipts("export").out()).get(0)).isEqualTo(receipt);
    assertThat(Json.parse(receipts("export", "-f", "jsonl").out())).isEqualTo(receipt);
    JsonNode yaml =
        new YAMLMapper().readTree(receipts("export", "-f", "yaml").out()).at("/receipts/0");
    assertThat(yaml.path("escrow")).isEqualTo(receipt.path("escrow"));
    assertThat(yaml.at("/proposal/escrow")).isEqualTo(receipt.at("/proposal/escrow"));
    assertThat(yaml.at("/proposal/escrow/amount").isString()).isTrue();
  }

  @Test
  void documentsOfOneReceiptHoldTheWholeFile() throws IOException {
    assertThat(receipts("export", "-f", "file").out()).isEqualTo(Files.readString(GOOD));
    assertThat(
            Json.parse(receipts("export", "-f", "vc").out()).at("/credentialSubject/receiptFile"))
        .isEqualTo(good);
    JsonNode feedback =
        Json.parse(
            receipts(
                    "export",
                    "-f",
                    "erc8004",
                    "--agent-registry",
                    "eip155:1:0x8004",
                    "--agent-token",
                    "22",
                    "--client-address",
                    "eip155:1:0xabc")
                .out());
    assertThat(feedback.path("agentchat")).isEqualTo(good);
  }

  @Test
  void listNamesTheMoney() throws IOException {
    assertThat(receipts("list").out())
        .contains(
            "Escrow: 1000000000000000000 smallest units of the chain's coin in "
                + good.at("/receipt/proposal/escrow/contract").stringValue()
                + " on eip155:31337");
  }

  /// The files are of several logs of one name, so whoever remembers one calls another a fork: each
  /// is taken into a home of its own.
  @Test
  void importTakesTheGoodAndNoFalseOne() throws IOException {
    JsonNode said = Json.parse(Files.readString(FILES.resolve("said.json")));
    assertThat(said.size()).isGreaterThan(30);
    for (String name : said.propertyNames()) {
      ReceiptCode code = ReceiptCode.valueOf(said.path(name).path("code").stringValue());

      assertThat(imported(FILES.resolve(name), home.resolve(name)).exit())
          .as(name)
          .isEqualTo(code.group().exit());
    }
  }

  @Test
  void importedReceiptIsListedWithItsMoney() throws IOException {
    assertThat(imported(FILES.resolve("with-later-keys.json"), home).exit()).isZero();

    assertThat(receipts("list").out())
        .contains("Imported, of the log example.com/log:")
        .containsPattern("(?s)Imported.*Escrow: 1000000000000000000 smallest units");
  }

  private static Ran imported(Path file, Path into) {
    return Ran.command("receipts", "import", file, "--policy", POLICY, "--home", into);
  }
}
