package org.agentchat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks servers how they are: `GET /health`, several at a time.
///
/// Made of `HttpURLConnection` for the reason that [LedgerApi] gives.
final class HealthCheck {
  /// A relay answers in milliseconds, from the other side of the world in one second.
  static final Duration WITHIN = Duration.ofSeconds(5);

  /// So many sockets at a time: the whole of a usual directory, and little for any router.
  private static final int AT_ONCE = 64;

  /// A report has some hundred bytes.
  private static final int MAX_BYTES = 64 * 1024;

  private final Duration within;

  /// @param within how long a server may take, from the name's look-up to the last byte
  HealthCheck(Duration within) {
    this.within = within;
  }

  /// Asks them all, and waits at most `within` for every [#AT_ONCE] of them.
  ///
  /// @return in the order of the servers
  List<ServerHealth> of(List<ServerEntry> servers) {
    Semaphore places = new Semaphore(AT_ONCE);
    // Not closed: that would wait for those who do not answer.
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    return servers.stream()
        .map(server -> CompletableFuture.supplyAsync(() -> of(server, places, threads), threads))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  private ServerHealth of(ServerEntry server, Semaphore places, ExecutorService threads) {
    places.acquireUninterruptibly();
    try {
      JsonNode report =
          CompletableFuture.supplyAsync(() -> report(server), threads)
              .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
              .join();
      return ServerHealth.online(server, report, now());
    } catch (CompletionException e) {
      return ServerHealth.offline(
          server, reason(Objects.requireNonNullElse(e.getCause(), e)), now());
    } finally {
      places.release();
    }
  }

  private static String now() {
    return IsoTime.of(Instant.now().toEpochMilli());
  }

  private JsonNode report(ServerEntry server) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) new ServerAddress(server.url()).health().toURL().openConnection();
      connection.setConnectTimeout((int) within.toMillis());
      connection.setReadTimeout((int) within.toMillis());
      // Who is asked answers itself; a redirect could send us anywhere.
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Accept", "application/json");
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("HTTP " + connection.getResponseCode());
      }
      return report(connection);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private JsonNode report(HttpURLConnection connection) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    byte[] body = new byte[MAX_BYTES];
    int length = 0;
    try (InputStream in = connection.getInputStream()) {
      int read;
      while ((read = in.read(body, length, body.length - length)) > 0) {
        length += read;
        if (System.nanoTime() > deadline) {
          throw new SocketTimeoutException("slower than " + within);
        }
      }
      if (read == 0) {
        throw new IOException("a health report of more than " + MAX_BYTES + " bytes");
      }
    }
    try {
      JsonNode report = Json.parse(Arrays.copyOf(body, length));
      if (report.isObject()) {
        return report;
      }
    } catch (JacksonException _) {
      // Said below.
    }
    throw new IOException("no health report, but something else");
  }

  private String reason(Throwable problem) {
    return switch (problem) {
      case TimeoutException _ -> "no answer within " + within.toSeconds() + " s";
      case SocketTimeoutException _ -> "no answer within " + within.toSeconds() + " s";
      case UnknownHostException unknown -> "no host is called " + unknown.getMessage();
      case ConnectException _ -> "connection refused";
      case SSLException ssl -> "TLS: " + ssl.getMessage();
      case Throwable other ->
          other.getMessage() == null ? other.getClass().getSimpleName() : other.getMessage();
    };
  }
}
