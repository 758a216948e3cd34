package org.agentchat.relay;

import static org.agentchat.relay.ChatHarness.content;
import static org.agentchat.relay.ChatHarness.count;
import static org.agentchat.relay.ChatHarness.error;
import static org.agentchat.relay.ChatHarness.identity;
import static org.agentchat.relay.ChatHarness.join;
import static org.agentchat.relay.ChatHarness.say;
import static org.agentchat.relay.ChatHarness.stable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Channels that agents create, invitations, auto-join and what the relay says by itself, over real
/// sockets.
final class ChannelRulesTest {
  private static final ChatRules DEFAULTS = ChatRules.defaults();

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final Identity carol = identity("carol", 3);
  private ChatHarness relay;

  private void start(ChatRules rules) throws Exception {
    relay = new ChatHarness(rules);
  }

  @AfterEach
  void stop() {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void creatorIsAnsweredWithItsIdAndIsIn() throws Exception {
    start(DEFAULTS);
    Peer a = relay.online(alice);
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#pub\"}");
    assertThat(stable(a.expect("JOINED")))
        .isEqualTo(
            "{\"type\":\"JOINED\",\"channel\":\"#pub\",\"agents\":[\"%s\"]}".formatted(alice.id()));
    Peer b = relay.in(bob, "#pub");
    say(b, "#pub", "hello");
    content(a, "hello");
    b.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#pub\",\"client_msg_id\":\"c1\"}");
    JsonNode error = b.expectError("CHANNEL_EXISTS");
    assertThat(error.get("message").stringValue()).isEqualTo("Channel #pub already exists");
    assertThat(error.get("client_msg_id").stringValue()).isEqualTo("c1");
    b.send("{\"type\":\"LIST_CHANNELS\"}");
    assertThat(b.expect("CHANNELS").get("list").toString())
        .contains("{\"name\":\"#pub\",\"agents\":2}");
  }

  /// W57: who is in an invite-only channel is not for outsiders.
  @Test
  void inviteOnlyChannelIsForItsCreatorAndThoseWhomAMemberInvites() throws Exception {
    start(DEFAULTS);
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    Peer c = relay.online(carol);
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#priv\",\"invite_only\":true}");
    a.expect("JOINED");
    b.send("{\"type\":\"JOIN\",\"channel\":\"#priv\"}");
    assertThat(error(b)).isEqualTo("NOT_INVITED: Channel #priv is invite-only");
    b.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#priv\"}");
    assertThat(error(b)).isEqualTo("NOT_INVITED: Channel #priv is invite-only");
    b.send("{\"type\":\"LIST_CHANNELS\"}");
    assertThat(b.expect("CHANNELS").toString()).doesNotContain("#priv");
    b.send("{\"type\":\"INVITE\",\"channel\":\"#priv\",\"agent\":\"" + bob.id() + "\"}");
    assertThat(error(b)).isEqualTo("NOT_INVITED: Not a member of #priv");
    b.send("{\"type\":\"INVITE\",\"channel\":\"#nowhere\",\"agent\":\"" + bob.id() + "\"}");
    assertThat(error(b)).isEqualTo("CHANNEL_NOT_FOUND: Channel #nowhere not found");

    a.send("{\"type\":\"INVITE\",\"channel\":\"#priv\",\"agent\":\"" + bob.id() + "\"}");
    assertThat(stable(b.expect("MSG")))
        .isEqualTo(
            """
            {"type":"MSG","from":"%s","from_name":"alice","to":"%s",\
            "content":"You have been invited to #priv"}\
            """
                .formatted(alice.id(), bob.id()));
    join(b, "#priv");
    b.send("{\"type\":\"INVITE\",\"channel\":\"#priv\",\"agent\":\"" + carol.id() + "\"}");
    content(c, "You have been invited to #priv");
    c.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#priv\"}");
    assertThat(c.expect("AGENTS").get("list").size()).isEqualTo(2);

    a.send("{\"type\":\"LEAVE\",\"channel\":\"#priv\"}");
    a.expect("LEFT");
    join(a, "#priv");
  }

  @Test
  void verifiedOnlyChannelIsListedAsSuchAndClosedToOthers() throws Exception {
    String create = "{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#vip\",\"verified_only\":true}";
    try (TestRelay strict = new TestRelay(AccessRules.defaults().withGenesis(alice.id()))) {
      Peer b = strict.agent(bob);
      b.send(create);
      assertThat(error(b)).isEqualTo("AUTH_REQUIRED: Channel #vip requires verified identity");
      Peer a = strict.agent(alice);
      a.send(create);
      a.expect("JOINED");
      b.send("{\"type\":\"JOIN\",\"channel\":\"#vip\"}");
      assertThat(error(b)).isEqualTo("AUTH_REQUIRED: Channel #vip requires verified identity");
      b.send("{\"type\":\"LIST_CHANNELS\"}");
      assertThat(b.expect("CHANNELS").get("list").toString())
          .contains("{\"name\":\"#vip\",\"agents\":1,\"verifiedOnly\":true}");
    }
  }

  @Test
  void operatorMayForbidPrivateChannelsAndCreatingAtAll() throws Exception {
    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(false, false, false, 10, 10, Duration.ofHours(1), 10)));
    Peer stranger = relay.connect();
    stranger.send("{\"type\":\"INVITE\",\"channel\":\"#x\",\"agent\":\"@a\"}");
    assertThat(error(stranger))
        .isEqualTo("INVALID_MSG: Private channels are disabled on this server");
    Peer a = relay.online(alice);
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#general\",\"invite_only\":true}");
    assertThat(error(a)).startsWith("CHANNEL_EXISTS");
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#x\",\"invite_only\":true}");
    assertThat(error(a)).isEqualTo("INVALID_MSG: Private channels are disabled on this server");
    relay.close();

    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(false, true, true, 10, 10, Duration.ofHours(1), 10)));
    a = relay.online(alice);
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#general\"}");
    assertThat(error(a)).isEqualTo("AUTH_REQUIRED: Only verified agents can create channels");
  }

  @Test
  void channelsAreBoundedAndAnEmptyOneMakesRoom() throws Exception {
    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(false, false, true, 3, 2, Duration.ofHours(1), 10)));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    create(a, "#a1");
    create(a, "#a2");
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#a3\"}");
    assertThat(error(a)).isEqualTo("RATE_LIMITED: Too many channels (max 2 created by one agent)");
    create(b, "#b1");
    b.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#b2\"}");
    assertThat(error(b))
        .isEqualTo("RATE_LIMITED: Too many channels (max 3 created on this server)");
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#a1\"}");
    a.expect("LEFT");
    create(b, "#b2");
    a.send("{\"type\":\"JOIN\",\"channel\":\"#a1\"}");
    assertThat(error(a)).isEqualTo("CHANNEL_NOT_FOUND: Channel #a1 not found");
  }

  @Test
  void invitationsAreBounded() throws Exception {
    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(false, false, true, 3, 2, Duration.ofHours(1), 1)));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    a.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"#priv\",\"invite_only\":true}");
    a.send("{\"type\":\"INVITE\",\"channel\":\"#priv\",\"agent\":\"" + bob.id() + "\"}");
    content(b, "You have been invited to #priv");
    a.send("{\"type\":\"INVITE\",\"channel\":\"#priv\",\"agent\":\"" + carol.id() + "\"}");
    count(a, "ERROR");
    b.send("{\"type\":\"JOIN\",\"channel\":\"#priv\"}");
    assertThat(error(b)).isEqualTo("NOT_INVITED: Channel #priv is invite-only");
  }

  @Test
  void channelThatStaysEmptyIsForgottenAndTheFirstOnesAreNot() throws Exception {
    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(false, false, true, 10, 10, Duration.ofSeconds(30), 10)));
    Peer a = relay.online(alice);
    create(a, "#gone");
    create(a, "#kept");
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#gone\"}");
    a.expect("LEFT");
    relay.skip(Duration.ofSeconds(61));
    await()
        .atMost(Peer.PATIENCE)
        // The relay's clock stands still, and so many frames at one time are a flood.
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          a.send("{\"type\":\"LIST_CHANNELS\"}");
          return !a.expect("CHANNELS").toString().contains("#gone");
        });
    a.send("{\"type\":\"LIST_CHANNELS\"}");
    assertThat(a.expect("CHANNELS").toString()).contains("#kept").contains("#general");
  }

  @Test
  void relayThatJoinsByItselfTellsTheOthersOnly() throws Exception {
    start(
        DEFAULTS.with(
            new ChatRules.ChannelRules(true, false, true, 10, 10, Duration.ofHours(1), 10)));
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    assertThat(
            a.expect(
                    f ->
                        ChatHarness.is(f, "AGENT_JOINED")
                            && f.get("channel").stringValue().equals("#agents"),
                    "AGENT_JOINED")
                .get("name")
                .stringValue())
        .isEqualTo("bob");
    assertThat(count(b, "JOINED")).isZero();
    say(b, "#skills", "I am in");
    content(a, "I am in");
    b.send("{\"type\":\"MSG\",\"to\":\"#ops\",\"content\":\"x\"}");
    assertThat(error(b)).isEqualTo("NOT_INVITED: Not a member of #ops");
    join(b, "#skills");
    assertThat(content(b, "I am in").get("replay").booleanValue()).isTrue();
  }

  @Test
  void relaySpeaksInAChannelThatFellSilent() throws Exception {
    start(DEFAULTS.with(new ChatRules.IdleRules(true, Duration.ofSeconds(40))));
    Peer a = relay.in(alice, "#agents");
    relay.in(bob, "#agents", "#skills");
    a.expect("AGENT_JOINED");
    relay.skip(Duration.ofSeconds(61));
    String start = alice.id() + ", " + bob.id() + " - ";
    JsonNode prompt = a.expect(f -> f.path("content").asString("").startsWith(start), "the prompt");
    assertThat(prompt.get("from").stringValue()).isEqualTo("@server");
    assertThat(prompt.get("from_name").stringValue()).isEqualTo("Server");
    assertThat(prompt.has("msg_id")).isFalse();
    Peer c = relay.in(carol, "#skills", "#agents");
    assertThat(c.expect(f -> f.path("content").asString("").startsWith(start), "replay"))
        .isNotNull();
  }

  @Test
  void comingGoingAndJoiningAreAnnounced() throws Exception {
    start(DEFAULTS);
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    assertThat(stable(content(a, "bob came online")))
        .isEqualTo(
            """
            {"type":"MSG","from":"@server","from_name":"Server","to":"#general",\
            "content":"bob came online"}\
            """);
    content(a, "bob joined #general");
    content(b, "bob joined #general");
    b.close();
    content(a, "bob went offline");
  }

  @Test
  void leavingWhatIsNotThereIsAnsweredOnlyWhenNamed() throws Exception {
    start(DEFAULTS);
    Peer a = relay.online(alice);
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#nowhere\"}");
    assertThat(count(a, "ERROR")).isZero();
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#nowhere\",\"client_msg_id\":\"l1\"}");
    a.expectError("CHANNEL_NOT_FOUND");
  }

  private static void create(Peer peer, String channel) {
    peer.send("{\"type\":\"CREATE_CHANNEL\",\"channel\":\"" + channel + "\"}");
    peer.expect("JOINED");
  }
}
