package org.agentchat.ledger.server;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.Map;

/// Headers of every answer: the data is public and may be read from any page, and nothing of it is
/// ever a page, a script or a frame.
final class SecurityHeaders {
  private static final Map<HttpString, String> HEADERS =
      Map.of(
          new HttpString("Access-Control-Allow-Origin"), "*",
          new HttpString("Access-Control-Expose-Headers"), "ETag",
          new HttpString("X-Content-Type-Options"), "nosniff",
          new HttpString("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'",
          new HttpString("Cross-Origin-Resource-Policy"), "cross-origin",
          new HttpString("Referrer-Policy"), "no-referrer");

  private SecurityHeaders() {}

  static void put(HeaderMap headers) {
    HEADERS.forEach(headers::put);
  }
}
