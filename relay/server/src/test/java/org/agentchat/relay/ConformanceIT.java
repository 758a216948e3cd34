package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The Autobahn test suite for WebSocket servers (RFC 6455) against the relay's sockets. It expects
/// an [Echo], and messages of up to 16 MiB: so that is the limit here, where the relay's own is 16
/// KiB before a peer has said who it is and 2 MiB after. No case is left out.
@Tag("conformance")
final class ConformanceIT {
  private static final int CASES = 301;
  private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

  /// Three minutes on an idle machine.
  private static final long WITHIN_MINUTES = 30;

  /// The suite's jars, put there by the build, and its report.
  private static final Path FOLDER = Path.of("target", "conformance");

  private static final String START =
      """
      import sys, json
      from autobahntestsuite import wstest
      wstest.start({'mode': 'fuzzingclient'}, json.loads(sys.argv[1]))
      """;

  @Test
  void everyCaseOfTheSuiteIsPassed() throws Exception {
    RelayLimits limits = RelayLimits.defaults().withFrameBytesBeforeIdentity(LARGEST_MESSAGE);
    try (Echo echo = new Echo(limits)) {
      run(echo.url());
    }
    JsonNode results =
        Json.parse(Files.readString(FOLDER.resolve("report/index.json"))).get("relay");

    Map<String, Integer> verdicts = new TreeMap<>();
    results.forEach(result -> verdicts.merge(verdict(result), 1, Integer::sum));
    System.out.println("WebSocket conformance: " + results.size() + " cases, " + verdicts);
    assertThat(results.size()).isEqualTo(CASES);
    assertThat(results.properties())
        .allSatisfy(result ->
            assertThat(result.getValue().get("behavior").stringValue())
                .as("case %s: %s", result.getKey(), result.getValue())
                .isIn("OK", "NON-STRICT", "INFORMATIONAL"))
        .allSatisfy(result ->
            assertThat(result.getValue().get("behaviorClose").stringValue())
                .as("close of case %s: %s", result.getKey(), result.getValue())
                .isIn("OK", "INFORMATIONAL"));
  }

  private static String verdict(JsonNode result) {
    return result.get("behavior").stringValue();
  }

  /// Runs the suite, which is Python, in a process of its own: Jython on the JDK that runs us.
  private static void run(String url) throws IOException, InterruptedException {
    Path log = FOLDER.resolve("suite.txt");
    Process suite =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dpython.cachedir.skip=true",
                "-cp",
                jars(),
                "org.python.util.jython",
                "-c",
                START,
                specification(url))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(suite.waitFor(WITHIN_MINUTES, TimeUnit.MINUTES))
          .as("the suite ends within %d minutes, see %s", WITHIN_MINUTES, log)
          .isTrue();
      assertThat(suite.exitValue()).as("exit code of the suite, see %s", log).isZero();
    } finally {
      suite.destroyForcibly();
    }
  }

  private static String jars() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar"))
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static String specification(String url) {
    return Json.text(
        Map.of(
            "outdir",
            FOLDER.resolve("report").toString(),
            "servers",
            List.of(Map.of("agent", "relay", "url", url, "options", Map.of("version", 18))),
            "options",
            Map.of("failByDrop", false),
            "cases",
            List.of("*"),
            "exclude-cases",
            List.of(),
            "exclude-agent-cases",
            Map.of()));
  }
}
