package org.agentchat.ledger.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.Checkpoint;
import tools.jackson.databind.JsonNode;

/// A real server on a free port, and a client for it.
final class TestServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final LedgerServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(LedgerServer server) {
    this.server = server;
  }

  static TestServer start(LedgerSettings settings, LogSource log) {
    return new TestServer(LedgerServer.start(settings.withPort(0), log, new VerifiedEvents()));
  }

  static TestServer start(Path database, LogSource log) {
    return start(LedgerSettings.of(database.toString()), log);
  }

  /// Started, and all of the log is read.
  static TestServer ready(Path database, LogSource log)
      throws InterruptedException, TimeoutException {
    TestServer started = start(database, log);
    started.ledger().awaitCaughtUp(PATIENCE);
    return started;
  }

  /// Ready, with a tree whose checkpoint covers the log.
  ///
  /// @param folder of everything
  static TestServer published(Path folder, LogSource log)
      throws InterruptedException, TimeoutException {
    LedgerSettings settings =
        LedgerSettings.of(folder.resolve("ledger.db").toString())
            .withTree(TreeSettings.in(folder.resolve("tree")));
    TestServer started = start(settings, log);
    started.ledger().awaitCaughtUp(PATIENCE);
    started.awaitCheckpoint(log.size());
    return started;
  }

  void awaitCheckpoint(long size) {
    await().atMost(PATIENCE).until(() -> checkpointSize() >= size);
  }

  private long checkpointSize() {
    return server
        .publisher()
        .flatMap(Publisher::checkpoint)
        .map(note -> Checkpoint.parse(note.text()).head().size())
        .orElse(-1L);
  }

  LedgerServer ledger() {
    return server;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /// The JSON of an answer that must be 200.
  JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return Json.parse(answer.body());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
