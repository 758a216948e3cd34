package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.agentchat.ledger.Publication;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The scripted deals on embedded Kafka and SQLite, and on an external Kafka broker and PostgreSQL.
@Timeout(300)
final class ExternalAcceptanceIT {
  @TempDir private static Path folder;

  private static EmbeddedPostgres postgres;
  private static BrokerProcess broker;
  private static Map<AgentId, List<Integer>> embeddedStandings;
  private static Publication embeddedPublication;
  private static Path exported;

  @BeforeAll
  static void dealOnEmbeddedPartsAndStartExternalOnes() throws Exception {
    exported = folder.resolve("log.jsonl");
    try (ServeProcess serve = ServeProcess.start(folder.resolve("embedded"), "--unmetered")) {
      ScriptedDeals.run(_ -> serve.relay());
      serve.awaitLedger();
      embeddedStandings = ScriptedDeals.standings(serve.api());
      Ran ran = Ran.command("log", "export", exported, "--ledger", serve.ledger());
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
      embeddedPublication = Publications.beside(exported).orElseThrow();
      serve.signal("TERM");
    }
    postgres = EmbeddedPostgres.builder().setPGStartupWait(ServeProcess.PATIENCE).start();
    broker = BrokerProcess.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopExternalParts() throws IOException {
    if (broker != null) {
      broker.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void sameBytesOnExternalPartsGiveTheSameStateHashAndRows() throws Exception {
    copy(exported, "same.bytes");
    String database = database("same_bytes");
    try (ServeProcess serve =
        ServeProcess.start(
            folder.resolve("same-bytes"), external("ledger", "same.bytes", database))) {
      serve.awaitLedger(embeddedPublication.size());
      Publication external = Publications.of(serve.api());
      assertThat(external.stateHash()).isEqualTo(embeddedPublication.stateHash());
      assertThat(external.rootHash()).isEqualTo(embeddedPublication.rootHash());
      assertThat(Json.text(external)).isEqualTo(Json.text(embeddedPublication));
      assertThat(ScriptedDeals.standings(serve.api())).isEqualTo(embeddedStandings);
      Ran audit =
          Ran.command(
              "audit",
              "--kafka",
              broker.bootstrapServers(),
              "--topic",
              "same.bytes",
              "--against",
              serve.ledger());
      assertThat(audit.exit()).as(audit.toString()).isEqualTo(Exit.OK);
      serve.signal("TERM");
    }
    assertThat(Rows.of(database))
        .isEqualTo(Rows.of(folder.resolve("embedded").resolve("ledger.db").toString()));
  }

  private static void copy(Path file, String topic) {
    KafkaSettings settings = KafkaSettings.external(broker.bootstrapServers()).withTopic(topic);
    try (LogFile log = LogFile.open(file);
        KafkaEventLog target = KafkaEventLog.open(settings)) {
      for (LogRecord record : log.read(0, LogSource.MAX_READ_RECORDS)) {
        assertThat(target.append(record.value()).join()).isEqualTo(record.index());
      }
      assertThat(target.size()).isEqualTo(log.size());
    }
  }

  @Test
  void sameDealsOnExternalPartsGiveTheSameRatings() throws Exception {
    String database = database("same_deals");
    String[] options = {
      "--kafka", broker.bootstrapServers(), "--topic", "same.deals", "--db", database, "--unmetered"
    };
    Path home = folder.resolve("same-deals");
    Publication before;
    try (ServeProcess serve = ServeProcess.start(home, options)) {
      ScriptedDeals.run(_ -> serve.relay());
      serve.awaitLedger();
      assertThat(ScriptedDeals.standings(serve.api())).isEqualTo(embeddedStandings);
      before = Publications.of(serve.api());
      assertThat(before.size()).isEqualTo(embeddedPublication.size());
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);
      assertThat(home.resolve("kafka")).doesNotExist();
      assertThat(home.resolve("ledger.db")).doesNotExist();
      serve.kill();
    }
    try (ServeProcess serve = ServeProcess.start(home, options)) {
      serve.awaitLedger(before.size());
      assertThat(Json.text(Publications.of(serve.api())))
          .as("after kill -9 and a restart")
          .isEqualTo(Json.text(before));
    }
  }

  @Test
  void agentsOnTwoRelaysOfOneLogMakeTheirDealsAndOneLedgerShowsThem() throws Exception {
    String database = database("two_relays");
    try (ServeProcess first =
            ServeProcess.start(folder.resolve("r1"), external("relay", "shared"));
        ServeProcess second =
            ServeProcess.start(folder.resolve("r2"), external("relay", "shared"));
        ServeProcess ledger =
            ServeProcess.start(folder.resolve("l"), external("ledger", "shared", database))) {
      assertThat(second.origin()).isEqualTo(first.origin());
      introduce(first.relay());

      ScriptedDeals.run(
          name -> name.equals("alice") || name.equals("dave") ? first.relay() : second.relay());

      ledger.awaitLedger(Math.max(first.relaySize(), second.relaySize()));
      Publication published = Publications.of(ledger.api());
      assertThat(published.receipts()).hasSameSizeAs(embeddedPublication.receipts());
      assertThat(
              published.receipts().stream()
                  .flatMap(receipt -> receipt.legs().stream())
                  .map(leg -> Json.parse(leg.event()).get("relay").stringValue())
                  .distinct())
          .as("relays that recorded the legs")
          .hasSize(2);
      assertThat(ScriptedDeals.standings(ledger.api())).isEqualTo(embeddedStandings);
      assertThat(Ran.command("audit", ledger.ledger()).exit()).isEqualTo(Exit.OK);
    }
  }

  /// A relay knows the keys of those who are connected to it, and of those whom the log names: each
  /// agent is seen once by the relay of those who will make it an offer.
  private static void introduce(URI relay) {
    try (Player bob = Player.connect("bob", relay);
        Player carol = Player.connect("carol", relay);
        Player alice = Player.connect("alice", relay);
        Player dave = Player.connect("dave", relay)) {
      for (Player to : List.of(bob, carol, dave)) {
        String offer = alice.offers(to, "hello", "0", 0);
        to.rejects(offer);
      }
    }
  }

  private static String[] external(String part, String topic) {
    return new String[] {
      part, "--kafka", broker.bootstrapServers(), "--topic", topic, "--unmetered"
    };
  }

  private static String[] external(String part, String topic, String database) {
    return new String[] {
      part, "--kafka", broker.bootstrapServers(), "--topic", topic, "--db", database
    };
  }

  private static String database(String name) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE DATABASE " + name);
    }
    return postgres.getJdbcUrl("postgres", name);
  }
}
