package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.MODERATION;
import static org.agentchat.relay.TestRelay.OPERATION;
import static org.agentchat.relay.TestRelay.error;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.relay.AccessRules.AuditFile;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What an admin decides about one key of an account holds for all of its keys, former and later.
final class AccountAccessTest {
  private static final String ORIGIN = "test.example/log";

  private final Identity alice = identity("alice", 1);
  private final Identity later = identity("alice", 2);
  private final Identity latest = identity("alice", 3);
  private final MemoryLog log = new MemoryLog();
  private int rotations;

  @TempDir private Path home;

  private TestRelay relay(Allowlisting mode) throws Exception {
    return new TestRelay(
        AccessRules.defaults()
            .in(home)
            .with(mode)
            .with(TestRelay.sharedKeys())
            .with(AuditFile.at(audit())),
        log);
  }

  private Path audit() {
    return home.resolve("audit.jsonl");
  }

  /// As another relay of the log records it, which bans nobody.
  private void rotate(TestRelay relay, Identity old, Identity next) {
    Scheme scheme = new Scheme.Bound(ORIGIN, relay.now(), "nonce-%016d".formatted(rotations++));
    SignedStatement signed =
        SignedStatement.sign(old, scheme, KeyStatement.RotateKey.of(old, next, ORIGIN));
    log.append(EventCodec.encode(new Event.Stated(relay.now(), "other-relay", signed, null)))
        .join();
    await().atMost(Peer.PATIENCE).until(() -> relay.size() == log.size());
  }

  private static void admin(Peer admin, String type, AgentId agent) {
    admin.send(
        "{\"type\":\"%s\",\"admin_key\":\"%s\",\"agent_id\":\"%s\",\"verified\":true}"
            .formatted(type, type.equals("ADMIN_VERIFY") ? OPERATION : MODERATION, agent));
    admin.expect("ADMIN_RESULT");
  }

  private static void approve(Peer admin, Identity agent) {
    admin.send(
        "{\"type\":\"ADMIN_APPROVE\",\"admin_key\":\"%s\",\"pubkey\":%s}"
            .formatted(MODERATION, Json.text(agent.key().pem())));
    admin.expect("ADMIN_RESULT");
  }

