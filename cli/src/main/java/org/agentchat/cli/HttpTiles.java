package org.agentchat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TilePath;
import org.jspecify.annotations.Nullable;

/// A published tree on a web server, ours or any other that follows C2SP tlog-tiles.
final class HttpTiles implements TileLog.Fetcher {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(30);

  /// A full bundle of the largest entries: 256 times 65,537 bytes.
  private static final int MAX_BYTES = 17 * 1024 * 1024;

  private final String prefix;

  /// @param prefix the address under which `checkpoint` and `tile/` lie
  /// @throws IllegalArgumentException if it is not the address of an HTTP server
  HttpTiles(String prefix) {
    URI uri = URI.create(prefix.replaceFirst("/+$", ""));
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "A log's address looks like http://localhost:6680, not like " + prefix);
    }
    this.prefix = uri.toString();
  }

  /// The checkpoint that is served now.
  ///
  /// @throws LogUnavailableException when none is
  /// @throws IllegalArgumentException when it is not one
  SignedNote checkpoint() {
    byte[] note =
        get("checkpoint")
            .orElseThrow(() -> unavailable("checkpoint", "nothing is there (HTTP 404)", null));
    return SignedNote.parse(new String(note, StandardCharsets.UTF_8));
  }

  @Override
  public Optional<byte[]> fetch(TilePath path) {
    return get(path.toString());
  }

  private Optional<byte[]> get(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(prefix + "/" + path).toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) READ.toMillis());
      return answer(path, connection);
    } catch (IOException e) {
      throw unavailable(path, String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<byte[]> answer(String path, HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_NOT_FOUND) {
      return Optional.empty();
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw unavailable(path, "HTTP " + status, null);
    }
    try (InputStream body = connection.getInputStream()) {
      byte[] content = body.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw unavailable(path, "more than " + MAX_BYTES + " bytes", null);
      }
      return Optional.of(content);
    }
  }

  private LogUnavailableException unavailable(
      String path, String why, @Nullable IOException cause) {
    return LogUnavailableException.unreadable(prefix + "/" + path + ": " + why, cause);
  }
}
