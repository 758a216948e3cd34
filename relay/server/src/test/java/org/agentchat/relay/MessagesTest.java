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
import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What becomes of a message's content, and of one that is sent again, over real sockets.
final class MessagesTest {
  private static final String SECRET = "sk-ant-" + "a".repeat(24);

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
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
  void secretInAMessageIsReplaced() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    say(a, "#general", "key " + SECRET + " and AKIA" + "A".repeat(16));
    content(b, "key [REDACTED:anthropic_api_key] and [REDACTED:aws_access_key]");
    say(a, bob.id().toString(), "again " + SECRET);
    content(b, "again [REDACTED:anthropic_api_key]");
  }

  @Test
  void signedMessageWithASecretIsRefused() {
    Peer a = relay.in(alice, "#general");
    a.send(
        Json.text(
            ClientMessageCodec.encode(
                ClientMessageCodec.signed(alice, "#general", "x " + SECRET, 1234567, null))));
    assertThat(error(a))
        .isEqualTo(
            "INVALID_MSG: content holds a secret (anthropic_api_key): a signed text is not"
                + " redacted, remove it");
  }

  @Test
  void statementWithASecretIsRefusedAndNotRecorded() {
    Peer a = relay.online(alice);
    relay.online(bob);
    a.state(
        alice,
        new Scheme.Joined(),
        new Statement.Proposal(
            bob.id(), "use " + SECRET, null, null, null, null, null, null, null));
    assertThat(error(a)).startsWith("INVALID_MSG: task holds a secret (anthropic_api_key)");
    a.state(alice, new Scheme.Joined(), new Statement.Dispute("prop_x", "he has " + SECRET));
    assertThat(error(a)).startsWith("INVALID_MSG: reason holds a secret (anthropic_api_key)");
  }

  /// Existing clients sign their own time and do not send it: nobody can check that.
  @Test
  void signatureWithoutItsTimeIsPassedOn() {
    Peer a = relay.in(alice, "#general");
    a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"x\",\"sig\":\"QUFBQQ==\"}");
    JsonNode echo = content(a, "x");
    assertThat(echo.get("sig").stringValue()).isEqualTo("QUFBQQ==");
    assertThat(echo.has("sig_ts")).isFalse();
  }

  @Test
  void callbackFiresToTheAgentThatAskedOnly() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    say(a, "#general", "visible part @@cb:5s@@check later");
    content(b, "visible part");
    heardUntilNow(a);
    relay.skip(Duration.ofSeconds(6));
    JsonNode fired = content(a, "@@cb-fire@@check later");
    String id = fired.get("cb_id").stringValue();
    assertThat(id).matches("cb_\\d+_[0-9a-z]{6}");
    assertThat(stable(fired))
        .isEqualTo(
            """
            {"type":"MSG","from":"@server","from_name":"server","to":"%s",\
            "content":"@@cb-fire@@check later","cb_id":"%s","cb_origin":"%s"}\
            """
                .formatted(alice.id(), id, alice.id()));
    assertThat(heardUntilNow(b).toString()).doesNotContain("cb-fire");
  }

  @Test
  void callbackForAChannelWantsMembershipWhenItFires() {
    Peer a = relay.in(alice, "#general", "#agents");
    say(a, "#general", "@@cb:5s#agents@@one@@cb:5.5s#general@@two");
    heardUntilNow(a);
    relay.skip(Duration.ofSeconds(6));
    assertThat(content(a, "@@cb-fire@@one").get("to").stringValue()).isEqualTo("#agents");
    content(a, "@@cb-fire@@two");
    say(a, "#general", "@@cb:40s#agents@@gone@@cb:40s@@mine");
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#agents\"}");
    a.expect("LEFT");
    relay.skip(Duration.ofSeconds(41));
    content(a, "@@cb-fire@@mine");
    assertThat(heardUntilNow(a).toString()).doesNotContain("gone");
  }

  @Test
  void messageOfCallbacksOnlyIsRoutedToNobodyAndAnsweredWhenNamed() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    say(a, "#general", "@@cb:5s@@x");
    a.send(
        "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"@@cb:5s@@y\",\"client_msg_id\":\"m1\"}");
    JsonNode echo = a.expect(f -> f.has("client_msg_id"), "the answer");
    assertThat(echo.get("content").stringValue()).isEmpty();
    assertThat(heardUntilNow(b))
        .noneMatch(f -> f.path("from").asString("").equals(alice.id().toString()));
  }

  @Test
  void callbacksAreBoundedInNumberAndLength() {
    Peer a = relay.in(alice, "#general");
    String many = "@@cb:5s@@" + "n@@cb:5s@@".repeat(60) + "n";
    say(a, "#general", "@@cb:5s@@" + "x".repeat(501));
    say(a, "#general", many);
    heardUntilNow(a);
    relay.skip(Duration.ofSeconds(6));
    content(a, "@@cb-fire@@n");
    // One more round, so that those that are due have all come.
    relay.skip(Duration.ofSeconds(1));
    say(a, "#general", "@@cb:0s@@last");
    List<JsonNode> fired = new ArrayList<>();
    a.expect(
        f -> {
          fired.add(f);
          return f.path("content").asString("").equals("@@cb-fire@@last");
        },
        "the last");
    assertThat(fired.stream().filter(f -> f.path("content").asString("").endsWith("@@n")))
        .hasSize(49);
    assertThat(fired.toString()).doesNotContain("xxx");
  }

  @Test
  void repeatedMessageIsAnsweredWithItsEchoAndHeardOnce() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    String frame =
        "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"once "
            + SECRET
            + "\","
            + "\"in_reply_to\":\"q\",\"client_msg_id\":\"m1\"}";
    a.send(frame);
    JsonNode first = content(a, "once [REDACTED:anthropic_api_key]");
    a.send(frame);
    assertThat(content(a, "once [REDACTED:anthropic_api_key]")).isEqualTo(first);
    a.send(frame.replace("once", "other"));
    content(a, "other [REDACTED:anthropic_api_key]");
    assertThat(
            heardUntilNow(b).stream()
                .filter(f -> f.path("content").asString("").startsWith("once")))
        .hasSize(1);
  }

  @Test
  void repetitionIsKnownAfterAReconnect() {
    Peer a = relay.in(alice, "#general");
    Peer b = relay.in(bob, "#general");
    String frame =
        "{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"once\",\"client_msg_id\":\"m1\"}";
    a.send(frame);
    JsonNode first = content(a, "once");
    a.close();
    b.expect("AGENT_LEFT");
    Peer again = relay.online(alice);
    again.send(frame);
    assertThat(content(again, "once")).isEqualTo(first);
    // Another agent's id is its own: what it hears next is its own message.
    b.send(frame);
    assertThat(content(b, "once").get("from").stringValue()).isEqualTo(bob.id().toString());
  }

  @Test
  void directMessageIsEchoedOnRepetitionToo() {
    Peer a = relay.online(alice);
    Peer b = relay.online(bob);
    String frame = "{\"type\":\"MSG\",\"to\":\"@bob\",\"content\":\"dm\",\"client_msg_id\":\"d1\"}";
    a.send(frame);
    JsonNode first = content(a, "dm");
    a.send(frame);
    assertThat(content(a, "dm")).isEqualTo(first);
    assertThat(count(b, "MSG")).isEqualTo(1);
  }

  @Test
  void memoryOfRepetitionsIsBoundedAndEnds() {
    ClientMessage.Msg asked = new ClientMessage.Msg("#a", "x", null, null, null);
    long[] now = {0};
    Repeats repeats =
        new Repeats(new ChatRules.RepeatRules(Duration.ofSeconds(10), 2, 3), () -> now[0]);
    Answers answers = new Answers(() -> 0, null);
    for (String id : List.of("1", "2", "3")) {
      repeats.add(alice.id(), asked, answers.serverMessage("#a", "x"), id);
    }
    assertThat(repeats.find(alice.id(), asked, "x", "1")).isEmpty();
    assertThat(repeats.find(alice.id(), asked, "x", "2")).isPresent();
    repeats.add(bob.id(), asked, answers.serverMessage("#a", "x"), "1");
    repeats.add(bob.id(), asked, answers.serverMessage("#a", "x"), "2");
    assertThat(repeats.find(alice.id(), asked, "x", "2")).isEmpty();
    assertThat(repeats.find(alice.id(), asked, "x", "3")).isPresent();
    assertThat(repeats.find(bob.id(), asked, "x", null)).isEmpty();
    now[0] = 10_001;
    assertThat(repeats.find(bob.id(), asked, "x", "2")).isEmpty();
    repeats.expire(now[0]);
    repeats.add(bob.id(), asked, answers.serverMessage("#a", "x"), "3");
    assertThat(repeats.find(bob.id(), asked, "x", "3")).isPresent();
  }

  /// Looking for secrets in it takes a third of a second of a core.
  @Test
  void largeMessageCostsItsRateEvenWhenItIsRefused() {
    Peer a = relay.online(alice);
    say(a, "#general", "x".repeat(10 * 16 * 1024));
    assertThat(error(a)).isEqualTo("NOT_INVITED: Not a member of #general");
    say(a, "#general", "x".repeat(10 * 16 * 1024));
    assertThat(error(a)).startsWith("RATE_LIMITED");
  }

  /// W58: what is refused costs nothing of the rate.
  @Test
  void refusedMessagesLeaveTheRateAlone() {
    Peer a = relay.in(alice, "#general");
    for (int i = 0; i < 15; i++) {
      say(a, "@nobody", "x");
      assertThat(error(a)).isEqualTo("AGENT_NOT_FOUND: Agent @nobody not found");
    }
    say(a, "#general", "still");
    content(a, "still");
  }
}
