package org.agentchat.relay;

import static org.agentchat.relay.ChatHarness.content;
import static org.agentchat.relay.ChatHarness.count;
import static org.agentchat.relay.ChatHarness.error;
import static org.agentchat.relay.ChatHarness.heardUntilNow;
import static org.agentchat.relay.ChatHarness.identity;
import static org.agentchat.relay.ChatHarness.say;
import static org.agentchat.relay.ChatHarness.stable;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Presence, nicks, typing and the floor, over real sockets.
final class SignalsTest {
  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final Identity carol = identity("carol", 3);
  private ChatHarness relay;

  @BeforeEach
  void start() throws Exception {
    relay = new ChatHarness(ChatRules.defaults());
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  @Test
  void presenceReachesEverybodyWhoSharesAChannelOnceAndNobodyElse() {
    Peer a = relay.in(alice, "#general", "#agents");
    Peer b = relay.in(bob, "#general", "#agents");
    Peer c = relay.in(carol, "#skills");
    a.send("{\"type\":\"SET_PRESENCE\",\"status\":\"busy\",\"status_text\":\"coding\"}");
    assertThat(stable(b.expect("PRESENCE_CHANGED")))
        .isEqualTo(
            """
            {"type":"PRESENCE_CHANGED","agent_id":"%s","name":"alice","presence":"busy",\
            "status_text":"coding"}\
            """
                .formatted(alice.id()));
    assertThat(count(a, "PRESENCE_CHANGED")).isZero();
    assertThat(count(b, "PRESENCE_CHANGED")).isZero();
    assertThat(count(c, "PRESENCE_CHANGED")).isZero();
    c.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#general\"}");
    assertThat(c.expect("AGENTS").get("list").get(0).toString())
        .contains("\"presence\":\"busy\",\"status_text\":\"coding\"");
    a.send("{\"type\":\"SET_PRESENCE\",\"status\":\"online\",\"status_text\":\"\"}");
    assertThat(b.expect("PRESENCE_CHANGED").get("status_text").isNull()).isTrue();
  }

  @Test
  void nickIsToldOnceASharedChannelAndOnceMoreToItsOwner() {
    Peer a = relay.in(alice, "#general", "#agents");
    Peer b = relay.in(bob, "#general", "#agents");
    b.send("{\"type\":\"SET_NICK\",\"nick\":\" bobby \",\"client_msg_id\":\"n1\"}");
    List<JsonNode> heard = heardUntilNow(b);
    assertThat(heard.stream().filter(f -> ChatHarness.is(f, "NICK_CHANGED"))).hasSize(3);
    assertThat(heard.toString()).containsOnlyOnce("\"client_msg_id\":\"n1\"");
    assertThat(stable(a.expect("NICK_CHANGED")))
        .isEqualTo(
            "{\"type\":\"NICK_CHANGED\",\"agent_id\":\"%s\",\"old_nick\":\"bob\",\"new_nick\":\"bobby\"}"
                .formatted(bob.id()));
    assertThat(count(a, "NICK_CHANGED")).isEqualTo(1);
    say(b, "#general", "hi");
    assertThat(content(a, "hi").get("from_name").stringValue()).isEqualTo("bobby");
    say(a, "@bobby", "by nick");
    content(b, "by nick");

    b.send("{\"type\":\"SET_NICK\",\"nick\":\"bobby2\"}");
    assertThat(error(b)).matches("RATE_LIMITED: Nick change rate limited. Try again in (30|2\\d)s");
    relay.skip(Duration.ofSeconds(30));
    b.send("{\"type\":\"SET_NICK\",\"nick\":\"bobby2\"}");
    a.expect("NICK_CHANGED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server",
        "admin",
        "SYSTEM",
        "root",
        "moderator",
        "Mod",
        "bot",
        "agentchat",
        "operator",
        "shadow",
        "God",
        "jc",
      })
  void reservedNickIsRefusedInAnyCase(String nick) {
    Peer a = relay.online(alice);
    a.send("{\"type\":\"SET_NICK\",\"nick\":\"" + nick + "\"}");
    assertThat(error(a)).isEqualTo("INVALID_NAME: Nick \"" + nick + "\" is reserved");
  }

  /// W56: a stranger's TYPING is not passed on.
  @Test
  void typingReachesTheOtherMembersAndOnlyAMemberMayType() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    Peer c = relay.online(carol);
    c.send("{\"type\":\"TYPING\",\"channel\":\"#general\"}");
    assertThat(count(c, "ERROR")).isZero();
    a.send("{\"type\":\"TYPING\",\"channel\":\"#nowhere\"}");
    a.send("{\"type\":\"TYPING\",\"channel\":\"#general\"}");
    assertThat(stable(b.expect("TYPING")))
        .isEqualTo(
            "{\"type\":\"TYPING\",\"from\":\"%s\",\"from_name\":\"alice\",\"channel\":\"#general\"}"
                .formatted(alice.id()));
    assertThat(heardUntilNow(a))
        .noneMatch(f -> ChatHarness.is(f, "TYPING") || ChatHarness.is(f, "ERROR"));
  }

