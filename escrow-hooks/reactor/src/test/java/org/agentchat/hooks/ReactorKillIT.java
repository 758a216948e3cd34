package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A reactor on real Kafka that is killed at each of its steps. In the end a receiver that knows
/// ids has had every effect once, and those of each deal in order.
@Timeout(600)
final class ReactorKillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int KILLED = 137;

  /// Attempts under way when a reactor dies, and made again.
  private static final int CONCURRENCY = 4;

  @TempDir Path folder;

  private final Story story = Story.begun();

  /// What is in the log, repetitions included.
  private final List<byte[]> recorded = new ArrayList<>();

  private int told;

  @Test
  void everyEffectComesOnceWhereverTheReactorIsKilledOnSqlite() throws Exception {
    killEverywhere(folder.resolve("hooks.db").toString());
  }

  @Test
  void everyEffectComesOnceWhereverTheReactorIsKilledOnPostgresql() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(90)).start()) {
      killEverywhere(server.getJdbcUrl("postgres", "postgres"));
    }
  }

  private void killEverywhere(String database) throws Exception {
    try (EmbeddedBroker broker = broker(0);
        KafkaEventLog log = KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers()));
        Receiver receiver = new Receiver()) {
      tell(log);
      for (Step step : Step.values()) {
        deals(4);
        tell(log);
        // The same event once more changes nothing, so nothing is told of it.
        record(log, story.events.getLast());
        Process dying = start(broker, database, receiver, step.name(), times(step));
        try {
          await(step + ": " + output()).atMost(PATIENCE).until(() -> !dying.isAlive());
          assertThat(dying.exitValue()).as(output()).isEqualTo(KILLED);
        } finally {
          dying.destroyForcibly().waitFor();
        }
      }
      Process last = start(broker, database, receiver, "none", 1);
      try {
        await().atMost(PATIENCE).until(() -> receiver.ids().equals(expected()));
      } finally {
        last.destroyForcibly().waitFor();
      }
      assertThat(receiver.deliveries() - receiver.ids().size())
          .isLessThanOrEqualTo(CONCURRENCY * Step.values().length);
      requireOrder(receiver.effects());
    }
  }

  /// What is in the log at the start is planned at once; of the attempts some have been made.
  private static int times(Step step) {
    return switch (step) {
      case PLANNED, RECORDED -> 1;
      case ATTEMPTING, ATTEMPTED, ENDED -> 5;
    };
  }

  @Test
  void brokerThatIsAwayDelaysAndLosesNothing() throws Exception {
    String database = folder.resolve("hooks.db").toString();
    try (Receiver receiver = new Receiver()) {
      Process reactor;
      int port;
      try (EmbeddedBroker broker = broker(0)) {
        port = port(broker);
        deals(2);
        try (KafkaEventLog log =
            KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers()))) {
          tell(log);
        }
        reactor = start(broker, database, receiver, "none", 1);
        await().atMost(PATIENCE).until(() -> receiver.ids().equals(expected()));
      }
      try (EmbeddedBroker broker = broker(port)) {
        assertThat(reactor.isAlive()).as(output()).isTrue();
        deals(2);
        try (KafkaEventLog log =
            KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers()))) {
          tell(log);
        }
        await().atMost(PATIENCE).until(() -> receiver.ids().equals(expected()));
        assertThat(receiver.deliveries()).isEqualTo(receiver.ids().size());
      } finally {
        reactor.destroyForcibly().waitFor();
      }
    }
  }

  private EmbeddedBroker broker(int port) throws Exception {
    return EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")).withPort(port), _ -> {});
  }

  private static int port(EmbeddedBroker broker) {
    String address = broker.bootstrapServers();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private void deals(int count) {
    for (int i = 0; i < count; i++) {
      story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    }
  }

  private void tell(KafkaEventLog log) {
    while (told < story.events.size()) {
      record(log, story.events.get(told));
      told++;
    }
  }

  private void record(KafkaEventLog log, byte[] event) {
    log.append(event).join();
    recorded.add(event);
  }

  private Set<String> expected() {
    return DyingReactor.expected(recorded);
  }

  private static void requireOrder(List<JsonNode> effects) {
    Map<String, Long> last = new HashMap<>();
    for (JsonNode effect : effects) {
      long index = effect.path("index").asLong();
      Long before = last.put(effect.path("proposal_id").asString(), index);
      assertThat(before == null || before < index).as(effect.toString()).isTrue();
    }
  }

  private Process start(
      EmbeddedBroker broker, String database, Receiver receiver, String step, int times)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            DyingReactor.class.getName(),
            broker.bootstrapServers(),
            database,
            receiver.url(),
            step,
            Integer.toString(times))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private String output() throws IOException {
    Path out = folder.resolve("out");
    return Files.exists(out) ? Files.readString(out) : "";
  }
}
