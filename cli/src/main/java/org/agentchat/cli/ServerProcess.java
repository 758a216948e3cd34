package org.agentchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An all-in-one server of our own: a child process with our class path and our Java options, on
/// free ports, in a scratch folder. It ends, and the folder goes, with [#close] or with this
/// process.
final class ServerProcess implements BenchServer {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
  private static final int COMPLAINT_LINES = 5;

  private static final Pattern RELAY = Pattern.compile("server running on (wss?://\\S+)");
  private static final String READY = "Press Ctrl+C to stop";
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final ScratchFolder scratch;
  private final Process process;
  private final Thread hook = new Thread(this::stop, "stop-server");
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final long startedAt = System.nanoTime();
  private volatile long readyAt;

  private ServerProcess(ScratchFolder scratch, List<String> options) throws IOException {
    this.scratch = scratch;
    this.process =
        new ProcessBuilder(command(scratch.path(), options))
            .redirectError(errors().toFile())
            .start();
  }

  /// Starts a server and waits until it is ready.
  ///
  /// @param options more options of `serve`
  /// @throws IOException saying what the server complained of, if it does not become ready
  static ServerProcess start(List<String> options) throws IOException, InterruptedException {
    ScratchFolder scratch = ScratchFolder.create("agentchat-bench");
    ServerProcess server;
    try {
      server = new ServerProcess(scratch, options);
    } catch (IOException e) {
      scratch.close();
      throw e;
    }
    try {
      Runtime.getRuntime().addShutdownHook(server.hook);
      Thread.ofVirtual().name("server-output").start(server::readOutput);
      server.awaitReady();
      return server;
    } catch (IOException | RuntimeException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private static List<String> command(Path scratch, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(AgentChat.class.getName());
    command.addAll(List.of("serve", "--unmetered", "--host", "127.0.0.1"));
    command.addAll(List.of("--port", "0", "--api-port", "0"));
    command.addAll(List.of("--home", scratch.resolve("home").toString()));
    command.addAll(options);
    return command;
  }

  private Path errors() {
    return scratch.path().resolve("errors.txt");
  }

  private void readOutput() {
    URI relay = null;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = RELAY.matcher(line);
        if (found.find()) {
          relay = URI.create(found.group(1));
        }
        if (line.equals(READY) && relay != null) {
          readyAt = System.nanoTime();
          ready.complete(relay);
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    try {
      ready.get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the server did not become ready: " + complaint(), e);
    }
  }

  private String complaint() throws IOException {
    List<String> lines = Files.readAllLines(errors());
    return lines.isEmpty()
        ? "it said nothing within " + READY_WITHIN.toSeconds() + " s"
        : String.join(" / ", lines.subList(0, Math.min(lines.size(), COMPLAINT_LINES)));
  }

  @Override
  public URI uri() {
    return ready.join();
  }

  @Override
  public Footprint footprint() {
    return new Footprint((readyAt - startedAt) / 1e9, residentMb());
  }

  @Override
  public @Nullable Duration cpu() {
    return process.info().totalCpuDuration().orElse(null);
  }

  /// Linux tells in `/proc`; elsewhere nobody is asked.
  private @Nullable Long residentMb() {
    try {
      Matcher found =
          RESIDENT.matcher(
              Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
      return found.find() ? Long.parseLong(found.group(1)) / 1024 : null;
    } catch (IOException _) {
      return null;
    }
  }

  private void stop() {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      scratch.close();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("left behind: " + scratch.path() + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The hook is running already, or has run.
    }
  }
}
