package org.agentchat.relay;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// A relay under some rules for chat, with a clock that only a test turns, and agents on real
/// sockets. So what a rate lets through does not depend on how fast this machine is.
final class ChatHarness implements AutoCloseable {
  private final AtomicLong clock = new AtomicLong(System.currentTimeMillis());
  private final List<Peer> peers = new ArrayList<>();
  private final Relay relay;

  ChatHarness(ChatRules rules) throws Exception {
    this(rules, RelayLimits.defaults());
  }

  ChatHarness(ChatRules rules, RelayLimits limits) throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log")
                .with(rules)
                .with(limits),
            new MemoryLog(),
            new VerifiedEvents(),
            this::now);
  }

  long now() {
    return clock.get();
  }

  void skip(Duration time) {
    clock.addAndGet(time.toMillis());
  }

  Peer connect() {
    Peer peer = new Peer(relay.url());
    peers.add(peer);
    return peer;
  }

  /// A client that joins and never reads again.
  DeafPeer deaf(String channel) throws IOException {
    return new DeafPeer(relay.address(), channel);
  }

  /// A client that says all of it at once and leaves behind it.
  void sayAndLeave(List<String> frames) throws IOException {
    DeafPeer.sayAndLeave(relay.address(), frames);
  }

  /// Whether the relay has read a part of a frame of the agent's that is not small.
  boolean stalled(Identity identity) {
    return relay.connections().stream()
        .filter(one -> one.agent().filter(agent -> agent.id().equals(identity.id())).isPresent())
        .anyMatch(one -> one.reader().heldSince().isPresent());
  }

  Peer online(Identity identity) {
    Peer peer = Peer.identified(relay.url(), identity);
    peers.add(peer);
    return peer;
  }

  /// An ephemeral agent; its id is in the frame.
  JsonNode guest(Peer peer, String name) {
    peer.send("{\"type\":\"IDENTIFY\",\"name\":\"" + name + "\"}");
    return peer.expect("WELCOME");
  }

  /// An agent in the channels.
  Peer in(Identity identity, String... channels) {
    Peer peer = online(identity);
    for (String channel : channels) {
      join(peer, channel);
    }
    return peer;
  }

  static void join(Peer peer, String channel) {
    peer.send("{\"type\":\"JOIN\",\"channel\":\"" + channel + "\"}");
    peer.expect(f -> is(f, "JOINED") && f.get("channel").stringValue().equals(channel), "JOINED");
  }

  static void say(Peer peer, String to, String content) {
    peer.send("{\"type\":\"MSG\",\"to\":\"%s\",\"content\":%s}".formatted(to, Json.text(content)));
  }

  static JsonNode content(Peer peer, String content) {
    return peer.expect(f -> f.path("content").asString("").equals(content), content);
  }

  /// Everything that was sent to the peer before it hears the answer to this.
  static List<JsonNode> heardUntilNow(Peer peer) {
    peer.send("{\"type\":\"PING\",\"client_msg_id\":\"until-now\"}");
    List<JsonNode> heard = new ArrayList<>();
    Predicate<JsonNode> pong =
        f -> is(f, "PONG") && f.path("client_msg_id").asString("").equals("until-now");
    peer.expect(
        f -> {
          heard.add(f);
          return pong.test(f);
        },
        "PONG");
    return heard;
  }

  /// How many frames of the type the peer has heard until now, those asked for before not counted.
  static long count(Peer peer, String type) {
    return heardUntilNow(peer).stream().filter(f -> is(f, type)).count();
  }

  static boolean is(JsonNode frame, String type) {
    return frame.get("type").stringValue().equals(type);
  }

  /// The frame as text, without the relay's time.
  static String stable(JsonNode frame) {
    return frame.toString().replaceFirst("\"ts\":\\d+,", "");
  }

  /// The next ERROR as `code: message`.
  static String error(Peer peer) {
    JsonNode error = peer.expect("ERROR");
    return error.get("code").stringValue() + ": " + error.get("message").stringValue();
  }

  static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }
}
