package org.agentchat.client;

import org.jspecify.annotations.Nullable;

/// No connection came about: nobody listens, it is not a relay, TLS failed, or it took too long.
/// The cause tells which: for example a [java.net.ConnectException].
public final class ConnectFailedException extends ClientException {
  private static final long serialVersionUID = 1L;

  ConnectFailedException(String message, @Nullable Throwable cause) {
    super(message, false, cause);
  }
}
