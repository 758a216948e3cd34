package org.agentchat.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agentchat.ledger.SettledLog;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;

/// A good receipt file of every kind of deal, published beside this test with what it proves and
/// what it does not, so that another verifier says the same: run with `-Dagentchat.golden=write` to
/// write them anew.
class IssuedReceiptTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/org/agentchat/receipt/issued").toAbsolutePath();

  /// What a verifier says of a file.
  private record Said(
      ReceiptCode code, String message, List<String> proved, List<String> notProved) {}

  private static Map<String, SettledLog> deals() {
    return Map.of(
        "completed", SettledLog.completed(),
        "completed-after-many-rotations", SettledLog.completedAfterManyRotations(),
        "completed-by-a-later-key", SettledLog.completedByALaterKey(),
        "completed-under-the-old-scheme", SettledLog.completedUnderTheOldScheme(),
        "disputed", SettledLog.disputed(),
        "disputed-again", SettledLog.disputedAgain(),
        "judged", SettledLog.judged(),
        "judged-by-time", SettledLog.judgedByTime());
  }

  @Test
  void publishedFilesAreWhatALedgerIssuesAndProveWhatIsPublished() throws IOException {
    Map<String, String> files = new TreeMap<>();
    Map<String, Said> said = new TreeMap<>();
    deals()
        .forEach((name, deal) -> {
          String file = Notary.file(deal).encode();
          files.put(name + ".json", file);
          said.put(name + ".json", said(file));
        });
    files.put("policy", Notary.POLICY);
    files.put("said.json", Json.pretty(said) + "\n");
    if ("write".equals(System.getProperty("agentchat.golden"))) {
      Files.createDirectories(GOLDEN);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(GOLDEN.resolve(file.getKey()), file.getValue());
      }
    }

    try (Stream<Path> published = Files.list(GOLDEN)) {
      assertThat(published.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files.keySet());
    }
    files.forEach((name, text) -> assertThat(GOLDEN.resolve(name)).hasContent(text));
    assertThat(said.values()).extracting(Said::code).containsOnly(ReceiptCode.OK);
  }

  private static Said said(String file) {
    Verification verification =
        new ReceiptVerifier(Notary.policy()).verify(file.getBytes(StandardCharsets.UTF_8));
    return new Said(
        verification.code(),
        verification.message(),
        verification.proved(),
        verification.notProved());
  }
}
