package org.agentchat.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/// A relay's address as directories list it, in one spelling: scheme and host in lower case, no
/// slash at the end. Two spellings of one server are equal.
///
/// @param url `ws://` or `wss://`, a host, perhaps a port and a path
record ServerAddress(String url) {
  /// Longest address, in characters: what browsers and proxies take.
  static final int MAX_CHARS = 2_048;

  private static final Set<String> SCHEMES = Set.of("ws", "wss");

  /// @throws IllegalArgumentException saying what is wrong with the text
  static ServerAddress of(String text) {
    URI uri = parse(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme) || uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw malformed(text);
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().replaceFirst("/+$", "");
    return new ServerAddress(scheme + "://" + host + port + path);
  }

  private static URI parse(String text) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "a relay's address has at most %d characters, not %d"
              .formatted(MAX_CHARS, text.length()));
    }
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw malformed(text);
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "a relay's address looks like ws://localhost:6667, not like '" + text + "'");
  }

  /// Host and port as they stand in the address: a name for a server that has none.
  String authority() {
    return URI.create(url).getRawAuthority();
  }

  /// Where the server says how it is: `/health` of the same host and port, over HTTP.
  URI health() {
    URI uri = URI.create(url);
    String scheme = "wss".equals(uri.getScheme()) ? "https://" : "http://";
    return URI.create(scheme + uri.getRawAuthority() + "/health");
  }

  @Override
  public String toString() {
    return url;
  }
}