  @Test
  void banFollowsTheAgentToItsLaterKeys() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      admin(relay.stranger(), "ADMIN_BAN", alice.id());
      rotate(relay, alice, later);
      rotate(relay, later, latest);
      for (Identity key : List.of(alice, later, latest)) {
        Peer peer = relay.challenged(key);
        assertThat(error(peer, "BANNED")).isEqualTo("You are banned");
        assertThat(peer.expectClose()).isEqualTo("1000 Banned");
      }
    }
    // A ban is found in the log again by a relay that starts.
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      error(relay.challenged(latest), "BANNED");
      admin(relay.stranger(), "ADMIN_UNBAN", later.id());
      relay.agent(latest);
    }
  }

  @Test
  void banOfAFormerKeyFindsItsAgent() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      rotate(relay, alice, later);
      Peer peer = relay.agent(later);
      admin(relay.stranger(), "ADMIN_BAN", alice.id());
      assertThat(peer.expect("BANNED").get("reason").stringValue()).isEqualTo("Banned by admin");
      assertThat(peer.expectClose()).isEqualTo("1000 Banned by admin");
      error(relay.challenged(later), "BANNED");
    }
  }

  @Test
  void agentThatIsHereUnderItsNextKeyIsSentAwayWhenTheLogSaysSo() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      admin(relay.stranger(), "ADMIN_BAN", alice.id());
      Peer peer = relay.agent(later);
      rotate(relay, alice, later);
      assertThat(peer.expect("BANNED").get("reason").stringValue()).isEqualTo("Banned by admin");
      assertThat(peer.expectClose()).isEqualTo("1000 Banned by admin");
    }
  }

  @Test
  void accountIsBannedOnce() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      Peer admin = relay.stranger();
      admin(admin, "ADMIN_BAN", alice.id());
      rotate(relay, alice, later);
      admin(admin, "ADMIN_BAN", later.id());
      assertThat(Json.parse(Files.readAllBytes(home.resolve("bans.json")))).hasSize(1);
      admin(admin, "ADMIN_UNBAN", alice.id());
      relay.agent(later);
    }
  }

  @Test
  void kickAndVerifyFindAnAgentByItsFormerName() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      rotate(relay, alice, later);
      Peer peer = relay.agent(later);
      Peer admin = relay.stranger();
      admin(admin, "ADMIN_VERIFY", alice.id());
      peer.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      peer.expect("JOINED");
      admin(admin, "ADMIN_KICK", alice.id());
      peer.expect("KICKED");
    }
  }

  @Test
  void approvalFollowsTheAgentToItsLaterKeys() throws Exception {
    try (TestRelay relay = relay(Allowlisting.STRICT)) {
      Peer admin = relay.stranger();
      approve(admin, alice);
      rotate(relay, alice, later);
      Peer peer = relay.challenged(later);
      assertThat(peer.expect("WELCOME").get("verified").booleanValue()).isTrue();
      approve(admin, later);
      assertThat(Json.parse(Files.readAllBytes(home.resolve("allowlist.json")))).hasSize(1);
      admin(admin, "ADMIN_REVOKE", alice.id());
      assertThat(error(peer, "NOT_ALLOWED")).isEqualTo("pubkey not in allowlist");
      assertThat(peer.expectClose()).isEqualTo("1000 Approval revoked");
    }
  }

  @Test
  void agentThatIsHereUnderItsNextKeyIsVerifiedWhenTheLogSaysSo() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OPEN)) {
      approve(relay.stranger(), alice);
      Peer peer = relay.challenged(later);
      assertThat(peer.expect("WELCOME").get("verified").booleanValue()).isFalse();
      rotate(relay, alice, later);
      peer.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
      peer.expect("JOINED");
    }
  }

  /// Who names a moderator means a key: what else its owner decides is not the operator's doing.
  @Test
  void powerOfAnAdminEndsWithItsKey() throws Exception {
    AccessRules.Admins named =
        new AccessRules.Admins(
            Optional.empty(), Optional.empty(), Set.of(alice.id()), Set.of(alice.key()));
    try (TestRelay relay = new TestRelay(AccessRules.defaults().with(named), log)) {
      rotate(relay, alice, later);
      Peer peer = relay.agent(later);
      peer.send("{\"type\":\"ADMIN_BAN\",\"agent_id\":\"" + latest.id() + "\"}");
      assertThat(error(peer, "INVALID_MSG")).isEqualTo("Missing admin_key");
    }
  }

  @Test
  void auditNamesWhomAnActIsAboutAndWhoIsTurnedAway() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      rotate(relay, alice, later);
      Peer admin = relay.stranger();
      admin(admin, "ADMIN_BAN", alice.id());
      error(relay.challenged(later), "BANNED");
      admin(admin, "ADMIN_UNBAN", later.id());
      admin(admin, "ADMIN_BAN", latest.id());
    }
    String both = alice.id() + " " + later.id();
    assertThat(Files.readString(audit()).lines().map(Json::parse).map(AccountAccessTest::line))
        .filteredOn(line -> !line.isEmpty())
        .containsExactly(
            "admin_ban " + alice.id() + " of " + both,
            "ban_enforced " + later.id() + " by " + alice.id(),
            "admin_unban " + later.id() + " of " + both,
            "admin_ban " + latest.id());
  }

  private static String line(JsonNode line) {
    String event = line.get("event").stringValue();
    if (event.equals("ban_enforced")) {
      return event + " " + line.get("agent").stringValue() + " by " + line.get("ban").stringValue();
    }
    if (!event.startsWith("admin_")) {
      return "";
    }
    StringBuilder names = new StringBuilder();
    line.path("names").forEach(name -> names.append(' ').append(name.stringValue()));
    return event + " " + line.get("target").stringValue() + (names.isEmpty() ? "" : " of" + names);
  }

  @Test
  void requestsForTheListOfConnectionsAreAudited() throws Exception {
    try (TestRelay relay = relay(Allowlisting.OFF)) {
      relay.get("/api/connections", "X-Admin-Key", OPERATION);
      relay.get("/api/connections", "X-Admin-Key", "wrong-key");
      relay.get("/api/connections");
    }
    String text = Files.readString(audit());
    assertThat(text).doesNotContain(OPERATION, "wrong-key");
    assertThat(
            text.lines()
                .map(Json::parse)
                .filter(line -> line.get("event").stringValue().equals("admin_connections")))
        .extracting(line ->
            line.get("level").stringValue()
                + " "
                + line.get("ip").stringValue()
                + " "
                + line.get("by").stringValue()
                + " "
                + line.get("result").stringValue())
        .containsExactly(
            "info 127.0.0.1 operation key done", "warn 127.0.0.1 nobody wrong admin key");
  }
}