  @Test
  void earlierStartTakesTheFloorAndAPostGivesItBack() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    Peer c = relay.in(carol, "#general");
    long now = relay.now();
    claim(a, "m1", now - 1_000);
    assertThat(stable(b.expect("FLOOR_CLAIMED")))
        .isEqualTo(
            """
            {"type":"FLOOR_CLAIMED","msg_id":"m1","channel":"#general","holder":"%s",\
            "holder_name":"alice","started_at":%d}\
            """
                .formatted(alice.id(), now - 1_000));
    claim(b, "m1", now - 500);
    assertThat(stable(b.expect("YIELD")))
        .isEqualTo(
            """
            {"type":"YIELD","msg_id":"m1","channel":"#general","holder":"%s",\
            "holder_started_at":%d,"reason":"Another agent claimed first"}\
            """
                .formatted(alice.id(), now - 1_000));
    claim(b, "m1", now - 2_000);
    assertThat(a.expect("FLOOR_CLAIMED").get("holder").stringValue())
        .isEqualTo(bob.id().toString());
    assertThat(a.expect("YIELD").get("reason").stringValue())
        .isEqualTo("Earlier started_at timestamp");
    assertThat(c.expect("FLOOR_CLAIMED").get("holder").stringValue())
        .isEqualTo(alice.id().toString());
    assertThat(c.expect("FLOOR_CLAIMED").get("holder").stringValue())
        .isEqualTo(bob.id().toString());
    assertThat(count(b, "FLOOR_CLAIMED")).isZero();

