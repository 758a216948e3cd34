package org.agentchat.relay;

import static org.agentchat.relay.ChatHarness.content;
import static org.agentchat.relay.ChatHarness.count;
import static org.agentchat.relay.ChatHarness.error;
import static org.agentchat.relay.ChatHarness.identity;
import static org.agentchat.relay.ChatHarness.is;
import static org.agentchat.relay.ChatHarness.say;
import static org.agentchat.relay.ChatHarness.stable;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Messages, files and proofs from one agent to another, over real sockets.
final class DirectTest {
  private static final ChatRules DEFAULTS = ChatRules.defaults();

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final Identity carol = identity("carol", 3);
  private ChatHarness relay;

  @AfterEach
  void stop() {
    relay.close();
  }

  @Test
  void pieceOfAFileReachesItsReceiverAsItIs() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    String chunk =
        "{\"_ft\":\"chunk\",\"tid\":\"t\",\"idx\":0,\"data\":\"sk-" + "a".repeat(30) + "\"}";
    chunk(a, bob.id().toString(), chunk);
    assertThat(stable(b.expect("FILE_CHUNK")))
        .isEqualTo(
            "{\"type\":\"FILE_CHUNK\",\"from\":\"%s\",\"to\":\"%s\",\"content\":%s}"
                .formatted(alice.id(), bob.id(), Json.text(chunk)));
    assertThat(count(a, "FILE_CHUNK")).isZero();
    chunk(a, "@bob", "by nick");
    assertThat(error(a)).isEqualTo("AGENT_NOT_FOUND: Agent @bob not found");
  }

  @Test
  void piecesHaveARateOfTheirOwn() throws Exception {
    relay =
        new ChatHarness(
            DEFAULTS.with(
                new ChatRules.DirectRules(true, Duration.ZERO, Duration.ofMinutes(5), 2)));
    Peer a = relay.online(alice);
    relay.online(bob);
    for (int i = 0; i < 3; i++) {
      chunk(a, bob.id().toString(), "x");
    }
    assertThat(error(a)).isEqualTo("RATE_LIMITED: File chunk rate limit (max 10/sec)");
    say(a, bob.id().toString(), "chat goes on");
    content(a, "chat goes on");
  }

  /// More pieces than a flood may have frames: a file is no flood.
  @Test
  void fileArrivesWholeWithTheHashThatWasOffered() throws Exception {
    relay =
        new ChatHarness(
            DEFAULTS.with(
                new ChatRules.DirectRules(true, Duration.ZERO, Duration.ofMillis(1), 1_000)));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    String archive = archive();
    String sha256 = sha256(archive);
    int chunks = Math.ceilDiv(archive.length(), 4_096);

    say(
        a,
        bob.id().toString(),
        """
        {"_ft":"offer","tid":"t1","senderNick":"alice","files":[{"name":"a.txt","size":1}],\
        "totalSize":%d,"sha256":"%s","chunks":%d}\
        """
            .formatted(archive.length(), sha256, chunks));
    JsonNode offer = Json.parse(message(b, "offer"));
    assertThat(offer.get("chunks").intValue()).isEqualTo(chunks).isGreaterThan(60);
    say(b, alice.id().toString(), "{\"_ft\":\"accept\",\"tid\":\"t1\"}");
    message(a, "accept");
    for (int i = 0; i < chunks; i++) {
      String data = archive.substring(i * 4_096, Math.min(archive.length(), (i + 1) * 4_096));
      chunk(
          a,
          bob.id().toString(),
          "{\"_ft\":\"chunk\",\"tid\":\"t1\",\"idx\":%d,\"data\":%s}"
              .formatted(i, Json.text(data)));
    }
    say(
        a,
        bob.id().toString(),
        "{\"_ft\":\"complete\",\"tid\":\"t1\",\"sha256\":\"" + sha256 + "\"}");

    String[] slots = new String[chunks];
    for (int i = 0; i < chunks; i++) {
      JsonNode piece = Json.parse(b.expect("FILE_CHUNK").get("content").stringValue());
      slots[piece.get("idx").intValue()] = piece.get("data").stringValue();
    }
    assertThat(sha256(String.join("", slots))).isEqualTo(offer.get("sha256").stringValue());
    message(b, "complete");
    say(b, alice.id().toString(), "{\"_ft\":\"ack\",\"tid\":\"t1\",\"ok\":true}");
    message(a, "ack");
  }

  private static String archive() {
    Random random = new Random(8);
    StringBuilder archive = new StringBuilder("=== a.txt ===\n");
    for (int i = 0; i < 300_000; i++) {
      archive.append((char) (i % 1_000 == 0 ? 'é' : ' ' + random.nextInt(90)));
    }
    return archive.append("\n=== END a.txt ===\n").toString();
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The content of the next message of the file transfer's step that another agent sent.
  private static String message(Peer peer, String step) {
    String start = "{\"_ft\":\"" + step + "\"";
    return peer.expect(f -> is(f, "MSG") && f.get("content").stringValue().startsWith(start), step)
        .get("content")
        .stringValue();
  }

  @Test
  void youngConnectionMayBeKeptFromWritingToAgents() throws Exception {
    relay =
        new ChatHarness(
            DEFAULTS.with(
                new ChatRules.DirectRules(
                    true, Duration.ofMinutes(1), Duration.ofMillis(100), 20)));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    say(a, "@nobody", "x");
    assertThat(error(a)).startsWith("AGENT_NOT_FOUND");
    say(a, "@bob", "x");
    String locked = "DM_AGE_GATE: DMs locked for first 1 min\\. (60|5\\d)s remaining\\.";
    assertThat(error(a)).matches(locked);
    chunk(a, bob.id().toString(), "x");
    assertThat(error(a)).matches(locked);
    relay.skip(Duration.ofSeconds(60));
    say(a, "@bob", "now");
    content(b, "now");
    chunk(a, bob.id().toString(), "now, too");
    content(b, "now, too");
  }

  @Test
  void directMessagesMayBeOff() throws Exception {
    relay =
        new ChatHarness(
            DEFAULTS.with(
                new ChatRules.DirectRules(false, Duration.ZERO, Duration.ofMillis(100), 20)));
    Peer stranger = relay.connect();
    chunk(stranger, "@bob", "x");
    assertThat(error(stranger)).isEqualTo("INVALID_MSG: File transfers are disabled.");
    Peer a = relay.online(alice);
    say(a, "@bob", "x");
    assertThat(error(a))
        .isEqualTo("INVALID_MSG: Direct messages are disabled. Use a channel instead.");
  }

  /// W8: the sender has to wait, the receiver is not cut.
  @Test
  void nameThatLooksLikeAnIdHearsNothingOfItsOwner() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    relay.guest(relay.connect(), bob.id().name());
    say(a, bob.id().toString(), "for bob only");
    assertThat(error(a)).isEqualTo("AGENT_NOT_FOUND: Agent " + bob.id() + " not found");
  }

  @Test
  void receiverThatDoesNotReadIsNotPushedOverItsLimit() throws Exception {
    relay =
        new ChatHarness(
            DEFAULTS.with(
                new ChatRules.DirectRules(true, Duration.ZERO, Duration.ofMillis(1), 1_000_000)));
    Peer a = relay.online(alice);
    try (DeafPeer deaf = relay.deaf("#general")) {
      ChatHarness.join(a, "#general");
      a.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#general\"}");
      JsonNode list = a.expect("AGENTS").get("list");
      String id = list.get(0).get("id").stringValue();
      String piece = "x".repeat(1_000_000);
      boolean refused = false;
      for (int i = 0; i < 50 && !refused; i++) {
        chunk(a, id, piece);
        refused =
            ChatHarness.heardUntilNow(a).stream()
                .anyMatch(f -> f.path("message").asString("").endsWith("reads too slowly"));
      }
      assertThat(refused).isTrue();
      assertThat(deaf.isCut()).isFalse();
    }
  }

  @Test
  void keyIsProvedFromAgentToAgent() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    String nonce = "0123456789abcdef0123456789abcdef";
    String id = ask(a, b, nonce);
    answer(b, id, nonce, bob.sign(nonce.getBytes(StandardCharsets.UTF_8)).base64());
    assertThat(stable(a.expect("VERIFY_SUCCESS")))
        .isEqualTo(
            "{\"type\":\"VERIFY_SUCCESS\",\"request_id\":\"%s\",\"agent\":\"%s\",\"pubkey\":%s}"
                .formatted(id, bob.id(), Json.text(bob.key().pem())));
    assertThat(stable(b.expect("VERIFY_SUCCESS")))
        .isEqualTo(
            "{\"type\":\"VERIFY_SUCCESS\",\"request_id\":\"%s\",\"verified\":true}".formatted(id));
    answer(b, id, nonce, "AAAA");
    assertThat(error(b))
        .isEqualTo("VERIFICATION_EXPIRED: Verification request not found or expired");
  }

  @Test
  void wrongProofFailsForBothSides() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    Peer c = relay.online(carol);
    String nonce = "0123456789abcdef";
    String id = ask(a, b, nonce);
    answer(c, id, nonce, "AAAA");
    assertThat(error(c)).isEqualTo("INVALID_MSG: You are not the target of this verification");
    answer(b, id, "fedcba9876543210", "AAAA");
    assertThat(error(b)).isEqualTo("INVALID_MSG: Nonce mismatch");
    Peer guest = relay.connect();
    relay.guest(guest, "guest");
    answer(guest, id, nonce, "AAAA");
    assertThat(error(guest))
        .isEqualTo("SIGNATURE_REQUIRED: Responding to verification requires persistent identity");
    answer(b, id, nonce, "AAAA");
    assertThat(stable(a.expect("VERIFY_FAILED")))
        .isEqualTo(
            """
            {"type":"VERIFY_FAILED","request_id":"%s","target":"%s",\
            "reason":"Signature verification failed"}\
            """
                .formatted(id, bob.id()));
    assertThat(stable(b.expect("VERIFY_FAILED")))
        .isEqualTo(
            "{\"type\":\"VERIFY_FAILED\",\"request_id\":\"%s\",\"verified\":false}".formatted(id));
  }

  @Test
  void unansweredVerificationTimesOut() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    String id = ask(a, b, "0123456789abcdef");
    relay.skip(Duration.ofSeconds(31));
    assertThat(stable(a.expect("VERIFY_FAILED")))
        .isEqualTo(
            """
            {"type":"VERIFY_FAILED","request_id":"%s","target":"%s",\
            "reason":"Verification timed out"}\
            """
                .formatted(id, bob.id()));
    answer(b, id, "0123456789abcdef", "AAAA");
    assertThat(error(b)).startsWith("VERIFICATION_EXPIRED");
  }

  @Test
  void verificationWantsAnAgentWithAKeyAndHasABound() throws Exception {
    relay = new ChatHarness(DEFAULTS);
    Peer a = relay.online(alice);
    relay.online(bob);
    Peer guest = relay.connect();
    String id = relay.guest(guest, "guest").get("agent_id").stringValue();
    request(a, "@nobody", "0123456789abcdef");
    assertThat(error(a)).isEqualTo("AGENT_NOT_FOUND: Agent @nobody not found");
    request(a, id, "0123456789abcdef");
    assertThat(error(a)).isEqualTo("NO_PUBKEY: Agent " + id + " has no persistent identity");
    for (int i = 0; i < 17; i++) {
      request(a, bob.id().toString(), "0123456789abcdef");
    }
    assertThat(error(a)).isEqualTo("RATE_LIMITED: Too many verifications pending (max 16)");
  }

  private String ask(Peer from, Peer to, String nonce) {
    request(from, bob.id().toString(), nonce);
    JsonNode asked = to.expect("VERIFY_REQUEST");
    String id = asked.get("request_id").stringValue();
    assertThat(id).matches("verify_[0-9a-z]+_[0-9a-f]{8}");
    assertThat(stable(asked))
        .isEqualTo(
            "{\"type\":\"VERIFY_REQUEST\",\"request_id\":\"%s\",\"from\":\"%s\",\"nonce\":\"%s\"}"
                .formatted(id, alice.id(), nonce));
    assertThat(stable(from.expect("VERIFY_REQUEST")))
        .isEqualTo(
            """
            {"type":"VERIFY_REQUEST","request_id":"%s","target":"%s","status":"pending"}\
            """
                .formatted(id, bob.id()));
    return id;
  }

  private static void request(Peer peer, String target, String nonce) {
    peer.send(
        "{\"type\":\"VERIFY_REQUEST\",\"target\":\"%s\",\"nonce\":\"%s\"}"
            .formatted(target, nonce));
  }

  private static void answer(Peer peer, String id, String nonce, String sig) {
    peer.send(
        "{\"type\":\"VERIFY_RESPONSE\",\"request_id\":\"%s\",\"nonce\":\"%s\",\"sig\":\"%s\"}"
            .formatted(id, nonce, sig));
  }

  private static void chunk(Peer peer, String to, String content) {
    peer.send(
        "{\"type\":\"FILE_CHUNK\",\"to\":\"%s\",\"content\":%s}".formatted(to, Json.text(content)));
  }
}
