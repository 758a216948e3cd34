package org.agentchat.ledger.server;

import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;

/// What goes back to whoever asked.
@SuppressWarnings("ArrayRecordComponent") // Made, sent and forgotten; nobody compares answers.
record Answer(int status, String type, byte[] body, Cache cache) {
  /// How long the answer may be kept.
  enum Cache {
    /// It says how things are right now.
    NEVER("no-store"),
    /// Kept, but asked for again each time with its ETag.
    REVALIDATED("no-cache"),
    /// What the log holds does not change. An hour, not for ever: behind the same address there may
    /// be another log tomorrow.
    KEPT("public, max-age=3600, immutable"),
    /// The address names the content, so it never changes.
    FOR_EVER("public, max-age=31536000, immutable");

    private final String header;

    Cache(String header) {
      this.header = header;
    }

    String header() {
      return header;
    }
  }

  static Answer json(Object value) {
    return json(value, Cache.REVALIDATED);
  }

  static Answer json(Object value, Cache cache) {
    return new Answer(StatusCodes.OK, "application/json", Json.bytes(value), cache);
  }

  static Answer rawJson(String json, Cache cache) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new Answer(StatusCodes.OK, "application/json", bytes, cache);
  }

  /// Whether a browser shows it as a page of ours.
  boolean isPage() {
    return type.startsWith("text/html");
  }

  /// Names the content (RFC 9110 section 8.8.3).
  String etag() {
    return '"' + HexFormat.of().formatHex(Sha256.of(body), 0, 16) + '"';
  }
}
