package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Publication;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read from a ledger that does not stand still, or is none.
final class PublicationsTest {
  private static final WrittenLog LOG = WrittenLog.of(6);
  private static final Publication EARLIER = WrittenLog.of(4).publication();
  private static final Publication LATER = WrittenLog.of(5).publication();

  @TempDir private Path folder;
  private CannedLedger ledger;

  @BeforeEach
  void start() throws Exception {
    ledger = new CannedLedger();
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void honestLedgerThatGrowsWhileItIsReadHolds() throws Exception {
    serveStats(EARLIER);
    serveAgents("", LATER.size(), LATER.agents(), null);
    serveReceipts(LATER);

    Publication published = Publications.of(new LedgerApi(ledger.url()));

    assertThat(published.size()).isEqualTo(EARLIER.size());
    assertThat(published.receipts()).hasSize(4);
    assertThat(published.wholeSize()).isEqualTo(LATER.size());
    Auditor auditor = audit(published);
    assertThat(auditor.findings()).isEmpty();
    assertThat(auditor.isEveryRatingCompared()).isTrue();
  }

  @Test
  void ratingOfTheLaterSizeIsComparedThere() throws Exception {
    List<Publication.Standing> agents = new ArrayList<>(LATER.agents());
    Publication.Standing first = agents.getFirst();
    agents.set(0, new Publication.Standing(first.id(), first.rating() + 1, 0, 0));
    serveStats(EARLIER);
    serveAgents("", LATER.size(), agents, null);
    serveReceipts(LATER);

    assertThat(audit(Publications.of(new LedgerApi(ledger.url()))).faults()).isEqualTo(1);
  }

  @Test
  void ratingsOfPagesThatNeverAgreeAreLeftToTheStateHash() throws Exception {
    List<Publication.Standing> agents = LATER.agents();
    serveStats(EARLIER);
    serveAgents("", EARLIER.size(), agents.subList(0, 1), agents.get(1).id().toString());
    serveAgents("&from=%40" + agents.get(1).id().name(), LATER.size(), agents, null);
    serveReceipts(LATER);

    Publication published = Publications.of(new LedgerApi(ledger.url()));
    assertThat(published.agents()).isEmpty();
    Auditor auditor = audit(published);
    assertThat(auditor.findings()).isEmpty();
    assertThat(auditor.isCompared()).isTrue();
    assertThat(auditor.isEveryRatingCompared()).isFalse();
  }

  @Test
  void whatIsKeptInAFileIsReadAgain() throws Exception {
    Path file = folder.resolve("log.jsonl.published.json");
    Publication kept =
        new Publication(
            LATER.origin(),
            EARLIER.size(),
            EARLIER.rootHash(),
            EARLIER.stateHash(),
            LATER.agents(),
            EARLIER.receipts(),
            LATER.size());
    Publications.write(file, kept);
    assertThat(Publications.read(file)).isEqualTo(kept);
    Files.writeString(file, Json.text(EARLIER).replace(",\"agents_size\":null", ""));
    assertThat(Publications.read(file)).isEqualTo(EARLIER);
  }

  @Test
  void ledgerThatServesLessThanItSaysIsNotBelieved() {
    serveStats(LATER);
    serveAgents("", LATER.size(), LATER.agents(), null);
    serveReceipts(EARLIER);
    assertThatThrownBy(() -> Publications.of(new LedgerApi(ledger.url())))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("says that it has 21 entries and serves what came of 17");
  }

  @Test
  void whatIsNoLedgerIsNeitherAskedForEverNorABug() {
    for (String agents :
        List.of(
            "{\"size\":3,\"agents\":[],\"next\":\"@0000000000000000\"}",
            "{\"size\":3,\"agents\":[{\"id\":\"nobody\"}],\"next\":null}",
            "{\"size\":3,\"agents\":[7],\"next\":null}")) {
      ledger.answering("/v1/agents?limit=1000", agents);
      ledger.answering("/v1/agents?limit=1000&from=%400000000000000000", agents);
      assertNoLedger(() ->
          new LedgerApi(ledger.url())
              .agentPages(agent -> AgentId.of(agent.path("id").asString(""))));
    }
    ledger.answering("/v1/log?from=0&limit=1000", "{\"entries\":[{\"event\":\"x\"}]}");
    assertNoLedger(() -> new LedgerApi(ledger.url()).log(0, 1_000));
    ledger.answering(
        "/v1/log?from=0&limit=1000", "{\"entries\":[{\"index\":0,\"event_base64\":\"?\"}]}");
    assertNoLedger(() -> new LedgerApi(ledger.url()).log(0, 1_000));
  }

  @Test
  void exportsInOneFolderKeepWhatWasPublishedOfEach() throws Exception {
    Path monday = WrittenLog.of(4).export(folder.resolve("monday.jsonl"));
    Publications.write(Publications.besideOf(monday), EARLIER);
    Path tuesday = WrittenLog.of(5).export(folder.resolve("tuesday.jsonl"));
    Publications.write(Publications.besideOf(tuesday), LATER);
    for (Path log : List.of(monday, tuesday)) {
      Ran ran = Ran.command("audit", log);
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
      assertThat(ran.out()).contains("Compared with " + log.getFileName() + ".published.json");
    }
  }

  private static void assertNoLedger(ThrowingCallable asking) {
    assertThatThrownBy(asking)
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.code()).isEqualTo("NOT_A_LEDGER"));
  }

  private static Auditor audit(Publication published) {
    return new Audit(Optional.of(published), null).run(LOG, _ -> {});
  }

  private void serveStats(Publication published) {
    ledger.answering(
        "/v1/stats",
        Json.text(
            Map.of(
                "origin", published.origin(),
                "size", published.size(),
                "root_hash", published.rootHash(),
                "state_hash", published.stateHash())));
  }

  private void serveAgents(
      String from, long size, List<Publication.Standing> agents, @Nullable String next) {
    Map<String, Object> page = new HashMap<>();
    page.put("size", size);
    page.put("agents", agents);
    page.put("next", next);
    ledger.answering("/v1/agents?limit=1000" + from, Json.text(page));
  }

  private void serveReceipts(Publication published) {
    Map<String, Object> page = new HashMap<>();
    page.put("size", published.size());
    page.put("receipts", published.receipts());
    page.put("next", null);
    ledger.answering("/v1/receipts?limit=1000", Json.text(page));
  }
}
