package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Receipt files that come in, and that go out in the forms of others.
class ReceiptFilesTest {
  private static final Path FILES =
      Path.of("../ledger/core/src/test/resources/org/agentchat/receipt/tampered");
  private static final Path GOOD = FILES.resolve("good.json");
  private static final Path POLICY = FILES.resolve("policy");

  /// The proposer of the good file's deal.
  private static final Identity ALICE =
      Identity.ofSeed("alice", Sha256.of("alice".getBytes(StandardCharsets.UTF_8)), Instant.EPOCH);

  @TempDir Path home;

  private String proposal = "";
  private String receipt = "";

  @BeforeEach
  void alicesHome() throws IOException {
    Files.writeString(home.resolve("identity.json"), ALICE.json());
    JsonNode good = Json.parse(Files.readString(GOOD)).path("receipt");
    proposal = good.path("proposal_id").stringValue();
    receipt = Json.text(good);
  }

  private CannedLedger ledger() throws IOException {
    return new CannedLedger()
        .answering(
            "/v1/agents/" + ALICE.id().name() + "/receipts?limit=1000",
            "{\"receipts\":[" + receipt + "],\"next\":null}")
        .answering("/v1/receipts/" + proposal + "/file", Files.readString(GOOD));
  }

  private Ran export(CannedLedger ledger, Object... more) {
    Object[] arguments = new Object[6 + more.length];
    Object[] first = {"receipts", "export", "--home", home, "--ledger", ledger.url()};
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return Ran.command(arguments);
  }

  @Test
  void exportedFileIsTheLedgersAndVerifies() throws IOException {
    try (CannedLedger ledger = ledger()) {
      Ran ran = export(ledger, "-f", "file", "--proposal", proposal);
      assertThat(ran.out()).isEqualTo(Files.readString(GOOD));

      Ran written = export(ledger, "-f", "file", "--out", home.resolve("out"));

      Path file = Path.of(written.out().strip());
      assertThat(Ran.command("verify", file, "--policy", POLICY, "--home", home).exit()).isZero();
    }
  }

  @Test
  void jsonLinesAreOneReceiptEach() throws IOException {
    try (CannedLedger ledger = ledger()) {
      assertThat(export(ledger, "-f", "jsonl").out()).isEqualTo(receipt + "\n");
    }
  }

  @Test
  void credentialIsIssuedByOnePartyAboutTheOther() throws IOException {
    try (CannedLedger ledger = ledger()) {
      JsonNode credential = Json.parse(export(ledger, "-f", "vc").out());

      assertThat(credential.path("issuer").stringValue())
          .isEqualTo(Multibase.did(ALICE.key()))
          .isNotEqualTo(credential.path("credentialSubject").path("id").stringValue());
      assertThat(credential.path("proof").path("cryptosuite").stringValue())
          .isEqualTo("eddsa-jcs-2022");
      assertThat(credential.path("credentialSubject").path("receiptFile"))
          .isEqualTo(Json.parse(Files.readString(GOOD)));
    }
  }

  @Test
  void strangerIssuesNoCredential() throws IOException {
    Identity stranger = Identity.ofSeed("eve", new byte[32], Instant.EPOCH);
    Path eve = Files.writeString(home.resolve("eve.json"), stranger.json());
    try (CannedLedger ledger = ledger()) {
      ledger.answering(
          "/v1/agents/" + stranger.id().name() + "/receipts?limit=1000",
          "{\"receipts\":[" + receipt + "],\"next\":null}");

      assertThat(export(ledger, "-f", "vc", "-i", eve).err()).contains("is no party to");
    }
  }

  @Test
  void feedbackNamesBothSidesByTheirChain() throws IOException {
    try (CannedLedger ledger = ledger()) {
      assertThat(export(ledger, "-f", "erc8004").err()).contains("--agent-registry");

      Ran ran =
          export(
              ledger,
              "-f",
              "erc8004",
              "--agent-registry",
              "eip155:1:0x8004",
              "--agent-token",
              "22",
              "--client-address",
              "eip155:1:0xabc");

      JsonNode feedback = Json.parse(ran.out());
      assertThat(feedback.path("agentRegistry").stringValue()).isEqualTo("eip155:1:0x8004");
      assertThat(feedback.path("agentId").intValue()).isEqualTo(22);
      assertThat(feedback.path("value").intValue()).isEqualTo(100);
      assertThat(feedback.path("valueDecimals").intValue()).isZero();
      assertThat(feedback.path("agentchat").path("format").stringValue())
          .isEqualTo("agentchat-receipt/1");
    }
  }

  @Test
  void severalDocumentsNeedAFolder() throws IOException {
    try (CannedLedger ledger = ledger()) {
      assertThat(export(ledger, "-f", "file", "--proposal", "prop_other").err())
          .contains("There are 0 receipts");
      assertThat(export(ledger, "--out", home).exit()).isEqualTo(2);
    }
  }

  @Test
  void importedReceiptsAreListedApartWithTheirOrigin() throws IOException {
    Ran imported = Ran.command("receipts", "import", GOOD, "--policy", POLICY, "--home", home);
    assertThat(imported.exit()).as(imported.err()).isZero();

    try (CannedLedger ledger = ledger()) {
      Ran listed = Ran.command("receipts", "list", "--home", home, "--ledger", ledger.url());
      assertThat(listed.out())
          .startsWith("Found 1 receipt(s):")
          .contains("Imported, of the log example.com/log:\n\n  Proposal: " + proposal);
    }
    Ran alone = Ran.command("receipts", "list", "--imported", "--home", home);
    assertThat(alone.out()).startsWith("Imported, of the log example.com/log:");
  }

  @Test
  void whatDoesNotVerifyIsNotImported() {
    Ran ran =
        Ran.command(
            "receipts",
            "import",
            FILES.resolve("claimed-amount-altered.json"),
            "--policy",
            POLICY,
            "--home",
            home);

    assertThat(ran.exit()).isEqualTo(16);
    assertThat(ran.err()).contains("Not imported: proposal.amount");
    assertThat(Ran.command("receipts", "list", "--imported", "--home", home).out())
        .startsWith("No receipts were imported");
  }
}
