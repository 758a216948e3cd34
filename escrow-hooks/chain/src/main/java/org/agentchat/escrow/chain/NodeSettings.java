package org.agentchat.escrow.chain;

import java.net.URI;
import java.time.Duration;

/// How to reach a node, and how long to have patience with it.
///
/// @param url `http` or `https`; what follows the host may be secret and is never shown
/// @param connectTimeout for a connection
/// @param callTimeout for a whole call, answer included
/// @param attempts how often a call is made before the node counts as away, 1 to 10
/// @param pause before the second attempt; doubled before each further one
public record NodeSettings(
    URI url, Duration connectTimeout, Duration callTimeout, int attempts, Duration pause) {
  private static final int MAX_ATTEMPTS = 10;

  /// @throws IllegalArgumentException saying what is out of its range
  public NodeSettings {
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "a node's address is http://HOST:PORT or https://HOST/..., not " + nameOf(url));
    }
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "attempts are 1 to %d, not %d".formatted(MAX_ATTEMPTS, attempts));
    }
    if (connectTimeout.isNegative()
        || connectTimeout.isZero()
        || callTimeout.isNegative()
        || callTimeout.isZero()
        || pause.isNegative()) {
      throw new IllegalArgumentException(
          "time-outs are more than nothing, not %s, %s, %s"
              .formatted(connectTimeout, callTimeout, pause));
    }
  }

  /// 5 s for a connection, 20 s for a call, three attempts 0.25 s and 0.5 s apart.
  public static NodeSettings of(URI url) {
    return new NodeSettings(
        url, Duration.ofSeconds(5), Duration.ofSeconds(20), 3, Duration.ofMillis(250));
  }

  /// The same node, with another patience for a call.
  public NodeSettings withCallTimeout(Duration timeout) {
    return new NodeSettings(url, connectTimeout, timeout, attempts, pause);
  }

  /// The node for logs and messages: providers put keys into paths, queries and user names.
  String name() {
    return nameOf(url);
  }

  private static String nameOf(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getHost() == null ? "(no host)" : url.getScheme() + "://" + url.getHost() + port;
  }

  @Override
  public String toString() {
    return "NodeSettings[" + name() + "]";
  }
}
