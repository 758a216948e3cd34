package org.agentchat.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AdminKey;
import tools.jackson.databind.JsonNode;

/// A relay for tests of access: a log in memory, a clock that can be turned, peers that are closed
/// with it.
final class TestRelay implements AutoCloseable {
  /// The shared keys of tests.
  static final String MODERATION = "moderation-key";

  static final String OPERATION = "operation-key";

  private final AtomicLong skipped = new AtomicLong();
  private final List<Peer> peers = new ArrayList<>();
  private final Relay relay;

  TestRelay(AccessRules rules) throws IOException, InterruptedException {
    this(rules, new MemoryLog());
  }

  TestRelay(AccessRules rules, MemoryLog log) throws IOException, InterruptedException {
    this(settings -> settings.with(rules), log);
  }

  TestRelay(UnaryOperator<RelaySettings> change, MemoryLog log)
      throws IOException, InterruptedException {
    RelaySettings settings = RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log");
    relay =
        Relay.start(
            change.apply(settings.with(RelayLimits.defaults().unmetered())),
            log,
            new VerifiedEvents(),
            this::now);
  }

  /// The relay's time.
  long now() {
    return System.currentTimeMillis() + skipped.get();
  }

  void skip(long millis) {
    skipped.addAndGet(millis);
  }

  String url() {
    return relay.url();
  }

  /// How many entries it has applied.
  long size() {
    return relay.size();
  }

  /// A connection that has said nothing.
  Peer stranger(String... headers) {
    Peer peer = new Peer(relay.url(), headers);
    peers.add(peer);
    return peer;
  }

  /// A connection that has proved the key and is welcome.
  Peer agent(Identity identity) {
    Peer peer = challenged(identity);
    peer.expect("WELCOME");
    return peer;
  }

  /// A connection that has sent its proof.
  Peer challenged(Identity identity) {
    Peer peer = stranger();
    peer.send(identify(identity));
    peer.prove(peer.expect("CHALLENGE"), identity);
    return peer;
  }

  /// An agent without a key.
  Peer guest(String name) {
    Peer peer = stranger();
    peer.send("{\"type\":\"IDENTIFY\",\"name\":\"" + name + "\"}");
    return peer;
  }

  static String identify(Identity identity) {
    return "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s}"
        .formatted(identity.name(), Json.text(identity.key().pem()));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    URI base = URI.create(relay.url().replaceFirst("^ws", "http"));
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }

  /// The two shared keys.
  static AccessRules.Admins sharedKeys() {
    return new AccessRules.Admins(
        Optional.of(AdminKey.of(MODERATION)),
        Optional.of(AdminKey.of(OPERATION)),
        Set.of(),
        Set.of());
  }

  /// The text of an ERROR with this code.
  static String error(Peer peer, String code) {
    JsonNode error = peer.expectError(code);
    return error.get("message").stringValue();
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }
}
