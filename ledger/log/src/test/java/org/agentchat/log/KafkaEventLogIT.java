package org.agentchat.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log in a real Kafka, and what must be noticed when somebody tampers with the topic.
final class KafkaEventLogIT extends EventLogContract {

  @TempDir private static Path folder;

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static EmbeddedBroker broker;

  private KafkaSettings settings = KafkaSettings.embedded("unset:1");

  @BeforeAll
  static void startBroker() {
    broker =
        EmbeddedBroker.start(
            BrokerSettings.in(folder).withDurability(Durability.PAGE_CACHE),
            reason -> {
              throw new AssertionError(reason);
            });
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Override
  EventLog openEmpty() {
    settings =
        KafkaSettings.embedded(broker.bootstrapServers())
            .withTopic("log-" + TOPICS.incrementAndGet());
    return KafkaEventLog.open(settings);
  }

  @Override
  EventLog openAgain() {
    return KafkaEventLog.open(settings);
  }

  @Test
  void tailSeesRecordWithinMillisecondsOfItsAnswer() throws Exception {
    try (EventLog log = openEmpty();
        Tail tail = log.tail(0)) {
      List<Long> nanos = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        append(log, "event");
        long answered = System.nanoTime();
        assertThat(poll(tail, 1)).hasSize(1);
        nanos.add(System.nanoTime() - answered);
      }
      // A tail that sleeps through its fetch makes each wait for half a second; a busy machine
      // makes some wait.
      nanos.sort(Comparator.naturalOrder());
      assertThat(Duration.ofNanos(nanos.get(10))).isLessThan(Duration.ofMillis(400));
    }
  }

  @Test
  void readerMakesNoTopicAndReadsTheOneThatIsThere() throws Exception {
    KafkaSettings typo = KafkaSettings.embedded(broker.bootstrapServers()).withTopic("log-typo");
    assertThatThrownBy(() -> KafkaLogReader.open(typo))
        .isInstanceOf(UnsuitableTopicException.class)
        .hasMessageContaining("has no topic log-typo");
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get()).doesNotContain("log-typo");
    }
    try (EventLog log = openEmpty()) {
      append(log, "event");
      try (KafkaLogReader reader = KafkaLogReader.open(settings)) {
        assertThat(reader.size()).isEqualTo(1);
        assertThat(reader.read(0, 10)).hasSize(1);
      }
    }
  }

  @Test
  void tooManyAppendsAtOnceAreRefusedAndNotRecorded() {
    try (EventLog log = openEmpty()) {
      List<CompletableFuture<Long>> answers =
          IntStream.range(0, KafkaAppender.MAX_IN_FLIGHT_RECORDS * 4)
              .mapToObj(_ -> log.append(new byte[2_000]))
              .toList();

      long refused = answers.stream().filter(KafkaEventLogIT::isRefused).count();

      assertThat(refused).isPositive();
      assertThat(log.size()).isEqualTo(answers.size() - refused);
    }
  }

  @Test
  void closedLogRefusesAppends() {
    EventLog log = openEmpty();
    log.close();

    assertThatThrownBy(() -> log.append(new byte[1]).get())
        .cause()
        .hasMessage("The log is closed; nothing was recorded");
  }

  @Test
  void closingTailEndsItsPoll() throws Exception {
    try (EventLog log = openEmpty()) {
      Tail tail = log.tail(0);
      Thread poller = Thread.ofPlatform().start(() -> tail.poll(Duration.ofHours(1)));
      Thread.sleep(100);

      tail.close();

      assertThat(poller.join(WAIT)).isTrue();
    }
  }

  @Test
  void removedRecordsAreReportedAndNeverSkipped() throws Exception {
    try (EventLog log = openEmpty();
        Tail tail = log.tail(0)) {
      appendAll(log, 5);
      assertThat(poll(tail, 5)).hasSize(5);
      try (Tail behind = log.tail(1);
          Admin admin = admin()) {
        TopicPartition partition = new TopicPartition(settings.topic(), 0);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all().get();

        assertCorrupted(() -> poll(behind, 1), 1, 3);
        assertCorrupted(() -> poll(behind, 1), 1, 3);
        assertCorrupted(() -> log.read(0, 1), 0, 3);
        assertCorrupted(() -> log.tail(3), 0, 3);
        assertThat(indexes(log.read(3, 2))).containsExactly(3L, 4L);
      }
    }
  }

  @Test
  void markerOfTransactionIsReportedAsGap() throws Exception {
    try (EventLog log = openEmpty();
        Tail tail = log.tail(0)) {
      append(log, "event 0");
      appendInTransaction(); // takes index 1 for the record and, a moment later, 2 for the marker
      Awaitility.await().atMost(WAIT).until(() -> log.size() == 3);

      assertThat(indexes(poll(tail, 2))).containsExactly(0L, 1L);
      assertCorrupted(() -> poll(tail, 1), 2, 3);
      append(log, "event 3");
      assertCorrupted(() -> poll(tail, 1), 2, 3);
      assertCorrupted(() -> log.read(2, 10), 2, 3);
    }
  }

  @Test
  void unsuitableTopicsAreRefusedWithTheSettingToChange() throws Exception {
    try (Admin admin = admin()) {
      NewTopic compacted = new NewTopic("compacted", 1, (short) 1);
      NewTopic expiring = new NewTopic("expiring", 1, (short) 1);
      compacted.configs(Map.of("cleanup.policy", "compact"));
      expiring.configs(Map.of("retention.ms", "86400000"));
      NewTopic wide = new NewTopic("wide", 3, (short) 1);
      admin.createTopics(List.of(compacted, expiring, wide)).all().get();
    }

    assertUnsuitable("compacted", "cleanup.policy=compact and the log needs delete");
    assertUnsuitable("expiring", "--topic expiring --add-config retention.ms=-1");
    assertUnsuitable("wide", "has 3 partitions and the log needs exactly 1");
  }

  @Test
  void absentBrokerIsReportedWithinTheTimeout() {
    KafkaSettings nowhere =
        KafkaSettings.embedded("127.0.0.1:1").withTimeout(Duration.ofSeconds(1));

    assertThatThrownBy(() -> KafkaEventLog.open(nowhere))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("127.0.0.1:1");
  }

  private void assertUnsuitable(String topic, String reason) {
    assertThatThrownBy(() -> KafkaEventLog.open(settings.withTopic(topic)))
        .isInstanceOf(UnsuitableTopicException.class)
        .hasMessageContaining(reason);
  }

  private static void assertCorrupted(Runnable read, long expected, long found) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            LogCorruptedException.class,
            e -> {
              assertThat(e.expected()).isEqualTo(expected);
              assertThat(e.found()).isEqualTo(found);
            });
  }

  private static boolean isRefused(CompletableFuture<Long> answer) {
    try {
      answer.get();
      return false;
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              LogUnavailableException.class, cause -> assertThat(cause.mayBeRecorded()).isFalse())
          .hasMessageContaining("nothing was recorded");
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void appendInTransaction() throws Exception {
    Map<String, Object> config =
        Map.of("bootstrap.servers", settings.bootstrapServers(), "transactional.id", "a-stranger");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(settings.topic(), new byte[1])).get();
      producer.commitTransaction();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
