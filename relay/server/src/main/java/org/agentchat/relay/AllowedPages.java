package org.agentchat.relay;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which web pages may open a socket here. A browser sends the page's origin (RFC 6454) and any
/// page that a user happens to visit can make it connect, also to a relay on a private network;
/// other clients send no origin.
///
/// Only the listed origins and pages of this machine may; that the page has the same host as the
/// relay is no reason, since a name can be made to point here.
record AllowedPages(Set<String> origins) {
  private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

  /// Copies the set, in lower case.
  AllowedPages {
    origins =
        Set.copyOf(
            origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).distinct().toList());
  }

  boolean allow(@Nullable String origin) {
    if (origin == null || origins.contains("*")) {
      return true;
    }
    return origins.contains(origin.toLowerCase(Locale.ROOT)) || isThisMachine(origin);
  }

  private static boolean isThisMachine(String origin) {
    try {
      URI page = new URI(origin);
      return page.getHost() != null
          && page.getUserInfo() == null
          && THIS_MACHINE.contains(page.getHost().toLowerCase(Locale.ROOT));
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
