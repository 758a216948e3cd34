package org.agentchat.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogFileTest {

  @TempDir private Path folder;

  private Path file = Path.of("unset");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("log.jsonl");
  }

  @Test
  void textIsWrittenForPeopleAndAnythingElseInBase64() throws IOException {
    LogFile.write(file, log("{\"a\":\"ü\"}", "two\nlines", "bell \u0007"), 0, 3);

    assertThat(file)
        .hasContent(
            """
            {"format":"agentchat-log/1","from":0,"size":3}
            {"index":0,"event":"{\\"a\\":\\"ü\\"}"}
            {"index":1,"event_base64":"dHdvCmxpbmVz"}
            {"index":2,"event":"bell \\u0007"}
            """);
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"log.jsonl", "log.jsonl.gz"})
  void everyValueComesBackByteForByte(String name) {
    MemoryLog log = new MemoryLog();
    Random random = new Random(42);
    for (int i = 0; i < 2_500; i++) {
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(value);
      log.add(i % 2 == 0 ? value : new String(value, ISO_8859_1).getBytes(UTF_8));
    }
    log.add(new byte[EventLog.MAX_RECORD_BYTES]); // NUL: the longest possible line
    log.add("\u2028 \ufeff 😀 \" \\ / </script>".getBytes(UTF_8));

    LogFile.write(folder.resolve(name), log, 0, log.size());

    try (LogFile read = LogFile.open(folder.resolve(name))) {
      assertThat(read.size()).isEqualTo(log.size());
      assertThat(bytes(readAll(read))).isEqualTo(bytes(readAll(log)));
      assertThat(bytes(tailAll(read))).isEqualTo(bytes(readAll(log)));
    }
  }

  @Test
  void compressedFileIsGzip() throws IOException {
    Path compressed = folder.resolve("log.jsonl.gz");
    LogFile.write(compressed, log("a", "b"), 0, 2);

    assertThat(Files.readAllBytes(compressed)).startsWith(0x1f, 0x8b);
  }

  @Test
  void partOfLogKeepsItsIndexes() {
    LogFile.write(file, log("a", "b", "c", "d"), 1, 3);

    try (LogFile read = LogFile.open(file)) {
      assertThat(read.from()).isEqualTo(1);
      assertThat(read.size()).isEqualTo(3);
      assertThat(EventLogContract.texts(read.read(1, 10))).containsExactly("b", "c");
      assertThatThrownBy(() -> read.read(0, 10)).isInstanceOf(LogCorruptedException.class);
      assertThatThrownBy(() -> read.tail(4)).isInstanceOf(LogCorruptedException.class);
    }
  }

  @Test
  void readingStartsAnywhereAndGoesBack() {
    LogFile.write(file, log("a", "b", "c", "d"), 0, 4);

    try (LogFile read = LogFile.open(file)) {
      assertThat(EventLogContract.texts(read.read(2, 1))).containsExactly("c");
      assertThat(EventLogContract.texts(read.read(3, 5))).containsExactly("d");
      assertThat(EventLogContract.texts(read.read(0, 2))).containsExactly("a", "b");
      assertThat(read.read(4, 1)).isEmpty();
      try (Tail tail = read.tail(1)) {
        assertThat(EventLogContract.texts(tail.poll(Duration.ZERO))).containsExactly("b", "c", "d");
        assertThat(tail.poll(Duration.ZERO)).isEmpty();
      }
    }
  }

  @Test
  void existingFileSurvivesFailedWrite() throws IOException {
    Files.writeString(file, "precious");

    assertThatThrownBy(() -> LogFile.write(file, log("a"), 0, 2))
        .isInstanceOf(LogCorruptedException.class)
        .hasMessage("The log ends too early: wanted index 2, found 1");

    assertThat(file).hasContent("precious");
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(file);
    }
  }

  static MemoryLog log(String... texts) {
    MemoryLog log = new MemoryLog();
    for (String text : texts) {
      log.add(text.getBytes(UTF_8));
    }
    return log;
  }

  /// Arrays compare by identity, buffers by content.
  private static List<ByteBuffer> bytes(List<LogRecord> records) {
    return records.stream().map(record -> ByteBuffer.wrap(record.value())).toList();
  }

  static List<LogRecord> readAll(LogSource source) {
    List<LogRecord> records = new ArrayList<>();
    while (records.size() < source.size()) {
      List<LogRecord> page = source.read(records.size(), 700);
      if (page.isEmpty()) {
        source.read(records.size(), 1); // the flaw comes now
        return records;
      }
      records.addAll(page);
    }
    return records;
  }

  static List<LogRecord> tailAll(LogSource source) {
    List<LogRecord> records = new ArrayList<>();
    try (Tail tail = source.tail(0)) {
      for (List<LogRecord> page = tail.poll(Duration.ZERO);
          !page.isEmpty();
          page = tail.poll(Duration.ZERO)) {
        records.addAll(page);
      }
    }
    return records;
  }
}
