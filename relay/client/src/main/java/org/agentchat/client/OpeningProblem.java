package org.agentchat.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Why a WebSocket did not open, in one sentence.
final class OpeningProblem {
  private OpeningProblem() {}

  static ConnectFailedException of(URI uri, Duration patience, Throwable cause) {
    return new ConnectFailedException(
        "cannot connect to " + uri + ": " + sentence(uri, patience, cause), cause);
  }

  private static String sentence(URI uri, Duration patience, Throwable cause) {
    return switch (cause) {
      case WebSocketHandshakeException answered ->
          "it answered HTTP " + answered.getResponse().statusCode() + ", so it is no relay";
      case HttpTimeoutException _ -> "no connection within " + Texts.of(patience);
      case TimeoutException _ -> "no connection within " + Texts.of(patience);
      case InterruptedException _ -> "interrupted";
      case SSLException tls -> "TLS failed: " + Texts.of(tls);
      case ConnectException refused when isUnresolved(refused) ->
          "no host is called " + uri.getHost();
      case ConnectException refused when refused.getMessage() == null -> "connection refused";
      case Throwable other -> Texts.of(other);
    };
  }

  private static boolean isUnresolved(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
