package org.agentchat.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The broker in this process through its troubles: stop, kill, outage, a second one.
@Timeout(600)
final class EmbeddedBrokerIT {

  private static final int KILLS = 3;
  private static final int ANSWERS_BEFORE_KILL = 300;

  @TempDir private Path folder;

  @Test
  void recordsSurviveCleanRestart() throws Exception {
    try (EmbeddedBroker broker = start(BrokerSettings.in(folder));
        EventLog log = open(broker)) {
      EventLogContract.appendAll(log, 10);
    }

    try (EmbeddedBroker broker = start(BrokerSettings.in(folder));
        EventLog log = open(broker)) {
      assertThat(log.read(0, 100)).hasSize(10);
      assertThat(EventLogContract.append(log, "more")).isEqualTo(10);
    }
  }

  @Test
  void answeredRecordsSurviveKills() throws Exception {
    Map<Long, String> answered = new TreeMap<>();
    for (int round = 0; round < KILLS; round++) {
      answered.putAll(answersUntilKilled("round" + round));
    }

    assertThat(answered).hasSizeGreaterThanOrEqualTo(KILLS * ANSWERS_BEFORE_KILL);
    try (EmbeddedBroker broker = start(BrokerSettings.in(folder.resolve("kafka")));
        EventLog log = open(broker)) {
      List<String> recorded = EventLogContract.texts(readAll(log));
      answered.forEach(
          (index, value) -> assertThat(recorded.get(index.intValue())).isEqualTo(value));
      assertThat(recorded).doesNotHaveDuplicates();
    }
  }

  @Test
  void outageFailsAppendsInTimeAndEndsByItself() throws Exception {
    Duration bound = Duration.ofSeconds(5);
    BrokerSettings settings = BrokerSettings.in(folder).withDurability(Durability.PAGE_CACHE);
    EmbeddedBroker first = start(settings);
    KafkaSettings client = KafkaSettings.embedded(first.bootstrapServers()).withTimeout(bound);
    try (EventLog log = KafkaEventLog.open(client);
        Tail tail = log.tail(0)) {
      EventLogContract.appendAll(log, 5);
      assertThat(EventLogContract.poll(tail, 5)).hasSize(5);
      first.close();

      long begin = System.nanoTime();
      assertUnknownOutcome(log.append(new byte[] {1}));
      // Kafka itself would try for two minutes.
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(bound.multipliedBy(8));
      assertThatThrownBy(log::size).isInstanceOf(LogUnavailableException.class);
      assertThat(tail.poll(Duration.ofMillis(100))).isEmpty();

      try (EmbeddedBroker second = start(settings.withPort(first.port()))) {
        assertThat(second.bootstrapServers()).isEqualTo(first.bootstrapServers());
        long index =
            Awaitility.await()
                .atMost(EventLogContract.WAIT)
                .ignoreExceptions()
                .until(() -> appendMore(log), i -> true);
        List<LogRecord> further = EventLogContract.poll(tail, (int) (index - 4));
        assertThat(further.getLast().index()).isEqualTo(index);
        assertThat(EventLogContract.texts(log.read(0, 5)))
            .containsExactly("event 0", "event 1", "event 2", "event 3", "event 4");
        assertThat(EventLogContract.append(log, "and more")).isEqualTo(index + 1);
      }
    }
  }

