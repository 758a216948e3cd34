package org.agentchat.ledger.server;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.Map;

/// Headers of every answer: the data is public and may be read from any page. Only [WebPages] are
/// pages; they run scripts and styles of this server and nothing else, and nobody frames them.
final class SecurityHeaders {
  private static final HttpString POLICY = new HttpString("Content-Security-Policy");

  private static final String OF_DATA = "default-src 'none'; frame-ancestors 'none'";

  private static final String OF_PAGES =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'");

  private static final Map<HttpString, String> HEADERS =
      Map.of(
          new HttpString("Access-Control-Allow-Origin"), "*",
          new HttpString("Access-Control-Expose-Headers"), "ETag",
          new HttpString("X-Content-Type-Options"), "nosniff",
          new HttpString("Cross-Origin-Opener-Policy"), "same-origin",
          new HttpString("Cross-Origin-Resource-Policy"), "cross-origin",
          new HttpString("Referrer-Policy"), "no-referrer");

  private SecurityHeaders() {}

  static void put(HeaderMap headers, Answer answer) {
    HEADERS.forEach(headers::put);
    headers.put(POLICY, answer.isPage() ? OF_PAGES : OF_DATA);
  }
}
