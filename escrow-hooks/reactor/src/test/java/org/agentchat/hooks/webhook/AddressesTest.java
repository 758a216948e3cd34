package org.agentchat.hooks.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.255",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1"
      })
  void addressesBehindAFirewallAreNotPublic(String literal) {
    assertThat(Addresses.notPublic(InetAddress.ofLiteral(literal))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2606:4700::1111",
        "2001:200::1",
        "2a00:1450::1"
      })
  void addressesOfTheInternetArePublic(String literal) {
    assertThat(Addresses.notPublic(InetAddress.ofLiteral(literal))).isNull();
  }

  /// What the platform's own resolver makes of the ways in which people write 127.0.0.1.
  @ParameterizedTest
  @ValueSource(strings = {"2130706433", "127.1", "127.0.1", "[::ffff:7f00:1]", "[::1]"})
  void oddWaysToWriteThisMachineLeadToIt(String host) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      assertThat(Addresses.notPublic(address)).isNotNull();
    }
  }
}
