package org.agentchat.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every [EventLog] does; one suite for all adapters.
@Timeout(300)
abstract class EventLogContract {

  /// A busy machine, with a core that others use as well; only a test that fails waits so long.
  static final Duration WAIT = Duration.ofSeconds(60);

  private EventLog log;

  /// Opens an empty log.
  abstract EventLog openEmpty();

  /// Opens what another process would see of the log last made by [#openEmpty()].
  abstract EventLog openAgain();

  @BeforeEach
  void openLog() {
    log = openEmpty();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void emptyLogHasSizeZeroAndNothingToRead() {
    assertThat(log.size()).isZero();
    assertThat(log.read(0, 10)).isEmpty();
    try (Tail tail = log.tail(0)) {
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void appendAnswersWithDenseIndexesFromZero() throws Exception {
    for (long wanted = 0; wanted < 5; wanted++) {
      assertThat(append(log, "event " + wanted)).isEqualTo(wanted);
    }

    assertThat(log.size()).isEqualTo(5);
    assertThat(texts(log.read(0, 10)))
        .containsExactly("event 0", "event 1", "event 2", "event 3", "event 4");
  }

  @Test
  void appendsOfOneThreadAreRecordedInTheOrderMade() {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(log.append(("event " + i).getBytes(UTF_8)));
    }

    assertThat(answers.stream().map(CompletableFuture::join))
        .containsExactlyElementsOf(LongStream.range(0, 2_000).boxed().toList());
  }

  @Test
  void readReturnsTheBytesExactly() throws Exception {
    byte[] value = new byte[256];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }

    log.append(value).get();

    assertThat(log.read(0, 1).getFirst().value()).isEqualTo(value);
  }

  @Test
  void readIsBoundedByItsLimitAndStartsAnywhere() throws Exception {
    appendAll(log, 20);

    assertThat(indexes(log.read(3, 4))).containsExactly(3L, 4L, 5L, 6L);
    assertThat(indexes(log.read(7, 2))).containsExactly(7L, 8L);
    assertThat(indexes(log.read(18, 10))).containsExactly(18L, 19L);
    assertThat(indexes(log.read(0, 1))).containsExactly(0L);
    assertThat(log.read(20, 10)).isEmpty();
    assertThat(log.read(1_000, 10)).isEmpty();
  }

  @Test
  void readRefusesNegativeIndexAndEmptyLimit() {
    assertThatThrownBy(() -> log.read(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.read(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readIsBoundedByBytes() {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      answers.add(log.append(new byte[EventLog.MAX_RECORD_BYTES]));
    }
    answers.forEach(CompletableFuture::join);

    List<LogRecord> first = log.read(0, 1_000);
    List<LogRecord> rest = log.read(first.size(), 1_000);

    assertThat(first).hasSize(64); // 64 of the largest are just under 4 MiB
    assertThat(rest).hasSize(16);
    assertThat(rest.getFirst().index()).isEqualTo(64);
  }

  @Test
  void largestRecordIsTakenAndOneByteMoreIsNot() throws Exception {
    byte[] largest = new byte[EventLog.MAX_RECORD_BYTES];
    Arrays.fill(largest, (byte) 7);

    assertThat(log.append(largest).get()).isZero();
    assertThatThrownBy(() -> log.append(new byte[EventLog.MAX_RECORD_BYTES + 1]).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RecordTooLargeException.class)
        .hasMessage("A record has at most 65535 bytes, this one has 65536; nothing was recorded");

    assertThat(log.size()).isEqualTo(1);
    assertThat(log.read(0, 1).getFirst().value()).isEqualTo(largest);
  }

  @Test
  void tailDeliversWhatIsThereAndThenWhatComes() throws Exception {
    appendAll(log, 5);
    try (Tail tail = log.tail(2)) {
      assertThat(indexes(poll(tail, 3))).containsExactly(2L, 3L, 4L);

      append(log, "new");

      assertThat(texts(poll(tail, 1))).containsExactly("new");
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void tailRefusesToGoOnFromBehindTheEnd() throws Exception {
    appendAll(log, 3);

    assertThatThrownBy(() -> log.tail(4))
        .isInstanceOfSatisfying(
            LogCorruptedException.class,
            e -> {
              assertThat(e.expected()).isEqualTo(4);
              assertThat(e.found()).isEqualTo(3);
            });
  }

  @Test
  void closedTailRefusesToPoll() {
    Tail tail = log.tail(0);
    tail.close();
    tail.close();

    assertThatThrownBy(() -> tail.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void concurrentAppendersShareOneOrderWithoutGap() throws Exception {
    List<Long> indexes = new ArrayList<>();
    try (EventLog other = openAgain();
        Tail tail = log.tail(0)) {
      List<Thread> threads = new ArrayList<>();
      for (EventLog target : List.of(log, log, other, other)) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = 0; i < 250; i++) {
                    long index = target.append(new byte[] {1, 2, 3}).join();
                    synchronized (indexes) {
                      indexes.add(index);
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(indexes)
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_000).boxed().toList());
      assertThat(indexes(poll(tail, 1_000)))
          .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
      assertThat(other.size()).isEqualTo(1_000);
    }
  }

  static long append(EventLog log, String text) throws Exception {
    return log.append(text.getBytes(UTF_8)).get(WAIT.toSeconds(), TimeUnit.SECONDS);
  }

  static void appendAll(EventLog log, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      append(log, "event " + i);
    }
  }

  /// Polls until `count` records came.
  static List<LogRecord> poll(Tail tail, int count) {
    List<LogRecord> records = new ArrayList<>();
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (records.size() < count && System.nanoTime() < deadline) {
      records.addAll(tail.poll(Duration.ofMillis(100)));
    }
    return records;
  }

  static List<Long> indexes(List<LogRecord> records) {
    return records.stream().map(LogRecord::index).toList();
  }

  static List<String> texts(List<LogRecord> records) {
    return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
  }
}
