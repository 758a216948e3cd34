package org.agentchat.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

/// Everything that can be wrong in a log file is named with its line.
final class LogFileFlawsTest {
  @TempDir private Path folder;

  private Path file = Path.of("unset");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("log.jsonl");
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
      assertThatThrownBy(() -> LogFileTest.readAll(read))
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
      assertThatThrownBy(() -> LogFileTest.readAll(read))
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
      assertThat(EventLogContract.texts(LogFileTest.tailAll(read))).containsExactly("a", "c");
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
      assertThatThrownBy(() -> LogFileTest.readAll(read))
          .isInstanceOf(LogCorruptedException.class)
          .hasMessageStartingWith(file + " line ")
          .hasMessageContaining(what);
    }
  }

  private List<String> lines() {
    LogFile.write(file, LogFileTest.log("a", "b", "c", "d"), 0, 4);
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
}
