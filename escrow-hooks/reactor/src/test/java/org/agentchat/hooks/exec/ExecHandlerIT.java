package org.agentchat.hooks.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.NoticeFilter;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.hooks.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real commands: a shell script here is what an operator's own program would be.
@Timeout(120)
final class ExecHandlerIT {
  private static final String PAYLOAD = "{\"event\":\"receipt:issued\"}";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static Intent intent() {
    return new Intent(7, "a", "msg_0123", "prop_1", "receipt:issued", PAYLOAD, 3, Instant.EPOCH, 2);
  }

  private ExecHandler handler(Duration timeout, String... command) {
    return new ExecHandler(
        new ExecSettings(
            "a",
            NoticeFilter.ALL,
            List.of(command),
            Optional.of(folder),
            Map.of("TOKEN", new Secret("topsecret", "a test"), "SHORT", new Secret("x", "a test")),
            timeout,
            RetrySchedule.DEFAULT,
            Duration.ofDays(1)));
  }

  private Outcome run(String script) throws InterruptedException {
    return handler(LONG, "/bin/sh", "-c", script).attempt(intent());
  }

  private String written(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @Test
  void commandGetsThePayloadAndSucceeds() throws InterruptedException, IOException {
    Outcome outcome = run("cat > got; echo thanks");
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    assertThat(outcome.note()).startsWith("exit code 0").endsWith(": thanks");
    assertThat(written("got")).isEqualTo(PAYLOAD + "\n");
  }

  @Test
  void environmentIsSmall() throws InterruptedException, IOException {
    run(
        "env | sort | cut -d= -f1 > names; echo $AGENTCHAT_HOOK $AGENTCHAT_EVENT $AGENTCHAT_ID"
            + " $AGENTCHAT_ATTEMPT $TOKEN > values");
    assertThat(written("names").lines())
        .filteredOn(name -> !List.of("PWD", "SHLVL", "_", "OLDPWD").contains(name))
        .containsExactly(
            "AGENTCHAT_ATTEMPT",
            "AGENTCHAT_EVENT",
            "AGENTCHAT_HOOK",
            "AGENTCHAT_ID",
            "LANG",
            "PATH",
            "SHORT",
            "TOKEN");
    assertThat(written("values")).isEqualTo("a receipt:issued msg_0123 3 topsecret\n");
  }

  @Test
  void noShellLooksAtTheArguments() throws InterruptedException {
    Outcome outcome = handler(LONG, "/bin/echo", "$HOME; `id` *").attempt(intent());
    assertThat(outcome.note()).endsWith(": $HOME; `id` *");
  }

  @Test
  void exitCodesAreUnderstood() throws InterruptedException {
    assertThat(run("exit 0")).isInstanceOf(Outcome.Done.class);
    assertThat(run("exit 1")).isInstanceOf(Outcome.Retry.class);
    assertThat(run("exit 65")).isInstanceOf(Outcome.Dead.class);
    assertThat(run("exit 75")).isInstanceOf(Outcome.Retry.class);
    assertThat(run("kill -9 $$")).isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void commandThatIsNotThereIsTriedAgain() throws InterruptedException {
    Outcome outcome = handler(LONG, "/nowhere/at-all").attempt(intent());
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    assertThat(outcome.note()).startsWith("the command does not start").contains("/nowhere/at-all");
  }

  @Test
  void commandNeedNotRead() throws InterruptedException {
    Intent large = new Intent(7, "a", "k", "l", "e", "x".repeat(1_000_000), 3, Instant.EPOCH, 0);
    assertThat(handler(LONG, "/bin/true").attempt(large)).isInstanceOf(Outcome.Done.class);
    Outcome slow = handler(Duration.ofMillis(500), "/bin/sleep", "600").attempt(large);
    assertThat(slow.note()).startsWith("killed after PT0.5S");
  }

  @Test
  void everythingThatTheCommandStartedIsKilledWithIt() throws InterruptedException, IOException {
    Outcome outcome =
        handler(
                Duration.ofSeconds(2),
                "/bin/sh",
                "-c",
                "sleep 600 & echo $! > child; (sleep 601 & echo $! > grandchild; wait) & wait")
            .attempt(intent());
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    assertThat(outcome.note()).startsWith("killed after");
    for (String file : List.of("child", "grandchild")) {
      long pid = Long.parseLong(written(file).strip());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  @Test
  void outputIsBoundedAndItsEndIsKept() throws InterruptedException {
    Outcome outcome = run("yes 0123456789 | head -c 20000000; echo the end; exit 1");
    assertThat(outcome.note()).endsWith("the end").hasSizeLessThan(400);
  }

  @Test
  void secretsOfTheEnvironmentAreNotShown() throws InterruptedException {
    assertThat(run("echo my token is $TOKEN, x; exit 1").note())
        .endsWith("my token is ***, x")
        .doesNotContain("topsecret");
  }

  @Test
  void whatIsLeftBehindIsNotWaitedFor() throws InterruptedException {
    Outcome outcome = run("sleep 5 & echo started");
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    assertThat(outcome.note()).contains("started");
  }

  @Test
  void interruptKillsTheCommandAndLeavesNoOutcome() throws InterruptedException, IOException {
    ExecHandler handler = handler(LONG, "/bin/sh", "-c", "echo $$ > pid; exec sleep 600");
    List<Object> ends = new CopyOnWriteArrayList<>();
    Thread attempt =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ends.add(handler.attempt(intent()));
              } catch (InterruptedException e) {
                ends.add(e);
              }
            });
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(folder.resolve("pid")) && !written("pid").isBlank());
    attempt.interrupt();
    attempt.join();
    assertThat(ends).hasSize(1).first().isInstanceOf(InterruptedException.class);
    long pid = Long.parseLong(written("pid").strip());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void testRunsTheCommandWithASample() throws InterruptedException, IOException {
    assertThat(handler(LONG, "/bin/sh", "-c", "cat > got").test()).isInstanceOf(Outcome.Done.class);
    assertThat(written("got")).contains("\"test\":true");
  }
}
