package org.agentchat.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
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

  @Test
  void droppedRecordIsNamed() {
    assertRefused(lines -> without(lines, 2), "line 3: wanted index 1, found index 2");
  }

  @Test
  void doubledRecordIsNamed() {
    assertRefused(lines -> with(lines, 3, lines.get(2)), "line 4: wanted index 2, found index 1");
  }

  @Test
  void swappedRecordsAreNamed() {
    assertRefused(
        lines -> with(without(lines, 2), 3, lines.get(2)), "line 3: wanted index 1, found index 2");
  }

  @Test
  void truncatedFileIsNamed() {
    assertRefused(
        lines -> lines.subList(0, 3),
        "line 4: wanted index 2 of 4 records, found the end of the file");
  }

  @Test
  void recordBehindTheEndIsNamed() {
    assertRefused(
        lines -> with(lines, 5, "{\"index\":4,\"event\":\"e\"}"),
        "line 6: wanted the end of the file, found a further line");
  }

  @Test
  void malformedLinesAreNamed() {
    assertMalformed("", "wanted START_OBJECT, found null");
    assertMalformed("{\"index\":1,\"event\":\"b", "wanted JSON, found: ");
    assertMalformed("[1,\"b\"]", "wanted START_OBJECT, found START_ARRAY");
    assertMalformed("{\"index\":1}", "wanted member event or event_base64, found null");
    assertMalformed("{\"index\":\"1\",\"event\":\"b\"}", "wanted VALUE_NUMBER_INT");
    assertMalformed("{\"index\":-1,\"event\":\"b\"}", "A log index starts at 0");
    assertMalformed("{\"index\":99999999999999999999,\"event\":\"b\"}", "wanted JSON, found: ");
    assertMalformed("{\"event\":\"b\",\"index\":1}", "wanted member index, found event");
    assertMalformed("{\"index\":1,\"event\":\"b\",\"x\":1}", "wanted END_OBJECT");
    assertMalformed("{\"index\":1,\"event\":\"b\"}{}", "found more behind it");
    assertMalformed("{\"index\":1,\"event\":null}", "wanted VALUE_STRING, found VALUE_NULL");
    assertMalformed("{\"index\":1,\"event\":\"\\ud800\"}", "half a surrogate pair");
    assertMalformed("{\"index\":1,\"event_base64\":\"*\"}", "base64");
    assertMalformed(
        "{\"index\":1,\"event\":\"%s\"}".formatted("x".repeat(EventLog.MAX_RECORD_BYTES + 1)),
        "wanted at most 65535 bytes of event, found 65536");
    assertMalformed("x".repeat(LogLine.MAX_BYTES + 1), "bytes in a line, found more");
  }

  @Test
  void bytesThatAreNotUtf8AreNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"format\":\"agentchat-log/1\",\"from\":0,\"size\":1}\n".getBytes(UTF_8));
    bytes.writeBytes("{\"index\":0,\"event\":\"ÿ\"}\n".getBytes(ISO_8859_1));
    Files.write(file, bytes.toByteArray());

    assertStrictlyRefused("line 2: index 0: wanted UTF-8, found other bytes");
  }

  @Test
  void fileWithoutProperHeaderIsNoLog() throws IOException {
    for (String header :
        List.of(
            "",
            "hello\n",
            "{\"format\":\"agentchat-log/2\",\"from\":0,\"size\":0}\n",
            "{\"format\":\"agentchat-log/1\",\"from\":-1,\"size\":0}\n",
            "{\"format\":\"agentchat-log/1\",\"from\":0}\n")) {
      Files.writeString(file, header);
      assertThatThrownBy(() -> LogFile.open(file))
          .isInstanceOf(LogCorruptedException.class)
          .hasMessageContaining("line 1: ");
    }
    assertThatThrownBy(() -> LogFile.open(folder.resolve("absent")))
        .isInstanceOf(LogUnavailableException.class);
  }

  @Test
  void compressedFileThatBreaksOffIsNamed() throws IOException {
    Path compressed = folder.resolve("log.gz");
    MemoryLog log = new MemoryLog();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] value = new byte[1_000];
      random.nextBytes(value);
      log.add(value);
    }
    LogFile.write(compressed, log, 0, 500);
    byte[] whole = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(whole, whole.length / 2));

    try (LogFile read = LogFile.open(compressed)) {
      assertThatThrownBy(() -> readAll(read))
          .isInstanceOf(LogCorruptedException.class)
          .hasMessageContaining("the compressed file breaks off");
    }
    Files.writeString(compressed, "not compressed");
    assertThatThrownBy(() -> LogFile.open(compressed)).isInstanceOf(LogCorruptedException.class);
  }

  @Test
  void alteredCompressedFileIsNamed() throws IOException {
    Path compressed = folder.resolve("log.gz");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(String.join("\n", lines()).getBytes(UTF_8));
    }
    byte[] altered = bytes.toByteArray();
    altered[altered.length - 8] ^= 1; // the checksum
    Files.write(compressed, altered);

    try (LogFile read = LogFile.open(compressed)) {
      assertThatThrownBy(() -> readAll(read))
          .isInstanceOf(LogCorruptedException.class)
          .hasMessageContaining("breaks off");
    }
  }

  @Test
  void auditorHearsOfEveryFlawAndReadsOn() throws IOException {
    List<String> lines = new ArrayList<>(lines());
    lines.set(2, "rubbish"); // stands for index 1
    lines.add(4, lines.get(3)); // index 2 twice
    lines.removeLast(); // index 3
    write(lines);
    List<LogFinding> findings = new ArrayList<>();

    try (LogFile read = LogFile.open(file, findings::add)) {
      assertThat(EventLogContract.texts(tailAll(read))).containsExactly("a", "c");
    }

    assertThat(findings.stream().map(LogFinding::line)).containsExactly(3L, 5L, 6L);
    assertThat(findings.getFirst().expected()).isEqualTo(1);
    assertThat(findings.get(1)).hasToString("line 5: wanted index 3, found index 2");
    assertThat(findings.get(2))
        .hasToString("line 6: wanted index 3 of 4 records, found the end of the file");
  }

  @Test
  void strictTailHandsOutWhatIsGoodAndThenKeepsThrowing() throws IOException {
    write(without(lines(), 3));

    try (LogFile read = LogFile.open(file);
        Tail tail = read.tail(0)) {
      assertThat(EventLogContract.texts(tail.poll(Duration.ZERO))).containsExactly("a", "b");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> tail.poll(Duration.ZERO))
            .isInstanceOfSatisfying(
                LogCorruptedException.class,
                e -> {
                  assertThat(e.expected()).isEqualTo(2);
                  assertThat(e.found()).isEqualTo(3);
                });
      }
    }
  }

  private void assertMalformed(String line, String what) {
    assertRefused(lines -> with(without(lines, 2), 2, line), what);
  }

  private void assertRefused(UnaryOperator<List<String>> change, String what) {
    write(change.apply(lines()));
    assertStrictlyRefused(what);
  }

  private void assertStrictlyRefused(String what) {
    try (LogFile read = LogFile.open(file)) {
      assertThatThrownBy(() -> readAll(read))
          .isInstanceOf(LogCorruptedException.class)
          .hasMessageStartingWith(file + " line ")
          .hasMessageContaining(what);
    }
  }

  private List<String> lines() {
    LogFile.write(file, log("a", "b", "c", "d"), 0, 4);
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(List<String> lines) {
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> without(List<String> lines, int at) {
    List<String> changed = new ArrayList<>(lines);
    changed.remove(at);
    return changed;
  }

  private static List<String> with(List<String> lines, int at, String line) {
    List<String> changed = new ArrayList<>(lines);
    changed.add(at, line);
    return changed;
  }

  private static MemoryLog log(String... texts) {
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

  private static List<LogRecord> readAll(LogSource source) {
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

  private static List<LogRecord> tailAll(LogSource source) {
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