    say(b, "#general", "the answer");
    content(c, "the answer");
    claim(c, "m1", relay.now());
    assertThat(a.expect("FLOOR_CLAIMED").get("holder").stringValue())
        .isEqualTo(carol.id().toString());
  }

  @Test
  void equalStartsAreDecidedByTheSmallerId() {
    boolean aliceFirst = alice.id().compareTo(bob.id()) < 0;
    Peer smaller = relay.in(aliceFirst ? alice : bob, "#general");
    Peer larger = relay.in(aliceFirst ? bob : alice, "#general");
    long now = relay.now() - 1_000;
    claim(larger, "m1", now);
    smaller.expect("FLOOR_CLAIMED");
    claim(smaller, "m1", now);
    assertThat(larger.expect("YIELD").get("reason").stringValue())
        .isEqualTo("Earlier started_at timestamp");
    claim(larger, "m1", now);
    assertThat(larger.expect("YIELD").get("reason").stringValue())
        .isEqualTo("Another agent claimed first");
  }

  @Test
  void floorIsFreeAgainAfterItsTimeAndWhenItsHolderLeaves() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    Peer c = relay.in(carol, "#general");
    claim(a, "m1", relay.now());
    b.expect("FLOOR_CLAIMED");
    relay.skip(Duration.ofSeconds(46));
    claim(b, "m1", relay.now());
    assertThat(a.expect("FLOOR_CLAIMED").get("holder_name").stringValue()).isEqualTo("bob");
    b.close();
    a.expect("AGENT_LEFT");
    claim(c, "m1", relay.now());
    assertThat(a.expect("FLOOR_CLAIMED").get("holder_name").stringValue()).isEqualTo("carol");
  }

  /// W56: a made-up start does not win, and a stranger's claim is not heard.
  @Test
  void madeUpStartCountsFromNowAndOnlyAMemberMayClaim() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    Peer c = relay.online(carol);
    claim(a, "m1", relay.now() - 1_000);
    b.expect("FLOOR_CLAIMED");
    claim(b, "m1", 1);
    assertThat(b.expect("YIELD").get("holder").stringValue()).isEqualTo(alice.id().toString());
    claim(b, "m1", relay.now() + 3_600_000);
    b.expect("YIELD");
    claim(c, "m2", relay.now());
    assertThat(count(c, "ERROR")).isZero();
    assertThat(count(a, "FLOOR_CLAIMED")).isZero();
  }

  @Test
  void claimsOfOneAgentAreBounded() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    for (int i = 0; i < 9; i++) {
      claim(a, "m" + i, relay.now() - 1_000);
      b.expect("FLOOR_CLAIMED");
    }
    claim(b, "m0", relay.now());
    claim(b, "m8", relay.now());
    assertThat(a.expect("FLOOR_CLAIMED").get("msg_id").stringValue()).isEqualTo("m0");
    assertThat(b.expect("YIELD").get("msg_id").stringValue()).isEqualTo("m8");
  }

  @Test
  void beforeIdentificationAdviceIsIgnoredAndTheRestIsRefused() {
    Peer stranger = relay.connect();
    stranger.send("{\"type\":\"TYPING\",\"channel\":\"#general\"}");
    claim(stranger, "m1", 1);
    assertThat(heardUntilNow(stranger)).hasSize(1);
    for (String frame :
        List.of(
            "{\"type\":\"SET_PRESENCE\",\"status\":\"busy\"}",
            "{\"type\":\"SET_NICK\",\"nick\":\"x\"}",
            "{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#x\"}",
            "{\"type\":\"INVITE\",\"channel\":\"#x\",\"agent\":\"@a\"}",
            "{\"type\":\"FILE_CHUNK\",\"to\":\"@a\",\"content\":\"x\"}",
            "{\"type\":\"VERIFY_REQUEST\",\"target\":\"@a\",\"nonce\":\"0123456789abcdef\"}")) {
      stranger.send(frame);
      assertThat(error(stranger)).as(frame).isEqualTo("AUTH_REQUIRED: Must IDENTIFY first");
    }
  }

  /// W2: what is no string is refused, also before identification, and nothing breaks.
  @Test
  void targetsThatAreNoStringsAreRefused() {
    Peer stranger = relay.connect();
    for (String frame :
        List.of(
            "{\"type\":\"MSG\",\"to\":1,\"content\":\"x\"}",
            "{\"type\":\"FILE_CHUNK\",\"to\":1,\"content\":\"x\"}",
            "{\"type\":\"PROPOSAL\",\"to\":1,\"task\":\"x\",\"sig\":\"x\"}",
            "{\"type\":\"INVITE\",\"channel\":\"#a\",\"agent\":1}",
            "{\"type\":\"VERIFY_REQUEST\",\"target\":1,\"nonce\":\"0123456789abcdef\"}")) {
      stranger.send(frame);
      assertThat(error(stranger)).as(frame).startsWith("INVALID_MSG: ");
    }
  }

  @Test
  void signalsHaveARate() throws Exception {
    relay.close();
    relay =
        new ChatHarness(
            ChatRules.defaults().with(new ChatRules.SignalRules(0.6, 2, Duration.ofSeconds(30))));
    Peer a = relay.online(alice);
    for (int i = 0; i < 40; i++) {
      a.send("{\"type\":\"SET_PRESENCE\",\"status\":\"busy\"}");
    }
    assertThat(error(a))
        .isEqualTo("RATE_LIMITED: Rate limit exceeded (max 1 such frames per second)");
    say(a, "#nowhere", "x");
    a.expect(f -> f.path("code").asString("").equals("CHANNEL_NOT_FOUND"), "chat that goes on");
  }

  private static void claim(Peer peer, String msgId, long startedAt) {
    peer.send(
        "{\"type\":\"RESPONDING_TO\",\"msg_id\":\"%s\",\"channel\":\"#general\",\"started_at\":%d}"
            .formatted(msgId, startedAt));
  }
}
