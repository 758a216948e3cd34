package org.agentchat.ledger.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agentchat.schemas.json.Json;

/// A real browser without a window, driven over its own DevTools protocol.
final class Chromium implements AutoCloseable {
  /// How long a browser may take to start or a page to get somewhere: a slow machine, not a fast
  /// one.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private Chromium(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// The browser on this machine's PATH, if there is one.
  static Optional<Path> installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one.
  ///
  /// @param folder for its profile and its log, absolute
  static Chromium start(Path program, Path folder) throws IOException, InterruptedException {
    Path profile = Files.createDirectories(folder.resolve("profile"));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                // Its sandbox wants rights that a container's root does not have; it only ever
                // opens pages of the server under test.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.log").toFile())
            .start();
    try {
      return new Chromium(process, port(process, profile.resolve("DevToolsActivePort")));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int port(Process process, Path file) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) {
        return Integer.parseInt(lines.getFirst());
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("chromium ended with " + process.exitValue());
      }
    }
    throw new IllegalStateException("chromium did not open its port in " + PATIENCE);
  }

  /// Opens a new tab, empty.
  Tab tab() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/json/new?about:blank");
    HttpRequest request =
        HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.noBody()).build();
    String target = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return Tab.open(
        http, URI.create(Json.parse(target).path("webSocketDebuggerUrl").stringValue()));
  }

  @Override
  public void close() {
    // It is many processes, and who deletes its folder must be the last to write there.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      var _ = process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(
        one -> one.onExit().completeOnTimeout(one, PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    http.close();
  }
}
