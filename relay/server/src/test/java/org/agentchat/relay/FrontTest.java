package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.OPERATION;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.agentchat.relay.AccessRules.Network;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What the network sees: addresses, pages of browsers, `/health` and `/api/connections`.
final class FrontTest {
  private static final AccessRules DEFAULTS = AccessRules.defaults();
  private static final Set<InetAddress> THIS_MACHINE = Set.of(InetAddress.ofLiteral("127.0.0.1"));

  private final Identity alice = identity("alice", 1);

  @Test
  void pageOfAnotherHostMayNotConnect() throws Exception {
    try (TestRelay relay = new TestRelay(DEFAULTS)) {
      assertThatThrownBy(() -> relay.stranger("Origin", "https://evil.example"))
          .hasCauseInstanceOf(WebSocketHandshakeException.class);
      relay.stranger("Origin", "http://localhost:3000").send("{\"type\":\"PING\"}");
      Peer noBrowser = relay.stranger();
      noBrowser.send("{\"type\":\"PING\"}");
      noBrowser.expect("PONG");
    }
  }

  @Test
  void pageThatTheOperatorNamedMayConnect() throws Exception {
    Network network = new Network(Set.of(), Set.of("https://chat.example"));
    try (TestRelay relay = new TestRelay(DEFAULTS.with(network))) {
      Peer peer = relay.stranger("Origin", "https://Chat.example");
      peer.send("{\"type\":\"PING\"}");
      peer.expect("PONG");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost,true",
    "http://127.0.0.1:8080,true",
    "https://[::1]:1,true",
    "http://localhost.evil.example,false",
    "http://localhost@evil.example,false",
    "http://evil.example/localhost,false",
    "null,false",
    "file://,false",
    "' ',false",
    "http://127.0.0.2,false"
  })
  void onlyPagesOfThisMachineMayConnectByDefault(String origin, boolean allowed) {
    assertThat(new AllowedPages(Set.of()).allow(origin)).isEqualTo(allowed);
    assertThat(new AllowedPages(Set.of("*")).allow(origin)).isTrue();
    assertThat(new AllowedPages(Set.of()).allow(null)).isTrue();
  }

  /// A handshake is answered before the connection counts.
  private static void counted(Peer peer) {
    peer.send("{\"type\":\"PING\"}");
    peer.expect("PONG");
  }

  @Test
  void tooManyConnectionsFromOneAddressAreRefused() throws Exception {
    try (TestRelay relay =
        new TestRelay(
            settings -> settings.with(RelayLimits.defaults().withConnectionsPerAddress(1)),
            new MemoryLog())) {
      counted(relay.stranger());
      assertThat(relay.stranger().expectClose())
          .isEqualTo("1008 Too many connections from this IP");
    }
  }

