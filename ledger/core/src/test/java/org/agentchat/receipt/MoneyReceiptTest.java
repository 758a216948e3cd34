package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agentchat.ledger.SettledLog;
import org.agentchat.receipt.Tampering.Case;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.ProofSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Receipts of deals that demanded money, good and false ones. They are published beside this test
/// with what is said of them, for other verifiers: run with `-Dagentchat.golden=write` to write
/// them anew.
class MoneyReceiptTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/org/agentchat/receipt/money").toAbsolutePath();

  /// What a verifier says of a file.
  private record Said(
      ReceiptCode code, String message, List<String> proved, List<String> notProved) {}

  private static Verification verify(String file) {
    return new ReceiptVerifier(Notary.policy()).verify(file.getBytes(StandardCharsets.UTF_8));
  }

  private static SortedMap<String, SettledLog> deals() {
    return new TreeMap<>(
        Map.of(
            "locked", SettledLog.withMoney(SettledLog.Paid.NOT_YET),
            "released", SettledLog.withMoney(SettledLog.Paid.RELEASED),
            "resolved", SettledLog.withMoney(SettledLog.Paid.RESOLVED),
            "refunded", SettledLog.withMoney(SettledLog.Paid.REFUNDED),
            "to-a-claimed-wallet", SettledLog.withAClaimedWallet(),
            "with-later-keys", SettledLog.withMoneyAndLaterKeys()));
  }

  static Stream<Case> cases() {
    return MoneyTampering.cases().stream();
  }

  @Test
  void untouchedFileIsGood() {
    Verification verification = verify(MoneyTampering.good());
    assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tamperedFileIsRejectedWithItsCode(Case tampered) {
    Verification verification = verify(tampered.file());

    assertThat(verification.code()).as(verification.message()).isEqualTo(tampered.code());
    assertThat(verification.message()).isNotBlank();
    assertThat(verification.proved()).isEmpty();
  }

  @Test
  void saysWhoSaidSoAndThatTheChainWasNotAsked() {
    Verification verification = verify(Notary.file(deals().get("resolved")).encode());

    assertThat(verification.proved())
        .anyMatch(sentence ->
            sentence.contains("The observer @")
                && sentence.contains(
                    "that the money was locked, on chain eip155:31337 in block 100")
                && sentence.endsWith("whether the chain says so was not checked here."))
        .anyMatch(sentence ->
            sentence.contains(
                "paid out (resolved), 700000000000000000 to the payee and 300000000000000000 to"
                    + " the payer"))
        .anyMatch(sentence -> sentence.contains("The key of the wallet 0x"));
    assertThat(verification.notProved())
        .anyMatch(sentence -> sentence.startsWith("That the chain says of the money what @"))
        .anyMatch(sentence -> sentence.contains("had bound another wallet"))
        .noneMatch(sentence -> sentence.contains("ERC-1271"));
  }

  @Test
  void claimedWalletIsNoProof() {
    Verification verification = verify(Notary.file(deals().get("to-a-claimed-wallet")).encode());

    assertThat(verification.notProved())
        .filteredOn(sentence -> sentence.contains("ERC-1271"))
        .hasSize(1);
    assertThat(verification.proved().stream().filter(s -> s.contains("The key of the wallet")))
        .hasSize(1);
  }

  @Test
  void fileFromBeforeThePayoutSaysThatNobodyHasSaid() {
    Verification verification = verify(Notary.file(deals().get("locked")).encode());

    assertThat(verification.notProved())
        .contains("What became of the money: the file holds nobody's word for it.");
  }

  @Test
  void laterKeysNeedTheirRotations() {
    SettledLog settled = deals().get("with-later-keys");
    Notary notary = new Notary(settled.entries());
    for (long kept : settled.rotations()) {
      ReceiptFile file = notary.file(settled.receipt(), List.of(kept), settled.escrow());
      assertThat(verify(file.encode()).code())
          .isIn(ReceiptCode.ESCROW_WALLET_FOREIGN, ReceiptCode.ESCROW_OBSERVER_FOREIGN);
    }
  }

  /// A ledger whose checkpoint does not cover the payout yet leaves that out, and nothing else.
  @Test
  void payoutThatNoCheckpointCoversIsLeftOut() {
    SettledLog settled = deals().get("released");
    Notary notary = new Notary(settled.entries());
    int covered = (int) settled.receipt().index() + 1;
    ProofSource source =
        indexes ->
            indexes.stream().allMatch(index -> index < covered)
                ? Optional.of(indexes.stream().map(i -> notary.proof(i, covered)).toList())
                : Optional.empty();
    SortedMap<Long, String> escrow = new TreeMap<>();
    settled.escrow().forEach(index -> escrow.put(index, notary.leg(index).event()));

    Receipt receipt = settled.receipt();
    ReceiptFile early = ReceiptAssembly.of(receipt, new TreeMap<>(), escrow, source).orElseThrow();
    ReceiptFile whole =
        ReceiptAssembly.of(receipt, new TreeMap<>(), escrow, notary.source()).orElseThrow();

    assertThat(early.escrow()).hasSize(3);
    assertThat(verify(early.encode()).code()).isEqualTo(ReceiptCode.OK);
    assertThat(whole.escrow()).hasSize(4);
    assertThat(whole.encode()).isEqualTo(Notary.file(settled).encode());
  }

  @Test
  void publishedFilesAreTheseFiles() throws IOException {
    Map<String, String> files = new TreeMap<>();
    Map<String, Said> said = new TreeMap<>();
    deals()
        .forEach((name, deal) -> {
          String file = Notary.file(deal).encode();
          files.put(name + ".json", file);
          said.put(name + ".json", said(file));
        });
    assertThat(said.values()).extracting(Said::code).containsOnly(ReceiptCode.OK);
    for (Case tampered : MoneyTampering.cases()) {
      files.put(tampered.name() + ".json", tampered.file());
      said.put(tampered.name() + ".json", said(tampered.file()));
    }
    files.put("policy", Notary.POLICY);
    files.put("said.json", Json.pretty(said) + "\n");
    if ("write".equals(System.getProperty("agentchat.golden"))) {
      Files.createDirectories(GOLDEN);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(GOLDEN.resolve(file.getKey()), file.getValue());
      }
    }

    try (Stream<Path> published = Files.list(GOLDEN)) {
      assertThat(published.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files.keySet());
    }
    files.forEach((name, text) -> assertThat(GOLDEN.resolve(name)).hasContent(text));
  }

  private static Said said(String file) {
    Verification verification = verify(file);
    return new Said(
        verification.code(),
        verification.message(),
        verification.proved(),
        verification.notProved());
  }
}
