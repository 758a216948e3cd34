package org.agentchat.hooks.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.agentchat.hooks.Excerpt;
import org.agentchat.hooks.Handler;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.NoticePlanner;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.Planner;
import org.agentchat.hooks.Sample;
import org.agentchat.hooks.Secret;

/// Runs a local command for each notice: the payload on its standard input, a small environment, no
/// shell. Exit code 0 is success, [#HOPELESS] a dead letter at once, everything else is tried
/// again.
public final class ExecHandler implements Handler {
  /// The exit code that says that trying again makes no sense (`EX_DATAERR` of sysexits).
  public static final int HOPELESS = 65;

  /// Variables of every command. Nothing of this process's own environment is handed on.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C.UTF-8");

  /// How long the end of the output is waited for once the command has ended.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /// Shorter ones would make every output unreadable, and are no secrets.
  private static final int MIN_HIDDEN_CHARS = 4;

  private final ExecSettings settings;
  private final InstantSource clock;

  /// A handler that uses this machine's clock.
  public ExecHandler(ExecSettings settings) {
    this.settings = settings;
    this.clock = InstantSource.system();
  }

  @Override
  public Planner planner() {
    return new NoticePlanner(settings.hook(), settings.filter());
  }

  @Override
  public Optional<Duration> retention() {
    return Optional.of(settings.retention());
  }

  @Override
  public Outcome attempt(Intent intent) throws InterruptedException {
    Instant start = clock.instant();
    Process process;
    try {
      process = builder(intent).start();
    } catch (IOException e) {
      return failed(
          intent, "the command does not start: " + hidden(String.valueOf(e.getMessage())));
    }
    CommandOutput output = CommandOutput.of(process.getInputStream());
    boolean ended = false;
    try {
      tell(process, intent.payload());
      ended = process.waitFor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        kill(process);
      }
    }
    String said = hidden(output.end(LAST_WORDS));
    long took = Duration.between(start, clock.instant()).toMillis();
    return ended
        ? outcome(intent, process.exitValue(), took, said)
        : failed(
            intent,
            withOutput("killed after %s, it had not ended".formatted(settings.timeout()), said));
  }

  private ProcessBuilder builder(Intent intent) {
    ProcessBuilder builder = new ProcessBuilder(settings.command()).redirectErrorStream(true);
    settings.folder().ifPresent(folder -> builder.directory(folder.toFile()));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(ENVIRONMENT);
    settings.environment().forEach((name, value) -> environment.put(name, value.reveal()));
    environment.put("AGENTCHAT_HOOK", intent.hook());
    environment.put("AGENTCHAT_EVENT", intent.event());
    environment.put("AGENTCHAT_ID", intent.key());
    environment.put("AGENTCHAT_ATTEMPT", Integer.toString(intent.attempts() + 1));
    return builder;
  }

  /// On a thread of its own: a command that does not read must not hold up its own time-out.
  private static void tell(Process process, String payload) {
    Thread.ofPlatform()
        .daemon()
        .name("hooks-input")
        .start(() -> {
          try (OutputStream input = process.getOutputStream()) {
            input.write((payload + "\n").getBytes(StandardCharsets.UTF_8));
          } catch (IOException _) {
            // It need not read what it is told; its exit code says how it went.
          }
        });
  }

  /// The command and whatever it has started and not let go of.
  private static void kill(Process process) {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    started.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
  }

  private Outcome outcome(Intent intent, int exit, long took, String said) {
    String note = withOutput("exit code %d after %d ms".formatted(exit, took), said);
    return switch (exit) {
      case 0 -> new Outcome.Done(note);
      case HOPELESS -> new Outcome.Dead(note);
      default -> failed(intent, note);
    };
  }

  private static String withOutput(String note, String said) {
    return said.isEmpty() ? note : note + ": " + said;
  }

  private Outcome failed(Intent intent, String note) {
    return settings
        .retries()
        .failed(intent, note, Duration.ZERO, clock.instant(), RandomGenerator.getDefault());
  }

  /// The end of an output without the secrets that the command was given.
  private String hidden(String output) {
    String text = output;
    for (Secret secret : settings.environment().values()) {
      if (secret.reveal().length() >= MIN_HIDDEN_CHARS) {
        text = text.replace(secret.reveal(), "***");
      }
    }
    String line = text.strip();
    return Excerpt.of(line.substring(Math.max(0, line.length() - Excerpt.MAX_CHARS)));
  }

  @Override
  public Outcome test() throws InterruptedException {
    return attempt(Sample.of(settings.hook(), settings.filter(), clock.instant()));
  }
}
