package org.agentchat.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// AsyncAPI's own parser and rules have nothing against our documents. Needs Node.js and npm, which
/// fetches the parser once; without them, or without a network, the test is skipped and says so.
class AsyncApiIT {
  private static final Path TOOL = Path.of("src/test/asyncapi");
  private static final Path PLACE = Path.of("target/asyncapi");
  private static final List<String> TOOL_FILES =
      List.of("package.json", "package-lock.json", "check.js");

  /// 170 small packages: 20 s on a slow line.
  private static final int INSTALL_SECONDS = 180;

  private static final int CHECK_SECONDS = 120;

  private static final Pattern NO_NETWORK =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH");

  /// How a program ended, and what it printed.
  private record Ended(int exit, String output) {}

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    if (!isInstalled()) {
      Files.createDirectories(PLACE);
      for (String file : TOOL_FILES) {
        Files.copy(TOOL.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      Ended ended = npmCi();
      if (ended.exit() != 0 && NO_NETWORK.matcher(ended.output()).find()) {
        skip("npm reaches no registry");
      }
      assertThat(ended.exit()).as(ended.output()).isZero();
    }
    Files.copy(
        TOOL.resolve("check.js"), PLACE.resolve("check.js"), StandardCopyOption.REPLACE_EXISTING);
  }

  /// npm writes that file last.
  private static boolean isInstalled() throws IOException {
    Path lock = PLACE.resolve("package-lock.json");
    return Files.exists(PLACE.resolve("node_modules/.package-lock.json"))
        && Files.exists(lock)
        && Files.mismatch(lock, TOOL.resolve("package-lock.json")) < 0;
  }

  private static Ended npmCi() throws InterruptedException {
    try {
      return run(
          INSTALL_SECONDS,
          "npm",
          "ci",
          "--ignore-scripts",
          "--no-audit",
          "--no-fund",
          "--prefer-offline",
          "--fetch-retries=1",
          "--fetch-timeout=30000");
    } catch (IOException _) {
      skip("there is no npm");
      throw new AssertionError("skipped");
    }
  }

  private static void skip(String why) {
    String sentence =
        "SKIPPED: the AsyncAPI documents were NOT checked with AsyncAPI's own parser, because "
            + why;
    System.err.println("*** " + sentence + " ***");
    Assumptions.abort(sentence);
  }

  @Test
  void parserHasNothingAgainstOurDocuments() throws Exception {
    Path bundled = PLACE.resolve("self-contained.json");
    Files.writeString(bundled, Json.pretty(AsyncApi.selfContained(AsyncApiTest.schemas())));

    Ended ended = check(AsyncApiTest.PUBLISHED, bundled);

    assertThat(ended.exit()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("asyncapi.json: ", "self-contained.json: ");
  }

  /// Else the test above would prove nothing.
  @Test
  void parserFindsWhatIsWrong() throws Exception {
    Path broken = PLACE.resolve("broken.json");
    String document = Json.pretty(AsyncApi.selfContained(AsyncApiTest.schemas()));
    Files.writeString(
        broken, document.replaceFirst("/messages/ClientJoin\"", "/messages/Nobody\""));

    Ended ended = check(broken);

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.output()).contains("broken.json: error", "Nobody");
  }

  private static Ended check(Path... documents) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", "check.js"));
    Arrays.stream(documents).forEach(file -> command.add(file.toAbsolutePath().toString()));
    return run(CHECK_SECONDS, command.toArray(String[]::new));
  }

  private static Ended run(int seconds, String... command)
      throws IOException, InterruptedException {
    Path output = PLACE.resolve("output.txt").toAbsolutePath();
    Process process =
        new ProcessBuilder(command)
            .directory(PLACE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(
          "%s took more than %d s: %s".formatted(command[0], seconds, Files.readString(output)));
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
