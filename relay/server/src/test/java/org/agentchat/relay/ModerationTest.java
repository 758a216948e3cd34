package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.MODERATION;
import static org.agentchat.relay.TestRelay.OPERATION;
import static org.agentchat.relay.TestRelay.error;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AdminKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// ADMIN_* frames over real sockets, each with its errors, texts and results (protocol.md section
/// 17).
final class ModerationTest {
  private static final AccessRules SHARED =
      AccessRules.defaults().with(TestRelay.sharedKeys()).with(Allowlisting.OPEN);

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);

  @TempDir private Path home;

  @Test
  void revokedAgentIsSentAwayFromAStrictRelay() throws Exception {
    AccessRules rules =
        AccessRules.defaults().with(Allowlisting.STRICT).with(TestRelay.sharedKeys());
    try (TestRelay relay = new TestRelay(rules)) {
      Peer admin = relay.stranger();
      approve(admin);
      Peer a = relay.agent(alice);
      revoke(admin);
      assertThat(error(a, "NOT_ALLOWED")).isEqualTo("pubkey not in allowlist");
      assertThat(a.expectClose()).isEqualTo("1000 Approval revoked");
    }
  }

  /// Between its proof and its welcome nobody could find it.
  @Test
  void agentThatIsRevokedWhileItAnswersACaptchaIsNotLetIn() throws Exception {
    CaptchaRules captcha =
        new CaptchaRules(
            Duration.ofSeconds(30),
            1,
            CaptchaRules.Difficulty.EASY,
            false,
            CaptchaRules.FailAction.DISCONNECT);
    for (Allowlisting mode : List.of(Allowlisting.STRICT, Allowlisting.OPEN)) {
      AccessRules rules =
          AccessRules.defaults().with(mode).with(TestRelay.sharedKeys()).with(captcha);
      try (TestRelay relay = new TestRelay(rules)) {
        Peer admin = relay.stranger();
        approve(admin);
        Peer a = relay.challenged(alice);
        JsonNode asked = a.expect("CAPTCHA_CHALLENGE");
        revoke(admin);
        CaptchaTest.answer(a, asked, CaptchaTest.solve(asked.get("question").stringValue()));
        if (mode == Allowlisting.STRICT) {
          a.expectError("NOT_ALLOWED");
        } else {
          a.expect("WELCOME");
          a.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
          a.expectError("AUTH_REQUIRED");
        }
      }
    }
  }

  private void approve(Peer admin) {
    admin.send(
        "{\"type\":\"ADMIN_APPROVE\",\"admin_key\":\"%s\",\"pubkey\":%s}"
            .formatted(TestRelay.MODERATION, Json.text(alice.key().pem())));
    admin.expect("ADMIN_RESULT");
  }

  private void revoke(Peer admin) {
    admin.send(
        "{\"type\":\"ADMIN_REVOKE\",\"admin_key\":\"%s\",\"agent_id\":\"%s\"}"
            .formatted(TestRelay.MODERATION, alice.id().name()));
    admin.expect("ADMIN_RESULT");
  }

  @Test
  void approvalIsListedAndTakenBack() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED.in(home))) {
      Peer admin = relay.stranger();
      admin.send(approve(alice, MODERATION));
      assertThat(result(admin))
          .isEqualTo(
              Json.parse(
                  "{\"action\":\"approve\",\"success\":true,\"agentId\":\"%s\"}"
                      .formatted(alice.id())));

      admin.send(frame("ADMIN_LIST", MODERATION, ""));
      JsonNode list = result(admin);
      assertThat(list.get("enabled").booleanValue()).isTrue();
      assertThat(list.get("strict").booleanValue()).isFalse();
      JsonNode entry = list.get("entries").get(0);
      assertThat(entry.get("agentId").stringValue()).isEqualTo(alice.id().toString());
      assertThat(entry.get("pubkeyPrefix").stringValue())
          .isEqualTo("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwA...");
      assertThat(entry.get("approvedAt").stringValue()).matches("\\d{4}-.*T.*\\.\\d{3}Z");
      assertThat(entry.get("note").stringValue()).isEqualTo("for a test");

      String id = ",\"agent_id\":\"" + alice.id().name() + "\"";
      admin.send(frame("ADMIN_REVOKE", MODERATION, id));
      assertThat(result(admin)).isEqualTo(Json.parse("{\"action\":\"revoke\",\"success\":true}"));
      admin.send(frame("ADMIN_REVOKE", MODERATION, id));
      assertThat(error(admin, "AGENT_NOT_FOUND")).isEqualTo("not found");
    }
  }

  @Test
  void withoutAnAllowlistItCannotBeChanged() throws Exception {
    try (TestRelay relay = new TestRelay(AccessRules.defaults().with(TestRelay.sharedKeys()))) {
      Peer admin = relay.stranger();
      for (String request :
          new String[] {
            approve(alice, MODERATION),
            frame("ADMIN_REVOKE", MODERATION, ",\"agent_id\":\"x\""),
            frame("ADMIN_LIST", MODERATION, "")
          }) {
        admin.send(request);
        assertThat(error(admin, "INVALID_MSG")).isEqualTo("Allowlist not configured");
      }
    }
  }

  @Test
  void wrongKeyIsRefusedInTheProtocolsWords() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      assertThat(refusal(relay, approve(alice, "bad"))).isEqualTo("invalid admin key");
      assertThat(refusal(relay, frame("ADMIN_REVOKE", "bad", ",\"agent_id\":\"x\"")))
          .isEqualTo("invalid admin key");
      relay.skip(Attempts.WINDOW.toMillis());
      assertThat(refusal(relay, frame("ADMIN_LIST", "bad", ""))).isEqualTo("Invalid admin key");
      assertThat(refusal(relay, frame("ADMIN_KICK", "bad", ",\"agent_id\":\"x\"")))
          .isEqualTo("Invalid admin key");
      assertThat(refusal(relay, frame("ADMIN_BAN", "bad", ",\"agent_id\":\"x\"")))
          .isEqualTo("invalid admin key");
      assertThat(refusal(relay, frame("ADMIN_UNBAN", "bad", ",\"agent_id\":\"x\"")))
          .isEqualTo("invalid admin key");
      relay.skip(Attempts.WINDOW.toMillis());
      assertThat(refusal(relay, frame("ADMIN_MOTD", "bad", ",\"motd\":\"x\"")))
          .isEqualTo("Invalid admin key");
      assertThat(
              refusal(relay, frame("ADMIN_VERIFY", "bad", ",\"agent_id\":\"x\",\"verified\":true")))
          .isEqualTo("Invalid admin key");
    }
  }

  private static String refusal(TestRelay relay, String frame) {
    Peer peer = relay.stranger();
    peer.send(frame);
    return error(peer, "AUTH_REQUIRED");
  }

  @Test
  void eachKeyIsForItsOwnFrames() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      assertThat(refusal(relay, frame("ADMIN_LIST", OPERATION, ""))).isEqualTo("Invalid admin key");
      assertThat(refusal(relay, frame("ADMIN_MOTD", MODERATION, ",\"motd\":\"x\"")))
          .isEqualTo("Invalid admin key");
    }
  }

  @Test
  void withoutAKeyTheFrameIsIncomplete() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer peer = relay.agent(alice);
      peer.send("{\"type\":\"ADMIN_LIST\"}");
      assertThat(error(peer, "INVALID_MSG")).isEqualTo("Missing admin_key");
    }
  }

  @Test
  void relayWithoutAdminsSaysSo() throws Exception {
    try (TestRelay relay = new TestRelay(AccessRules.defaults())) {
      Peer peer = relay.stranger();
      for (String type : new String[] {"ADMIN_KICK", "ADMIN_BAN", "ADMIN_UNBAN"}) {
        peer.send(frame(type, "x", ",\"agent_id\":\"x\""));
        assertThat(error(peer, "INVALID_MSG"))
            .isEqualTo("Moderation not configured (no admin key)");
      }
      peer.send(frame("ADMIN_MOTD", "x", ""));
      assertThat(error(peer, "AUTH_REQUIRED")).isEqualTo("Invalid admin key");
    }
  }

  @Test
  void keyCannotBeGuessed() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      for (int i = 0; i < Attempts.MAX_WRONG; i++) {
        assertThat(refusal(relay, frame("ADMIN_LIST", "guess-" + i, "")))
            .isEqualTo("Invalid admin key");
      }
      Peer peer = relay.stranger();
      peer.send(frame("ADMIN_LIST", MODERATION, ""));
      assertThat(error(peer, "RATE_LIMITED"))
          .matches("Too many wrong admin keys\\. Try again in \\d+s");
      assertThat(relay.get("/api/connections", "X-Admin-Key", OPERATION).statusCode())
          .isEqualTo(429);
      relay.skip(Attempts.WINDOW.toMillis());
      peer.send(frame("ADMIN_LIST", MODERATION, ""));
      assertThat(result(peer).get("action").stringValue()).isEqualTo("list");
    }
  }

  @Test
  void hostileKeysDoNoHarm() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer peer = relay.stranger();
      for (String key : new String[] {"{}", "[]", "1", "true", "\"\"", "\"\\ud800\""}) {
        peer.send("{\"type\":\"ADMIN_LIST\",\"admin_key\":" + key + "}");
        assertThat(error(peer, "INVALID_MSG")).isEqualTo("Missing admin_key");
      }
      peer.send("{\"type\":\"ADMIN_LIST\",\"admin_key\":\"" + "k".repeat(1_025) + "\"}");
      assertThat(error(peer, "INVALID_MSG")).isEqualTo("Missing admin_key");
      peer.send(frame("ADMIN_LIST", MODERATION + "\\u0000", ""));
      assertThat(error(peer, "AUTH_REQUIRED")).isEqualTo("Invalid admin key");
      peer.send(frame("ADMIN_OPEN_WINDOW", MODERATION, ""));
      assertThat(error(peer, "INVALID_MSG")).isEqualTo("Unknown message type: ADMIN_OPEN_WINDOW");
    }
  }

  @Test
  void agentNamedByItsKeyNeedsNoSecret() throws Exception {
    AccessRules.Admins named =
        new AccessRules.Admins(Optional.empty(), Optional.empty(), Set.of(), Set.of(alice.key()));
    try (TestRelay relay =
        new TestRelay(AccessRules.defaults().with(named).with(Allowlisting.OPEN))) {
      Peer admin = relay.agent(alice);
      admin.send("{\"type\":\"ADMIN_LIST\"}");
      assertThat(result(admin).get("action").stringValue()).isEqualTo("list");
      admin.send("{\"type\":\"ADMIN_MOTD\",\"motd\":\"hello\"}");
      assertThat(result(admin).get("motd").stringValue()).isEqualTo("hello");

      Peer other = relay.agent(bob);
      other.send("{\"type\":\"ADMIN_LIST\"}");
      assertThat(error(other, "INVALID_MSG")).isEqualTo("Missing admin_key");
      other.send(frame("ADMIN_LIST", "anything", ""));
      assertThat(error(other, "AUTH_REQUIRED")).isEqualTo("Invalid admin key");

      Peer claimant = relay.stranger();
      claimant.send(TestRelay.identify(alice));
      claimant.expect("CHALLENGE");
      claimant.send("{\"type\":\"ADMIN_LIST\"}");
      assertThat(error(claimant, "INVALID_MSG")).isEqualTo("Missing admin_key");
    }
  }

  @Test
  void agentNamedByItsIdIsAnAdmin() throws Exception {
    AccessRules.Admins named =
        new AccessRules.Admins(
            Optional.of(AdminKey.of(MODERATION)), Optional.empty(), Set.of(alice.id()), Set.of());
    try (TestRelay relay = new TestRelay(AccessRules.defaults().with(named))) {
      Peer admin = relay.agent(alice);
      admin.send("{\"type\":\"ADMIN_UNBAN\",\"agent_id\":\"x\"}");
      assertThat(error(admin, "AGENT_NOT_FOUND")).isEqualTo("agent not banned");
    }
  }

  @Test
  void kickedAgentIsToldAndGone() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer target = relay.agent(bob);
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_KICK", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      assertThat(target.expect("KICKED").get("reason").stringValue()).isEqualTo("Kicked by admin");
      assertThat(target.expectClose()).isEqualTo("1000 Kicked by admin");
      assertThat(result(admin))
          .isEqualTo(
              Json.parse(
                  "{\"action\":\"kick\",\"success\":true,\"agentId\":\"%s\"}".formatted(bob.id())));
      admin.send(frame("ADMIN_KICK", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      assertThat(error(admin, "AGENT_NOT_FOUND"))
          .isEqualTo("Agent " + bob.id() + " not found or not online");
      relay.agent(bob);
    }
  }

  @Test
  void kickTellsTheReason() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer guest = relay.guest("guest");
      String id = guest.expect("WELCOME").get("agent_id").stringValue();
      Peer admin = relay.stranger();
      admin.send(
          frame("ADMIN_KICK", MODERATION, ",\"agent_id\":\"" + id + "\",\"reason\":\"bye\""));
      assertThat(guest.expect("KICKED").get("reason").stringValue()).isEqualTo("bye");
    }
  }

  @Test
  void bannedAgentIsSentAwayAndNotLetIn() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED.in(home))) {
      Peer target = relay.agent(bob);
      Peer admin = relay.stranger();
      admin.send(
          frame(
              "ADMIN_BAN",
              MODERATION,
              ",\"agent_id\":\"%s\",\"reason\":\"spam\"".formatted(bob.id())));
      assertThat(target.expect("BANNED").get("reason").stringValue()).isEqualTo("spam");
      assertThat(target.expectClose()).isEqualTo("1000 Banned by admin");
      assertThat(result(admin).get("action").stringValue()).isEqualTo("ban");
      Peer again = relay.challenged(bob);
      assertThat(error(again, "BANNED")).isEqualTo("spam");
      assertThat(again.expectClose()).isEqualTo("1000 Banned");
    }
    JsonNode kept = Json.parse(Files.readAllBytes(home.resolve("bans.json"))).get(0);
    assertThat(kept.get("agentId").stringValue()).isEqualTo(bob.id().name());
    assertThat(kept.get("bannedBy").stringValue()).isEqualTo("moderation key");

    try (TestRelay relay = new TestRelay(SHARED.in(home))) {
      assertThat(error(relay.challenged(bob), "BANNED")).isEqualTo("spam");
      Peer admin = relay.stranger();
      String id = ",\"agent_id\":\"" + bob.id().name() + "\"";
      admin.send(frame("ADMIN_UNBAN", MODERATION, id));
      assertThat(result(admin).get("agentId").stringValue()).isEqualTo(bob.id().toString());
      admin.send(frame("ADMIN_UNBAN", MODERATION, id));
      assertThat(error(admin, "AGENT_NOT_FOUND")).isEqualTo("agent not banned");
      relay.agent(bob);
    }
  }

  @Test
  void banWithoutAReasonSaysThatThereIsOne() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_BAN", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      result(admin);
      assertThat(error(relay.challenged(bob), "BANNED")).isEqualTo("You are banned");
    }
  }

  @Test
  void agentWithoutAKeyIsBannedByItsNetwork() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      String id = relay.guest("guest").expect("WELCOME").get("agent_id").stringValue();
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_BAN", MODERATION, ",\"agent_id\":\"" + id + "\""));
      result(admin);
      Peer again = relay.guest("guest");
      assertThat(error(again, "BANNED")).isEqualTo("You are banned");
      assertThat(again.expectClose()).isEqualTo("1000 Banned");
      relay.agent(bob);
      admin.send(frame("ADMIN_UNBAN", MODERATION, ",\"agent_id\":\"" + id + "\""));
      result(admin);
      relay.guest("guest").expect("WELCOME");
    }
  }

  @Test
  void messageOfTheDayReachesEverySocket() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer stranger = relay.stranger();
      Peer agent = relay.agent(alice);
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_MOTD", OPERATION, ",\"motd\":\"new motd\""));
      for (Peer peer : new Peer[] {stranger, agent, admin}) {
        assertThat(peer.expect("MOTD_UPDATE").get("motd").stringValue()).isEqualTo("new motd");
      }
      assertThat(result(admin))
          .isEqualTo(
              Json.parse(
                  "{\"action\":\"motd\",\"success\":true,\"motd\":\"new motd\",\"kicked\":false}"));
      Peer later = relay.guest("later");
      assertThat(later.expect("WELCOME").get("motd").stringValue()).isEqualTo("new motd");
      admin.send(frame("ADMIN_MOTD", OPERATION, ",\"motd\":null"));
      assertThat(later.expect("MOTD_UPDATE").get("motd").isNull()).isTrue();
      assertThat(relay.guest("last").expect("WELCOME").has("motd")).isFalse();
    }
  }

  @Test
  void maintenanceSendsTheOthersAway() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer agent = relay.agent(alice);
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_MOTD", OPERATION, ",\"motd\":\"down\",\"kick\":true"));
      assertThat(agent.expect("MOTD_UPDATE").get("motd").stringValue()).isEqualTo("down");
      assertThat(agent.expectClose()).isEqualTo("1001 Server maintenance");
      assertThat(result(admin).get("kicked").booleanValue()).isTrue();
      admin.send("{\"type\":\"PING\"}");
      admin.expect("PONG");
    }
  }

  @Test
  void vouchedForAgentMayJoinTheVerifiedChannel() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer agent = relay.agent(alice);
      agent.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      assertThat(error(agent, "AUTH_REQUIRED"))
          .isEqualTo("Channel #ops requires verified identity");

      Peer admin = relay.stranger();
      admin.send(vouch(alice, true));
      JsonNode told = result(agent);
      assertThat(told)
          .isEqualTo(
              Json.parse(
                  "{\"action\":\"verify\",\"success\":true,\"verified\":true,"
                      + "\"note\":\"You have been granted verified status ✓\"}"));
      assertThat(result(admin))
          .isEqualTo(
              Json.parse(
                  "{\"action\":\"verify\",\"success\":true,\"agentId\":\"%s\",\"verified\":true}"
                      .formatted(alice.id())));
      agent.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      JsonNode member = agent.expect("JOINED").get("agents").get(0);
      assertThat(member.get("verified").booleanValue()).isTrue();

      admin.send(vouch(alice, false));
      assertThat(agent.expect("LEFT").get("channel").stringValue()).isEqualTo("#ops");
      assertThat(result(agent).get("note").stringValue())
          .isEqualTo("Your verified status has been revoked");
      agent.send("{\"type\":\"MSG\",\"to\":\"#ops\",\"content\":\"x\"}");
      agent.expectError("NOT_INVITED");
    }
  }

  @Test
  void nobodyWhoIsNotThereIsVouchedFor() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer admin = relay.stranger();
      admin.send(vouch(bob, true));
      assertThat(error(admin, "AGENT_NOT_FOUND"))
          .isEqualTo("Agent " + bob.id() + " not found or not online");
    }
  }

  @Test
  void genesisAgentAndApprovedAgentsAreVerified() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED.withGenesis(alice.id()))) {
      Peer genesis = relay.challenged(alice);
      assertThat(genesis.expect("WELCOME").get("verified").booleanValue()).isTrue();
      genesis.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      genesis.expect("JOINED");

      Peer before = relay.challenged(bob);
      assertThat(before.expect("WELCOME").get("verified").booleanValue()).isFalse();
      Peer admin = relay.stranger();
      admin.send(approve(bob, MODERATION));
      result(admin);
      before.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      before.expect("JOINED");
      admin.send(frame("ADMIN_REVOKE", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      result(admin);
      before.expect("LEFT");
    }
  }

  @Test
  void whatCannotBeKeptIsNotDone() throws Exception {
    Path folder = Files.createDirectory(home.resolve("folder"));
    try (TestRelay relay = new TestRelay(SHARED.in(folder))) {
      // Where the new file would be written there is a folder.
      Files.createDirectory(folder.resolve("bans.json.new"));
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_BAN", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      assertThat(error(admin, "INVALID_MSG"))
          .isEqualTo("Not done: the relay cannot write its files");
      relay.agent(bob);
    }
  }

  @Test
  void everyActAndEveryWrongKeyIsAudited() throws Exception {
    Path file = home.resolve("audit.jsonl");
    try (TestRelay relay = new TestRelay(SHARED.with(AccessRules.AuditFile.at(file)))) {
      relay.agent(bob);
      Peer admin = relay.agent(alice);
      admin.send(approve(bob, MODERATION));
      admin.send(frame("ADMIN_REVOKE", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      admin.send(frame("ADMIN_KICK", MODERATION, ",\"agent_id\":\"nobody\""));
      admin.expectError("AGENT_NOT_FOUND");
      admin.send(
          frame(
              "ADMIN_BAN",
              MODERATION,
              ",\"agent_id\":\"" + bob.id() + "\",\"reason\":\"secret words\""));
      admin.send(frame("ADMIN_UNBAN", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      admin.send(frame("ADMIN_MOTD", OPERATION, ",\"motd\":\"secret words\""));
      admin.send(vouch(alice, true));
      admin.send(frame("ADMIN_LIST", "wrong-key", ""));
      admin.expectError("AUTH_REQUIRED");
    }
    String text = Files.readString(file);
    assertThat(text).doesNotContain("secret words", MODERATION, OPERATION, "wrong-key");
    assertThat(text.lines().map(Json::parse).map(ModerationTest::admin).filter(s -> !s.isEmpty()))
        .containsExactly(
            "admin_approve info moderation key " + bob.id() + " done",
            "admin_revoke info moderation key " + bob.id() + " done",
            "admin_kick warn moderation key @nobody not online",
            "admin_ban info moderation key " + bob.id() + " done",
            "admin_unban info moderation key " + bob.id() + " done",
            "admin_motd info operation key  done",
            "admin_verify info operation key " + alice.id() + " done",
            "admin_list warn nobody  wrong admin key");
    assertThat(text.lines().map(Json::parse))
        .allSatisfy(line -> {
          assertThat(line.get("ts").stringValue()).endsWith("Z");
          if (line.get("event").stringValue().startsWith("admin_")) {
            assertThat(line.get("agent").stringValue()).isEqualTo(alice.id().toString());
            assertThat(line.get("ip").stringValue()).isEqualTo("127.0.0.1");
          }
        });
  }

  private static String admin(JsonNode line) {
    String event = line.get("event").stringValue();
    return event.startsWith("admin_")
        ? String.join(
            " ",
            event,
            line.get("level").stringValue(),
            line.get("by").stringValue(),
            line.path("target").asString(""),
            line.get("result").stringValue())
        : "";
  }

  @Test
  void kickedAgentLeavesItsChannelsAtOnce() throws Exception {
    try (TestRelay relay = new TestRelay(SHARED)) {
      Peer watcher = relay.agent(alice);
      watcher.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      watcher.expect("JOINED");
      Peer target = relay.agent(bob);
      target.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      target.expect("JOINED");
      Peer admin = relay.stranger();
      admin.send(frame("ADMIN_KICK", MODERATION, ",\"agent_id\":\"" + bob.id() + "\""));
      assertThat(watcher.expect("AGENT_LEFT").get("agent").stringValue())
          .isEqualTo(bob.id().toString());
      await().atMost(Peer.PATIENCE).until(() -> target.closeCode() == 1000);
    }
  }

  private static String approve(Identity agent, String key) {
    return frame(
        "ADMIN_APPROVE",
        key,
        ",\"note\":\"for a test\",\"pubkey\":" + Json.text(agent.key().pem()));
  }

  private static String vouch(Identity agent, boolean verified) {
    return frame(
        "ADMIN_VERIFY", OPERATION, ",\"agent_id\":\"" + agent.id() + "\",\"verified\":" + verified);
  }

  private static String frame(String type, String key, String fields) {
    return "{\"type\":\"" + type + "\",\"admin_key\":\"" + key + "\"" + fields + "}";
  }

  /// The next ADMIN_RESULT without its envelope.
  private static JsonNode result(Peer peer) {
    ObjectNode result = (ObjectNode) peer.expect("ADMIN_RESULT");
    result.remove("type");
    result.remove("ts");
    return result;
  }
}
