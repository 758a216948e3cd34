package org.agentchat.relay;

import static org.agentchat.relay.TestRelay.error;
import static org.agentchat.relay.TestRelay.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// New identities listen first (protocol.md section 4.2).
final class LurkTest {
  private static final long HOUR = 3_600_000;
  private static final AccessRules RULES = AccessRules.defaults().withLurk(Duration.ofHours(1));
  private static final String MSG = "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"x\"}";

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);

  @TempDir private Path home;

  @Test
  void newIdentityListensForAnHour() throws Exception {
    try (TestRelay relay = new TestRelay(RULES)) {
      Peer peer = relay.challenged(alice);
      JsonNode welcome = peer.expect("WELCOME");
      assertThat(welcome.get("lurk").booleanValue()).isTrue();
      assertThat(welcome.get("lurk_reason").stringValue())
          .isEqualTo("New identities must wait 1 hour before sending messages.");
      long until = welcome.get("lurk_until").longValue();
      assertThat(until - welcome.get("ts").longValue()).isBetween(HOUR - 60_000, HOUR);
      String at = " at " + IsoTime.of(until);

      peer.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      peer.expect("JOINED");
      peer.send(MSG);
      assertThat(error(peer, "LURK_MODE")).isEqualTo("New identity — sending unlocks" + at);
      peer.state(alice, new Scheme.Joined(), proposal());
      assertThat(error(peer, "LURK_MODE")).isEqualTo("New identity — proposals unlock" + at);
      for (Statement statement :
          new Statement[] {
            new Statement.Accept("prop_x", null, null),
            new Statement.Reject("prop_x", null),
            new Statement.Complete("prop_x", null),
            new Statement.Dispute("prop_x", "late")
          }) {
        peer.state(alice, new Scheme.Joined(), statement);
        assertThat(error(peer, "LURK_MODE")).isEqualTo("New identity — actions unlock" + at);
      }
      peer.send(
          "{\"type\":\"REGISTER_SKILLS\",\"skills\":[{\"capability\":\"x\"}],\"sig\":\"%s\"}"
              .formatted("A".repeat(86) + "=="));
      assertThat(error(peer, "LURK_MODE"))
          .isEqualTo("New identity — skill registration unlocks" + at);

      relay.skip(HOUR);
      peer.send(MSG);
      peer.expect("MSG");
      assertThat(relay.challenged(alice).expect("WELCOME").has("lurk")).isFalse();
    }
  }

  private Statement proposal() {
    return new Statement.Proposal(bob.id(), "task", null, null, null, null, null, null, null);
  }

  @Test
  void agentWithoutAKeyListensForEver() throws Exception {
    try (TestRelay relay = new TestRelay(RULES)) {
      Peer guest = relay.guest("guest");
      JsonNode welcome = guest.expect("WELCOME");
      assertThat(welcome.get("lurk").booleanValue()).isTrue();
      assertThat(welcome.has("lurk_until")).isFalse();
      assertThat(welcome.get("lurk_reason").stringValue())
          .isEqualTo(
              "Persistent identity required to send messages. Connect with a saved keypair.");
      relay.skip(24 * HOUR);
      for (String frame :
          List.of(
              "{\"type\":\"FILE_CHUNK\",\"to\":\"@x\",\"content\":\"a text\"}",
              "{\"type\":\"INVITE\",\"channel\":\"#general\",\"agent\":\"@x\"}",
              "{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#a-text\"}")) {
        guest.send(frame);
        assertThat(error(guest, "LURK_MODE"))
            .isEqualTo("Persistent identity required to send messages");
      }
      Peer later = relay.guest("later");
      later.expect("WELCOME");
      later.send(MSG);
      assertThat(error(later, "LURK_MODE"))
          .isEqualTo("Persistent identity required to send messages");
      later.send("{\"type\":\"REJECT\",\"proposal_id\":\"prop_x\",\"sig\":\"x\"}");
      later.expectError("SIGNATURE_REQUIRED");
    }
  }

  @Test
  void nobodyWaitsByDefault() throws Exception {
    try (TestRelay relay = new TestRelay(AccessRules.defaults())) {
      Peer guest = relay.guest("guest");
      assertThat(guest.expect("WELCOME").has("lurk")).isFalse();
      guest.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
      guest.expect("JOINED");
      guest.send(MSG);
      guest.expect("MSG");
    }
  }

  @Test
  void firstSightSurvivesARestart() throws Exception {
    Path file = home.resolve("first-seen.log");
    Files.writeString(file, alice.id().name() + " " + (System.currentTimeMillis() - HOUR) + "\n");
    try (TestRelay relay = new TestRelay(RULES.in(home))) {
      assertThat(relay.challenged(alice).expect("WELCOME").has("lurk")).isFalse();
      assertThat(relay.challenged(bob).expect("WELCOME").has("lurk")).isTrue();
      assertThat(relay.challenged(bob).expect("WELCOME").has("lurk")).isTrue();
    }
    assertThat(Files.readString(file).lines())
        .hasSize(2)
        .anyMatch(l -> l.startsWith(bob.id().name()));
  }

  @Test
  void lineThatACrashCutOffIsForgotten() throws Exception {
    Path file = home.resolve("first-seen.log");
    Files.writeString(file, alice.id().name() + " 5\n" + bob.id().name() + " 17");
    FirstSights sights = new FirstSights(Optional.of(home), 10);
    assertThat(sights.of(alice.id(), 100)).isEqualTo(5);
    assertThat(sights.of(bob.id(), 100)).isEqualTo(100);
    assertThat(new FirstSights(Optional.of(home), 10).of(bob.id(), 200)).isEqualTo(100);
  }

  @Test
  void keyIsAddedWithoutWritingTheOthersAgain() throws Exception {
    Path file = home.resolve("first-seen.log");
    FirstSights sights = new FirstSights(Optional.of(home), 10);
    for (int i = 0; i < 5; i++) {
      sights.of(id(i), i);
    }
    byte[] before = Files.readAllBytes(file);
    sights.of(id(5), 5);
    byte[] after = Files.readAllBytes(file);
    assertThat(after).startsWith(before);
    assertThat(after).hasSize(before.length + "0000000000000005 5\n".length());
  }

  @Test
  void numberOfKeysAndOfLinesIsBounded() throws Exception {
    FirstSights sights = new FirstSights(Optional.of(home), 10);
    for (int i = 0; i < 1_000; i++) {
      sights.of(id(i), i + 1);
      assertThat(sights.of(id(0), 5_000)).as("seen again and again").isEqualTo(1);
    }
    assertThat(Files.readString(home.resolve("first-seen.log")).lines()).hasSizeLessThan(22);
    assertThat(sights.of(id(500), 6_000)).as("forgotten").isEqualTo(6_000);
  }

  private static AgentId id(int number) {
    return new AgentId("%016x".formatted(number));
  }

  @Test
  void fullDiskDoesNotStopAnybody() throws Exception {
    FirstSights sights = new FirstSights(Optional.of(home.resolve("missing")), 10);
    assertThat(sights.of(id(1), 1)).isEqualTo(1);
    assertThat(sights.of(id(1), 2)).isEqualTo(1);
  }

  /// Who has old deals in the log is nobody new, wherever they were made.
  @Test
  void finishedDealInTheLogCountsAsAge() throws Exception {
    MemoryLog log = new MemoryLog();
    try (TestRelay relay = new TestRelay(AccessRules.defaults(), log)) {
      Peer from = relay.agent(alice);
      Peer to = relay.agent(bob);
      from.state(alice, new Scheme.Joined(), proposal());
      String id = to.expect("PROPOSAL").get("proposal_id").stringValue();
      to.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, null));
      from.expect("ACCEPT");
      from.state(alice, new Scheme.Joined(), new Statement.Complete(id, null));
      to.expect("COMPLETE");
    }
    try (TestRelay relay = new TestRelay(RULES, log)) {
      assertThat(relay.challenged(alice).expect("WELCOME").has("lurk")).isTrue();
      relay.skip(HOUR + 60_000);
      assertThat(relay.challenged(bob).expect("WELCOME").has("lurk")).isFalse();
    }
  }
}
