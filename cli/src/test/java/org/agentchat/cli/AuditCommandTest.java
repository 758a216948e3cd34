package org.agentchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.agentchat.ledger.Publication;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `agentchat audit FILE` on files that somebody has been at.
final class AuditCommandTest {
  private static final WrittenLog HONEST = WrittenLog.of(4);

  @TempDir private Path folder;

  private Path log;

  @BeforeEach
  void export() throws IOException {
    log = HONEST.export(folder.resolve("log.jsonl"));
    Publications.write(Publications.besideOf(log), HONEST.publication());
  }

  @Test
  void honestFileHolds() {
    Ran ran = Ran.command("audit", log);
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(ran.out())
        .contains(
            "log " + WrittenLog.ORIGIN,
            "Entries: 17 (12 statements with a valid signature, 0 refused by the rules)",
            "Compared with log.jsonl.published.json: 17 entries, 5 agents, 4 receipts",
            "Verdict: everything holds.");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void compressedFileHolds() {
    Ran ran = Ran.command("audit", HONEST.export(folder.resolve("log.jsonl.gz")), "--json");
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    assertThat(Json.parse(ran.out()).get("holds").booleanValue()).isTrue();
  }

  @Test
  void fileWithoutPublicationIsJudgedByItself() throws IOException {
    Files.delete(Publications.besideOf(log));
    Ran ran = Ran.command("audit", log);
    assertThat(ran.exit()).isEqualTo(Exit.OK);
    assertThat(ran.out())
        .contains("what was left out cannot be seen", "Verdict: the log is sound in itself.");
  }

  @Test
  void droppedLineIsNamedWithTheLineOfTheFile() {
    edit(lines -> lines.remove(6));
    assertThat(assertDiffers(5).out()).contains("line 7: wanted index 5, found index 6");
  }

  @Test
  void droppedLineIsFoundAlsoWhenTheRestIsNumberedAnew() {
    edit(lines -> {
      lines.remove(6);
      renumber(lines);
    });
    assertDiffers(5);
  }

  @Test
  void droppedLastLineIsFoundWithAndWithoutANewHeader() {
    edit(List::removeLast);
    assertDiffers(16);
    edit(AuditCommandTest::renumber);
    assertDiffers(16);
  }

  @Test
  void doubledLineIsFoundWithAndWithoutRenumbering() {
    edit(lines -> lines.add(6, lines.get(6)));
    assertDiffers(6);
    edit(AuditCommandTest::renumber);
    assertDiffers(6);
  }

  @Test
  void swappedLinesAreFoundWithAndWithoutRenumbering() {
    edit(lines -> Collections.swap(lines, 6, 7));
    assertDiffers(5);
    edit(AuditCommandTest::renumber);
    assertDiffers(5);
  }

  @Test
  void junkLineIsFound() {
    edit(lines -> lines.add(6, "junk"));
    assertDiffers(5);
  }

  /// Its reader begins anew where a page ends in damage, on a thread of its own.
  @Test
  void damagedLinesAreCountedOnceEachAndInOrder() throws IOException {
    int size = 6_000;
    StringBuilder lines = new StringBuilder();
    lines.append("{\"format\":\"agentchat-log/1\",\"from\":0,\"size\":" + size + "}\n");
    for (int index = 0; index < size; index++) {
      lines.append(index % 2 == 0 ? "{\"index\":" + index + ",\"event\":\"xi\"}\n" : "junk\n");
    }
    Path damaged = Files.writeString(folder.resolve("damaged.jsonl"), lines);
    Ran first = Ran.command("audit", damaged, "--json", "--no-remember");
    assertThat(Json.parse(first.out()).get("faults").longValue()).isEqualTo(size);
    for (int i = 0; i < 3; i++) {
      assertThat(Ran.command("audit", damaged, "--json", "--no-remember").out())
          .isEqualTo(first.out());
    }
  }

  @Test
  void lineMadeJunkIsFound() {
    edit(lines -> lines.set(6, "{\"index\":5,\"event\":7}"));
    assertDiffers(5);
  }

  @Test
  void lineBehindTheEndIsFound() {
    edit(lines -> lines.add(lines.getLast().replace("\"index\":16", "\"index\":17")));
    assertDiffers(17);
  }

  @Test
  void alteredEventIsFoundAtItsIndex() {
    edit(lines -> lines.replaceAll(line -> line.replace("task 1", "task 9")));
    assertThat(assertDiffers(5).out()).contains("FORGED", "ENTRY_DIFFERS");
  }

  @Test
  void fileCutInTheMiddleOfALineIsFound() throws IOException {
    byte[] whole = Files.readAllBytes(log);
    for (int length = whole.length - 2; length > 200; length -= 397) {
      Files.write(log, Arrays.copyOf(whole, length));
      Ran ran = Ran.command("audit", log, "--json");
      assertThat(ran.exit()).as("cut to %d bytes: %s", length, ran).isEqualTo(Exit.DIFFERENCE);
    }
  }

  @Test
  void compressedFileThatBreaksOffIsFound() throws IOException {
    Path packed = HONEST.export(folder.resolve("log.jsonl.gz"));
    byte[] whole = Files.readAllBytes(packed);
    for (int length = whole.length - 1; length > 300; length -= 41) {
      Files.write(packed, Arrays.copyOf(whole, length));
      Ran ran = Ran.command("audit", packed);
      assertThat(ran.exit()).as("cut to %d bytes: %s", length, ran).isNotIn(Exit.OK, Exit.BUG);
      assertThat(ran.out() + ran.err()).as("cut to %d", length).isNotEmpty();
    }
  }

  @Test
  void flippedByteAnywhereInACompressedFileIsFoundAndNeverABug() throws IOException {
    Path packed = HONEST.export(folder.resolve("log.jsonl.gz"));
    byte[] whole = Files.readAllBytes(packed);
    for (int at = 10; at < whole.length; at += 61) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      Files.write(packed, flipped);
      Ran ran = Ran.command("audit", packed);
      assertThat(ran.exit()).as("byte %d: %s", at, ran).isIn(Exit.DIFFERENCE, Exit.FAILED);
    }
  }

