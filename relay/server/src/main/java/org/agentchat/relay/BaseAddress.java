package org.agentchat.relay;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The address under which a request found the relay, so that documents can name the others.
final class BaseAddress {
  /// Said by the proxy that ended the TLS, where there is one that the relay believes.
  static final HttpString FORWARDED_PROTO = new HttpString("X-Forwarded-Proto");

  private static final Pattern HOST =
      Pattern.compile("([0-9A-Za-z._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  private BaseAddress() {}

  /// `http://` or `https://`, host and port; a Host header that is none counts as `localhost`.
  ///
  /// @param proxies addresses whose `X-Forwarded-Proto` counts
  static URI of(HttpServerExchange exchange, Set<InetAddress> proxies) {
    boolean proxied =
        proxies.contains(exchange.getSourceAddress().getAddress())
            && "https".equalsIgnoreCase(exchange.getRequestHeaders().getFirst(FORWARDED_PROTO));
    String scheme = proxied || "https".equals(exchange.getRequestScheme()) ? "https" : "http";
    String local = "localhost:" + exchange.getDestinationAddress().getPort();
    return named(scheme, exchange.getHostAndPort())
        .orElseGet(() -> URI.create(scheme + "://" + local));
  }

  private static Optional<URI> named(String scheme, @Nullable String host) {
    if (host == null || !HOST.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(scheme + "://" + host)).filter(uri -> uri.getHost() != null);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
