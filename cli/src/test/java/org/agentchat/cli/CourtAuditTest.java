package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Publication;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One court case through every phase and every time-out, judged again from the exported log.
class CourtAuditTest {
  private static final WrittenLog LOG = CourtLog.written();
  private static final Publication PUBLISHED = LOG.publication();

  @TempDir private Path folder;

  private static Receipt verdict() {
    return PUBLISHED.receipts().getLast();
  }

  @Test
  void everyPhaseAndEveryTimeOutHappened() {
    assertThat(verdict().verdict()).isEqualTo(Verdict.DISPUTANT);
    assertThat(verdict().arbiters()).extracting(ArbiterResult::reward).containsExactly(5, 5, -25);
    assertThat(verdict().legs())
        .extracting(Receipt.Leg::type)
        .containsExactly(
            "PROPOSAL",
            "ACCEPT",
            "DISPUTE_INTENT",
            "DISPUTE_REVEAL",
            "ARBITER_DECLINE",
            "ARBITER_ACCEPT",
            "ARBITER_ACCEPT",
            "ARBITER_ACCEPT",
            "EVIDENCE",
            "ARBITER_VOTE",
            "ARBITER_VOTE");
  }

  @Test
  void exportedLogIsAuditedToTheSameVerdict() throws IOException {
    Path file = LOG.export(folder.resolve("log.jsonl"));
    Publications.write(Publications.besideOf(file), PUBLISHED);

    Ran ran = Ran.command("audit", file);

    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.out()).contains("Verdict: everything holds.");
  }

  @Test
  void auditorFoldsTheSameCases() {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Auditor auditor = new Auditor(Optional.of(PUBLISHED));
    for (int i = 0; i < LOG.size(); i++) {
      Entry entry = reader.read(i, LOG.events().get(i));
      auditor.read(entry);
    }
    auditor.finish();

    assertThat(auditor.faults()).isZero();
    List<Dispute> cases = List.copyOf(auditor.ledger().disputes());
    assertThat(cases)
        .extracting(Dispute::fallback)
        .containsExactly("Reveal timeout expired", "Relay nonce not revealed in time", null);
    assertThat(cases.getLast().verdict()).isEqualTo(Verdict.DISPUTANT);
    assertThat(cases.getLast().id()).isEqualTo(verdict().disputeId());
  }

  /// Without one vote there is no majority.
  @Test
  void droppedVoteIsAnotherVerdict() throws IOException {
    int vote = (int) verdict().legs().getLast().index();
    List<byte[]> events = new ArrayList<>(LOG.events());
    events.remove(vote);
    Path file = new WrittenLog(events).export(folder.resolve("log.jsonl"));
    Publications.write(Publications.besideOf(file), PUBLISHED);

    assertThat(Ran.command("audit", file).exit()).isNotEqualTo(Exit.OK);
    assertThat(new WrittenLog(events).publication().receipts().getLast().verdict())
        .isEqualTo(Verdict.MUTUAL);
  }

  @Test
  void receiptIsPrintedWithItsVerdict() {
    DealReceipt receipt = new DealReceipt(Json.parse(Json.text(verdict())));

    assertThat(receipt.lines())
        .contains(
            "    Dispute: " + verdict().disputeId(),
            "    Verdict: disputant",
            "    Reason: not delivered")
        .anyMatch(line -> line.endsWith(": no vote (-25)"))
        .anyMatch(line -> line.startsWith("    Disputed: "));
    assertThat(ReceiptYaml.of(List.of(receipt))).contains("verdict: disputant");
  }
}