  @Test
  void tamperedLineInsideACompressedFileIsNamed() throws IOException {
    Path packed = HONEST.export(folder.resolve("log.jsonl.gz"));
    String text;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      text = new String(in.readAllBytes(), UTF_8);
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.replace("task 2", "task 7").getBytes(UTF_8));
    }
    Ran ran = Ran.command("audit", packed, "--json");
    assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(first(ran)).isEqualTo(9);
  }

  @Test
  void fileThatBeginsInTheMiddleOfTheLogIsNotSound() {
    edit(lines -> {
      lines.subList(1, 6).clear();
      lines.set(0, "{\"format\":\"agentchat-log/1\",\"from\":5,\"size\":12}");
    });
    assertThat(assertDiffers(0).out()).contains("the file begins at entry 5");
    assertThat(deletePublication()).isTrue();
    assertDiffers(0);
  }

  private boolean deletePublication() {
    return Publications.besideOf(log).toFile().delete();
  }

  @Test
  void publicationThatSaysSomethingElseIsFound() throws IOException {
    publish(json -> json.put("state_hash", "0".repeat(64)));
    assertThat(Ran.command("audit", log).out()).contains("STATE_DIFFERS");
    publish(json -> json.set("agents", ((ArrayNode) json.get("agents")).removeAll()));
    assertThat(Ran.command("audit", log))
        .satisfies(ran -> {
          assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
          assertThat(ran.out()).contains("RATING_DIFFERS");
        });
  }

  @Test
  void publicationThatIsNoneIsSaidInOneSentence() throws IOException {
    Path published = Publications.besideOf(log);
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "7",
            "junk",
            "{\"origin\":null}",
            Json.text(HONEST.publication()).replaceFirst("\"id\":\"[^\"]*\",", ""),
            Json.text(HONEST.publication()).replaceAll("\"legs\":\\[.*", "}]}"),
            Json.text(HONEST.publication()).replaceFirst("\"agents\":\\[", "\"agents\":[null,"))) {
      Files.writeString(published, text);
      assertSentence(Ran.command("audit", log), Exit.FAILED, "is not a publication");
    }
    Files.write(published, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertSentence(Ran.command("audit", log), Exit.FAILED, "is not a publication");
  }

  @Test
  void missingFileIsSaidInOneSentence() {
    assertSentence(
        Ran.command("audit", folder.resolve("nothing.jsonl")),
        Exit.FAILED,
        "There is no log at",
        "agentchat log export");
    assertSentence(Ran.command("audit", folder), Exit.FAILED, "There is no checkpoint in ");
    assertSentence(
        Ran.command("audit", log, "--against", folder.resolve("nothing.json")),
        Exit.FAILED,
        "nothing.json");
  }

  @Test
  void fileThatIsNotALogIsSaidInOneSentence() throws IOException {
    for (String text : List.of("", "\n", "junk\n", "{}\n", "{\"format\":\"other/1\"}\n")) {
      Files.writeString(log, text);
      assertSentence(Ran.command("audit", log), Exit.FAILED, "line 1");
    }
    Path packed = Files.writeString(folder.resolve("plain.gz"), "not gzip");
    assertSentence(Ran.command("audit", packed), Exit.FAILED, "wanted gzip");
  }

  @Test
  void ledgerThatDoesNotAnswerIsSaidInOneSentence() throws IOException {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort();
    }
    assertSentence(Ran.command("audit", nobody), Exit.UNREACHABLE, "No ledger answers at");
    assertSentence(
        Ran.command("audit", "--ledger", nobody), Exit.UNREACHABLE, "No ledger answers at");
    assertSentence(
        Ran.command("audit", log, "--against", nobody), Exit.UNREACHABLE, "No ledger answers at");
  }

  @Test
  void sourceNamedTwiceIsAUsageError() {
    assertSentence(
        Ran.command("audit", log, "--kafka", "localhost:1"), Exit.USAGE, "only one of them");
    assertSentence(Ran.command("audit", "http://"), Exit.USAGE, "--help");
    assertThat(Ran.command("audit", log, log).exit()).isEqualTo(Exit.USAGE);
  }

  private static void assertSentence(Ran ran, int exit, String... parts) {
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(exit);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("Error: ").contains(parts);
    assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
  }

  /// The audit speaks, and names this entry first.
  private Ran assertDiffers(long index) {
    Ran json = Ran.command("audit", log, "--json");
    assertThat(json.exit()).as(json.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(first(json)).as(json.out()).isEqualTo(index);
    Ran ran = Ran.command("audit", log);
    assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(ran.out())
        .contains("difference(s) found; the first is at entry " + index)
        .doesNotContain("holds");
    return ran;
  }

  private static long first(Ran ran) {
    return Json.parse(ran.out()).get("findings").values().stream()
        .filter(finding -> !finding.get("kind").stringValue().equals("REFUSED"))
        .mapToLong(finding -> finding.get("index").longValue())
        .filter(index -> index >= 0)
        .min()
        .orElseThrow();
  }

  /// Line 0 is the header; the entry of index `i` is line `i + 1`.
  private void edit(Consumer<List<String>> change) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(log));
      change.accept(lines);
      Files.write(log, lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// As somebody would who covers up what he did.
  private static void renumber(List<String> lines) {
    lines.set(
        0, "{\"format\":\"agentchat-log/1\",\"from\":0,\"size\":%d}".formatted(lines.size() - 1));
    for (int i = 1; i < lines.size(); i++) {
      lines.set(i, lines.get(i).replaceFirst("\"index\":\\d+", "\"index\":" + (i - 1)));
    }
  }

  private void publish(UnaryOperator<ObjectNode> change) throws IOException {
    Publication honest = HONEST.publication();
    JsonNode json = change.apply((ObjectNode) Json.parse(Json.text(honest)));
    Files.writeString(Publications.besideOf(log), Json.text(json));
  }
}