  @Test
  void addressIsTheOneThatATrustedProxySaw() throws Exception {
    Network network = new Network(THIS_MACHINE, Set.of());
    try (TestRelay relay =
        new TestRelay(
            settings ->
                settings
                    .with(RelayLimits.defaults().withConnectionsPerAddress(1))
                    .with(DEFAULTS.with(network).with(TestRelay.sharedKeys())),
            new MemoryLog())) {
      Peer one = relay.stranger("X-Forwarded-For", "198.51.100.1");
      one.send(TestRelay.identify(alice));
      one.prove(one.expect("CHALLENGE"), alice);
      one.expect("WELCOME");
      counted(relay.stranger("X-Forwarded-For", "203.0.113.9, 198.51.100.2"));
      assertThat(relay.stranger("X-Forwarded-For", "203.0.113.9, 198.51.100.2").expectClose())
          .isEqualTo("1008 Too many connections from this IP");

      JsonNode list = Json.parse(relay.get("/api/connections", "X-Admin-Key", OPERATION).body());
      assertThat(list.get("connections").get(0).get("ip").stringValue()).isEqualTo("198.51.100.1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1 | 198.51.100.1 | 198.51.100.1",
        "127.0.0.1 | 1.1.1.1, 198.51.100.1 | 198.51.100.1",
        "127.0.0.1 | 198.51.100.1, 127.0.0.1 | 198.51.100.1",
        "127.0.0.1 | 198.51.100.1:4711 | 198.51.100.1",
        "127.0.0.1 | [2001:db8::1]:4711 | 2001:db8:0:0:0:0:0:1",
        "127.0.0.1 | 2001:db8::1 | 2001:db8:0:0:0:0:0:1",
        "127.0.0.1 | unknown | 127.0.0.1",
        "127.0.0.1 | evil.example | 127.0.0.1",
        "127.0.0.1 | '' | 127.0.0.1",
        "198.51.100.7 | 1.2.3.4 | 198.51.100.7"
      })
  void forwardedAddressIsBelievedAsFarAsTrustedProxiesWroteIt(
      String peer, String header, String client) {
    assertThat(
            ClientAddress.of(InetAddress.ofLiteral(peer), List.of(header), THIS_MACHINE)
                .getHostAddress())
        .isEqualTo(client);
  }

  @Test
  void headerWithoutEndIsNotWalkedThrough() {
    String[] hops = new String[100_000];
    Arrays.fill(hops, "127.0.0.1");
    assertThat(
            ClientAddress.of(
                    InetAddress.ofLiteral("127.0.0.1"),
                    List.of(String.join(",", hops)),
                    THIS_MACHINE)
                .getHostAddress())
        .isEqualTo("127.0.0.1");
  }

  @Test
  void addressesOfOneNetworkCountTogether() {
    assertThat(ClientAddress.network(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")))
        .isEqualTo(InetAddress.ofLiteral("2001:db8:1:2::"));
    assertThat(ClientAddress.network(InetAddress.ofLiteral("198.51.100.1")))
        .isEqualTo(InetAddress.ofLiteral("198.51.100.1"));
  }

  @Test
  void connectionsAreListedForWhoKnowsTheKey() throws Exception {
    try (TestRelay relay = new TestRelay(DEFAULTS.with(TestRelay.sharedKeys()))) {
      Peer agent = relay.stranger("User-Agent", "test/1 " + "x".repeat(1_000));
      agent.send(TestRelay.identify(alice));
      agent.prove(agent.expect("CHALLENGE"), alice);
      agent.expect("WELCOME");

      HttpResponse<String> without = relay.get("/api/connections");
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.body()).isEqualTo("{\"error\":\"Unauthorized\"}");
      assertThat(relay.get("/api/connections", "X-Admin-Key", "bad").statusCode()).isEqualTo(401);

      JsonNode list =
          Json.parse(relay.get("/api/connections?x=1", "X-Admin-Key", OPERATION).body());
      assertThat(list.get("count").intValue()).isEqualTo(1);
      JsonNode one = list.get("connections").get(0);
      assertThat(one.propertyNames())
          .containsExactly(
              "agent_id", "ip", "country", "city", "lat", "lon", "connected_at", "user_agent");
      assertThat(one.get("agent_id").stringValue()).isEqualTo(alice.id().toString());
      assertThat(one.get("user_agent").stringValue()).startsWith("test/1").hasSizeLessThan(300);
    }
  }

  @Test
  void connectionsAreListedForNobodyWithoutAKey() throws Exception {
    try (TestRelay relay = new TestRelay(DEFAULTS)) {
      assertThat(relay.get("/api/connections", "X-Admin-Key", "").statusCode()).isEqualTo(401);
      assertThat(relay.get("/api/connections", "X-Admin-Key", "x").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void healthHasItsFieldsWhateverTheQuery() throws Exception {
    try (TestRelay relay = new TestRelay(DEFAULTS)) {
      relay.agent(alice);
      HttpResponse<String> answer = relay.get("/health?probe=1&x");
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode health = Json.parse(answer.body());
      assertThat(health.propertyNames())
          .contains(
              "status",
              "server",
              "version",
              "uptime_seconds",
              "started_at",
              "agents",
              "channels",
              "proposals",
              "timestamp");
      assertThat(health.get("agents").get("with_identity").intValue()).isEqualTo(1);
    }
  }
}
