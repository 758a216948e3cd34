package org.agentchat.akash.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// dockerfilelint has nothing against the committed Dockerfile. Needs Node.js and npm, which
/// fetches the linter once; without them, or without a network, the test is skipped and says so.
final class DockerfileLintIT {
  private static final Path COMMITTED = Path.of("../docker/Dockerfile");
  private static final Path TOOL = Path.of("src/test/dockerfilelint");
  private static final Path PLACE = Path.of("target/dockerfilelint");
  private static final String RULES = ".dockerfilelintrc";

  /// 47 small packages: 5 s on a slow line.
  private static final int INSTALL_SECONDS = 180;

  private static final int LINT_SECONDS = 60;

  private static final Pattern NO_NETWORK =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH");

  /// How a program ended, and what it printed.
  private record Ended(int exit, String output) {}

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    Files.createDirectories(PLACE);
    copy(RULES);
    if (isInstalled()) {
      return;
    }
    copy("package.json");
    copy("package-lock.json");
    Ended ended = npmCi();
    if (ended.exit() != 0 && NO_NETWORK.matcher(ended.output()).find()) {
      skip("npm reaches no registry");
    }
    assertThat(ended.exit()).as(ended.output()).isZero();
  }

  private static void copy(String file) throws IOException {
    Files.copy(TOOL.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
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
    String sentence = "SKIPPED: the Dockerfile was NOT checked with dockerfilelint, because " + why;
    System.err.println("*** " + sentence + " ***");
    Assumptions.abort(sentence);
  }

  @Test
  void linterHasNothingAgainstOurDockerfile() throws Exception {
    Ended ended = lint(COMMITTED);

    assertThat(ended.exit()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("/docker/Dockerfile\"", "\"totalIssues\":0");
  }

  /// Else the test above would prove nothing.
  @Test
  void linterFindsWhatIsWrong() throws Exception {
    String dockerfile = Files.readString(COMMITTED);
    Path broken = PLACE.resolve("broken.Dockerfile");
    Files.writeString(
        broken,
        dockerfile.replaceFirst("(?m)^FROM .*\n", "")
            + "RUN apt-get install --no-install-recommends curl\n");

    Ended ended = lint(broken);

    assertThat(ended.exit()).as(ended.output()).isEqualTo(2);
    assertThat(ended.output())
        .contains(
            "First Command Must Be FROM or ARG",
            "Missing parameter for `apt-get`",
            "\"totalIssues\":2");
  }

  /// Ends with the number of what is found.
  private static Ended lint(Path dockerfile) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "node",
            "node_modules/dockerfilelint/bin/dockerfilelint",
            "--json",
            // The folder with the rules, which else is the Dockerfile's.
            "--config=.",
            dockerfile.toRealPath().toString());
    return run(LINT_SECONDS, command.toArray(String[]::new));
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
