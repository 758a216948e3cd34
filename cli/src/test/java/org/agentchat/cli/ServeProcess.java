package org.agentchat.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.tlog.SignedNote;

/// `agentchat serve` in a process of its own, as a person starts it: on a home folder, on ports
/// that are free, told apart from other starts only by what it prints.
final class ServeProcess implements AutoCloseable {
  /// Two cores that others use as well.
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Pattern RELAY =
      Pattern.compile("AgentChat server running on (wss?://\\S+) \\(log (\\S+)\\)");
  private static final Pattern LEDGER = Pattern.compile("ledger API ready: (http://\\S+)/v1/stats");
  private static final Pattern KAFKA =
      Pattern.compile("log ready: (\\d+) entries, Kafka at (\\S+)");
  private static final String READY = "Press Ctrl+C to stop";

  private final Process process;
  private final Path printed;
  private final Path complained;

  private ServeProcess(Process process, Path printed, Path complained) {
    this.process = process;
    this.printed = printed;
    this.complained = complained;
  }

  /// Starts it and waits until every part is ready.
  ///
  /// @param arguments what follows `serve`
  static ServeProcess start(Path home, String... arguments) {
    ServeProcess launched = launch(home, arguments);
    boolean ready = false;
    try {
      launched.awaitReady();
      ready = true;
      return launched;
    } finally {
      if (!ready) {
        launched.close();
      }
    }
  }

  /// Starts it and does not wait.
  static ServeProcess launch(Path home, String... arguments) {
    List<String> command = new ArrayList<>(List.of("serve"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", home.toString(), "--host", "127.0.0.1"));
    List<String> given = List.of(arguments);
    if (!given.contains("--port")) {
      command.addAll(List.of("--port", "0"));
    }
    if (!given.contains("--api-port")) {
      command.addAll(List.of("--api-port", "0"));
    }
    return child(AgentChat.class, command);
  }

  /// Another Java process with this one's class path.
  static ServeProcess child(Class<?> main, List<String> arguments) {
    return child(main, arguments, Map.of());
  }

  /// The same with variables in its environment.
  static ServeProcess child(
      Class<?> main, List<String> arguments, Map<String, String> environment) {
    try {
      Path printed = Files.createTempFile("agentchat-out", ".txt");
      Path complained = Files.createTempFile("agentchat-err", ".txt");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1"));
      // Surefire may hide the class path in a manifest and then keeps it here.
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      command.addAll(List.of("-cp", classPath, main.getName()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("AGENTCHAT_"));
      builder.environment().putAll(environment);
      Process process =
          builder.redirectOutput(printed.toFile()).redirectError(complained.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new ServeProcess(process, printed, complained);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  ServeProcess awaitReady() {
    return awaitPrinted(READY);
  }

  ServeProcess awaitPrinted(String text) {
    await("'" + text + "' from " + process.pid())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> out().contains(text) || !process.isAlive());
    if (!out().contains(text)) {
      throw new AssertionError("the process ended: " + this);
    }
    return this;
  }

  URI relay() {
    return URI.create(found(RELAY, 1));
  }

  String origin() {
    return found(RELAY, 2);
  }

  String ledger() {
    return found(LEDGER, 1);
  }

  String kafka() {
    return found(KAFKA, 2);
  }

  /// How many entries the log had when this process opened it.
  long entriesAtStart() {
    return Long.parseLong(found(KAFKA, 1));
  }

  private String found(Pattern pattern, int group) {
    Matcher matcher = pattern.matcher(out());
    if (!matcher.find()) {
      throw new AssertionError(pattern + " was not printed: " + this);
    }
    return matcher.group(group);
  }

  LedgerApi api() {
    return new LedgerApi(ledger());
  }

  /// The checkpoint that the ledger has published; empty before the first.
  Optional<SignedNote> checkpoint() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(ledger() + "/checkpoint").toURL().openConnection();
      if (connection.getResponseCode() != 200) {
        return Optional.empty();
      }
      try (InputStream body = connection.getInputStream()) {
        return Optional.of(
            SignedNote.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until the ledger's rows have read so many entries.
  void awaitLedger(long entries) {
    await("ledger at " + entries)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> api().stats().path("size").asLong(-1) >= entries);
  }

  /// Waits until the rows have read what the relay has applied.
  void awaitLedger() {
    awaitLedger(relaySize());
  }

  /// What the relay has applied, by its metrics: `/health` may be a second old.
  long relaySize() {
    try (InputStream metrics =
        URI.create(relay().toString().replaceFirst("^ws", "http") + "/metrics")
            .toURL()
            .openStream()) {
      return new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("agentchat_relay_log_size "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Whether it ended by itself within the time.
  boolean ends(Duration within) {
    try {
      return process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// `kill -9`, and nothing is left of it afterwards.
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /// Sends a signal by its name, `INT` or `TERM`; returns the exit code.
  int signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return awaitExit();
  }

  int awaitExit() {
    if (!ends(PATIENCE)) {
      throw new AssertionError("it does not end: " + this);
    }
    return process.exitValue();
  }

  String out() {
    return text(printed);
  }

  String err() {
    return text(complained);
  }

  /// What was printed on standard error, but for the log's lines of everyday.
  List<String> complaints() {
    return err().lines().filter(line -> !line.contains(" INFO ")).toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(printed);
      Files.deleteIfExists(complained);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return "process %d, alive %s%n%s%n%s".formatted(process.pid(), process.isAlive(), out(), err());
  }
}
