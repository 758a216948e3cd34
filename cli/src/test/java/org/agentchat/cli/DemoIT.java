package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.ledger.Publication;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo, run as a newcomer does, and what it leaves for an auditor.
@Timeout(180)
final class DemoIT {
  @TempDir private Path folder;

  @Test
  void demoShowsItsDealsAndLeavesWhatAnAuditorNeeds() throws IOException {
    Path kept = folder.resolve("kept");
    Ran demo = Ran.command("demo", "--keep", kept);
    assertThat(demo.exit()).as(demo.toString()).isEqualTo(Exit.OK);
    assertThat(demo.out())
        .contains("Receipts:", "Leaderboard:", "disputed", "has expired")
        .contains("Verdict: everything holds.", "Kept in " + kept);

    Path log = kept.resolve("log.jsonl");
    Ran audit = Ran.command("audit", log);
    assertThat(audit.exit()).as(audit.toString()).isEqualTo(Exit.OK);
    assertThat(audit.out())
        .contains("Compared with log.jsonl.published.json", "Verdict: everything holds.");

    Ran verified =
        Ran.command(
            "verify",
            kept.resolve("receipt.json"),
            "--policy",
            kept.resolve("policy"),
            "--home",
            folder.resolve("home"));
    assertThat(verified.exit()).as(verified.toString()).isEqualTo(Exit.OK);
    assertThat(verified.out()).contains("review the parser, for 12.5 SOL");

    Publication published = Publications.beside(log).orElseThrow();
    assertThat(published.receipts()).hasSize(4);
    try (Stream<Path> files = Files.list(kept.resolve("receipts"))) {
      assertThat(files.map(DemoIT::receipt))
          .extracting(Json::text)
          .containsExactlyInAnyOrderElementsOf(
              published.receipts().stream().map(Json::text).toList());
    }

    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.stream().map(line -> line.replace("12.5", "99.5")).toList());
    assertThat(Ran.command("audit", log).exit()).as("an altered amount").isEqualTo(Exit.DIFFERENCE);
  }

  private static Receipt receipt(Path file) {
    try {
      return Json.mapper().readValue(Files.readString(file), Receipt.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
