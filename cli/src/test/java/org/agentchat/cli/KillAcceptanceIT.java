package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The all-in-one process under load, killed at random moments, again and again on one home.
@Timeout(600)
final class KillAcceptanceIT {
  /// Each in the middle of statements; and some more in the middle of a start.
  private static final int KILLS = 20;

  private static final int KILLS_AT_START = 4;
  private static final int LONGEST_LOAD_MILLIS = 1_500;
  private static final int LONGEST_START_MILLIS = 4_000;

  @TempDir private Path folder;

  @Test
  void everyAnsweredStatementSurvivesTwentyKills() throws Exception {
    long seed = Long.getLong("agentchat.seed", System.nanoTime());
    System.out.println("KillAcceptanceIT: -Dagentchat.seed=" + seed + " repeats the moments");
    Random random = new Random(seed);
    Path home = folder.resolve("home");
    Load load = new Load();
    for (int kill = 0; kill < KILLS; kill++) {
      if (kill % (KILLS / KILLS_AT_START) == 2) {
        killWhileStarting(home, random);
      }
      try (ServeProcess serve = ServeProcess.start(home, "--unmetered")) {
        assertHolds(serve, load);
        int before = load.answered().size();
        load.begin(serve.relay());
        await("load in round " + kill)
            .atMost(ServeProcess.PATIENCE)
            .until(() -> load.answered().size() > before || !serve.isAlive());
        boolean ended = serve.ends(Duration.ofMillis(random.nextInt(LONGEST_LOAD_MILLIS)));
        assertThat(ended).as("ended by itself: " + serve).isFalse();
        serve.kill();
        load.awaitEnd();
        assertThat(serve.complaints()).isEmpty();
      }
    }
    try (ServeProcess serve = ServeProcess.start(home, "--unmetered")) {
      assertHolds(serve, load);
      newDealsWork(serve);
      auditIsClean(serve);
      rowsEqualAFreshReplay(serve, home);
    }
    assertThat(load.refusals()).isEmpty();
    System.out.printf(
        "KillAcceptanceIT: %d kills under load, %d statements answered, %d in doubt when killed, of"
            + " which %d were recorded%n",
        KILLS, load.answered().size(), load.doubts(), load.doubtsRecorded());
  }

  private static void killWhileStarting(Path home, Random random) {
    try (ServeProcess serve = ServeProcess.launch(home, "--unmetered")) {
      assertThat(serve.ends(Duration.ofMillis(500 + random.nextInt(LONGEST_START_MILLIS))))
          .as("ended by itself: " + serve)
          .isFalse();
    }
  }

  /// Every answered statement is where its answer said, and each once.
  private static void assertHolds(ServeProcess serve, Load load) {
    try (KafkaEventLog log =
        KafkaEventLog.open(
            KafkaSettings.external(serve.kafka()).withTimeout(Duration.ofSeconds(30)))) {
      Map<String, Long> recorded = recorded(log);
      for (Load.Answer answer : load.answered()) {
        assertThat(recorded.get(answer.signature()))
            .as(answer.toString())
            .isEqualTo(answer.index());
      }
      serve.awaitLedger(log.size());
    }
  }

  /// Where the log has each signature first; a second copy may be there, and is refused.
  static Map<String, Long> recorded(LogSource log) {
    Map<String, Long> recorded = new HashMap<>();
    long next = 0;
    for (List<LogRecord> page = log.read(next, LogSource.MAX_READ_RECORDS);
        !page.isEmpty();
        page = log.read(next, LogSource.MAX_READ_RECORDS)) {
      for (LogRecord record : page) {
        stated(record)
            .ifPresent(
                event -> recorded.putIfAbsent(event.signed().signature().base64(), record.index()));
      }
      next = page.getLast().index() + 1;
    }
    return recorded;
  }

  private static Optional<Event.Stated> stated(LogRecord record) {
    try {
      return EventCodec.decode(record.value()) instanceof Event.Stated stated
          ? Optional.of(stated)
          : Optional.empty();
    } catch (MalformedEventException e) {
      throw new AssertionError("entry " + record.index(), e);
    }
  }

  private static void newDealsWork(ServeProcess serve) {
    try (Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      String deal = alice.offers(bob, "after all that", "1", 5);
      bob.accepts(deal, 5);
      alice.completes(deal);
      serve.awaitLedger();
      assertThat(serve.api().receipts())
          .last()
          .satisfies(receipt -> assertThat(receipt.proposalId()).isEqualTo(deal));
    }
  }

  private static void auditIsClean(ServeProcess serve) {
    for (Ran ran :
        List.of(
            Ran.command("audit", serve.ledger()),
            Ran.command("audit", "--kafka", serve.kafka(), "--against", serve.ledger()))) {
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
      assertThat(ran.out()).contains("Verdict: everything holds.");
    }
  }

  private void rowsEqualAFreshReplay(ServeProcess serve, Path home) throws Exception {
    Path exported = folder.resolve("log.jsonl.gz");
    Ran ran = Ran.command("log", "export", exported, "--ledger", serve.ledger());
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    long size = serve.api().stats().path("size").asLong();
    String stateHash = serve.api().stats().path("state_hash").asString();
    assertThat(serve.signal("TERM")).isEqualTo(143);

    assertThat(Rows.of(home.resolve("ledger.db").toString()))
        .isEqualTo(Rows.replayed(exported, size, stateHash, folder.resolve("fresh.db").toString()));
  }
}