  @Test
  void logThatLostRecordsMeanwhileIsReportedAndNotFollowed() throws Exception {
    EmbeddedBroker first = start(BrokerSettings.in(folder.resolve("first")));
    try (EventLog log = open(first);
        Tail tail = log.tail(0)) {
      EventLogContract.appendAll(log, 5);
      assertThat(EventLogContract.poll(tail, 5)).hasSize(5);
      assertThat(log.size()).isEqualTo(5);
      first.close();

      BrokerSettings empty = BrokerSettings.in(folder.resolve("second")).withPort(first.port());
      try (EmbeddedBroker second = start(empty);
          EventLog other = open(second)) {
        EventLogContract.appendAll(other, 2);

        Awaitility.await()
            .atMost(EventLogContract.WAIT)
            .untilAsserted(() ->
                assertThatThrownBy(() -> tail.poll(Duration.ofMillis(100)))
                    .isInstanceOfSatisfying(
                        LogCorruptedException.class,
                        e -> {
                          assertThat(e.expected()).isEqualTo(5);
                          assertThat(e.found()).isEqualTo(2);
                        }));
        assertThatThrownBy(log::size).isInstanceOf(LogCorruptedException.class);
        assertThatThrownBy(() -> log.tail(5)).isInstanceOf(LogCorruptedException.class);
      }
    }
  }

  @Test
  void secondBrokerInTheFolderIsRefusedWithOneSentence() throws Exception {
    String sentence =
        "Another broker is using %s: stop it, or choose another folder".formatted(folder);
    try (EmbeddedBroker broker = start(BrokerSettings.in(folder))) {
      assertThat(broker.failed()).isFalse();
      assertThatThrownBy(() -> start(BrokerSettings.in(folder)))
          .isInstanceOf(BrokerStartException.class)
          .hasMessage(sentence);

      Path printed = folder.resolve("other.txt");
      assertThat(BrokerChild.start(folder, "other", printed).waitFor()).isZero();
      assertThat(printed).hasContent("failed: " + sentence);
    }
  }

  @Test
  void takenPortIsRefusedWithOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> start(BrokerSettings.in(folder).withPort(port)))
          .isInstanceOf(BrokerStartException.class)
          .hasMessage(
              "Port %d of 127.0.0.1 is taken: stop what uses it, or choose another port"
                  .formatted(port));
    }
  }

  @Test
  void formattingCutShortIsDoneAgain() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.createFile(folder.resolve("data").resolve("bootstrap.checkpoint"));

    try (EmbeddedBroker broker = start(BrokerSettings.in(folder));
        EventLog log = open(broker)) {
      assertThat(EventLogContract.append(log, "event")).isZero();
    }
  }

  static EmbeddedBroker start(BrokerSettings settings) {
    return EmbeddedBroker.start(
        settings,
        reason -> {
          throw new AssertionError(reason);
        });
  }

  static EventLog open(EmbeddedBroker broker) {
    return KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers()));
  }

  static List<LogRecord> readAll(EventLog log) {
    List<LogRecord> records = new ArrayList<>();
    while (records.size() < log.size()) {
      records.addAll(log.read(records.size(), LogSource.MAX_READ_RECORDS));
    }
    return records;
  }

  private Map<Long, String> answersUntilKilled(String round) throws Exception {
    Path printed = folder.resolve(round + ".txt");
    Process child = BrokerChild.start(folder.resolve("kafka"), round, printed);
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(EventLogContract.WAIT.multipliedBy(2))
          .until(() -> answers(printed).size() >= ANSWERS_BEFORE_KILL);
    } finally {
      child.destroyForcibly(); // SIGKILL
    }
    assertThat(child.waitFor()).isEqualTo(128 + 9);
    return answers(printed);
  }

  private static Map<Long, String> answers(Path printed) throws IOException {
    Map<Long, String> answered = new TreeMap<>();
    for (String line : Files.readAllLines(printed)) {
      String[] words = line.split(" ", -1);
      if (words.length == 3) {
        answered.put(Long.valueOf(words[0]), words[1]);
      }
    }
    return answered;
  }

  private static long appendMore(EventLog log) throws Exception {
    return EventLogContract.append(log, "more");
  }

  private static void assertUnknownOutcome(CompletableFuture<Long> answer) {
    assertThatThrownBy(answer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            LogUnavailableException.class, e -> assertThat(e.mayBeRecorded()).isTrue())
        .hasMessageContaining("whether the record was recorded is unknown");
  }
}
