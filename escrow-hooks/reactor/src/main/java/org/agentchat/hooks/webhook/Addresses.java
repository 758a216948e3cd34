package org.agentchat.hooks.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses are in the public internet. Everything that a machine behind a firewall could be
/// reached at is not: a webhook's address may come from somebody who wants to look behind it.
final class Addresses {
  /// A range of addresses.
  ///
  /// @param name what it is for
  private record Range(InetAddress start, int bits, String name) {
    static Range of(String cidr, String name) {
      int slash = cidr.indexOf('/');
      return new Range(
          InetAddress.ofLiteral(cidr.substring(0, slash)),
          Integer.parseInt(cidr.substring(slash + 1)),
          name);
    }

    boolean contains(byte[] address) {
      byte[] prefix = start.getAddress();
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / Byte.SIZE;
      for (int i = 0; i < whole; i++) {
        if (address[i] != prefix[i]) {
          return false;
        }
      }
      int rest = bits % Byte.SIZE;
      int mask = 0xff << (Byte.SIZE - rest) & 0xff;
      return rest == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }
  }

  /// RFC 6890 and the registry that it made, with multicast (RFC 5771).
  private static final List<Range> NOT_PUBLIC_IPV4 =
      List.of(
          Range.of("0.0.0.0/8", "this network"),
          Range.of("10.0.0.0/8", "private"),
          Range.of("100.64.0.0/10", "a carrier's own"),
          Range.of("127.0.0.0/8", "this machine"),
          Range.of("169.254.0.0/16", "link-local"),
          Range.of("172.16.0.0/12", "private"),
          Range.of("192.0.0.0/24", "special"),
          Range.of("192.0.2.0/24", "for documentation"),
          Range.of("192.88.99.0/24", "special"),
          Range.of("192.168.0.0/16", "private"),
          Range.of("198.18.0.0/15", "for benchmarks"),
          Range.of("198.51.100.0/24", "for documentation"),
          Range.of("203.0.113.0/24", "for documentation"),
          Range.of("224.0.0.0/4", "multicast"),
          Range.of("240.0.0.0/4", "reserved"));

  /// What is assigned to the public internet (RFC 4291 section 2.5.4), and what in it is not.
  private static final Range PUBLIC_IPV6 = Range.of("2000::/3", "public");

  private static final List<Range> NOT_PUBLIC_IPV6 =
      List.of(
          Range.of("2001::/23", "special"),
          Range.of("2001:db8::/32", "for documentation"),
          Range.of("2002::/16", "another IPv4 address (6to4)"),
          Range.of("3fff::/20", "for documentation"));

  private Addresses() {}

  /// Why an address is not public, in a word or two; null if it is. An IPv4 address that is written
  /// as an IPv6 one (`::ffff:10.0.0.1`) is that IPv4 address.
  static @Nullable String notPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> within(NOT_PUBLIC_IPV4, bytes);
      case Inet6Address _ ->
          PUBLIC_IPV6.contains(bytes)
              ? within(NOT_PUBLIC_IPV6, bytes)
              : address.isLoopbackAddress() ? "this machine" : "not in the public internet";
      case InetAddress _ -> "of an unknown kind";
    };
  }

  private static @Nullable String within(List<Range> ranges, byte[] address) {
    return ranges.stream()
        .filter(range -> range.contains(address))
        .map(Range::name)
        .findFirst()
        .orElse(null);
  }
}
