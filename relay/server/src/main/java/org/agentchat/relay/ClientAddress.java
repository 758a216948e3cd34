package org.agentchat.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which address a connection really comes from.
final class ClientAddress {
  /// Proxies looked through at the most.
  private static final int MAX_HOPS = 32;

  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /// The address that the nearest proxy that is not ours was reached from. `X-Forwarded-For` is
  /// believed only as far as trusted proxies wrote it: from the right, up to the first address that
  /// is none of them.
  ///
  /// @param peer the other end of the socket
  /// @param forwarded the header's values, in order
  static InetAddress of(InetAddress peer, List<String> forwarded, Set<InetAddress> proxies) {
    InetAddress client = peer;
    List<String> hops = List.of(String.join(",", forwarded).split(",", -1));
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MAX_HOPS); i--) {
      if (!proxies.contains(client)) {
        return client;
      }
      Optional<InetAddress> hop = parse(hops.get(i).strip());
      if (hop.isEmpty()) {
        return client;
      }
      client = hop.get();
    }
    return client;
  }

  /// Reads `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` and `[::1]:5`; never asks a name server.
  private static Optional<InetAddress> parse(String text) {
    String literal = text;
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      literal = end < 0 ? text : text.substring(1, end);
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
      literal = text.substring(0, text.indexOf(':'));
    }
    try {
      return Optional.of(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// What counts as one place in limits and bans: an IPv4 address, or the upper 64 bits of an IPv6
  /// address, since every IPv6 host has as many addresses as it likes.
  static InetAddress network(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are an address", e);
    }
  }
}
