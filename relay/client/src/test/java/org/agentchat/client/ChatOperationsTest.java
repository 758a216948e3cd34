package org.agentchat.client;

import static org.agentchat.client.OperationsTest.async;
import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Channels, names and proofs, on relays that name the question and on others.
class ChatOperationsTest {
  private static final String REQUEST = "verify_1";
  private static final String NONCE = "0123456789abcdef-_ABCDEF";

  private FakeRelay relay;
  private Agents agents;

  private void start(FakeRelay.Kind kind) throws IOException {
    relay = FakeRelay.start(kind);
    agents = new Agents(relay);
    relay.on(
        ChatMessage.CreateChannel.class,
        (peer, asked) -> {
          String channel = ((ChatMessage.CreateChannel) asked.message()).channel();
          peer.send(new ServerMessage.Joined(1, channel, List.of(), asked.id()));
        });
    relay.on(
        ChatMessage.SetNick.class,
        (peer, asked) -> {
          String nick = ((ChatMessage.SetNick) asked.message()).nick();
          peer.send(new ChatNotice.NickChanged(1, peer.id(), "old", nick, asked.id()));
        });
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void channelsNamesAndPresence(FakeRelay.Kind kind) throws IOException {
    start(kind);
    AgentChatClient client = agents.connect(1);

    assertThat(client.createChannel("#own", true).orThrow().channel()).isEqualTo("#own");
    assertThat(client.channels()).containsExactly("#own");
    assertThat(client.invite("#own", new AgentId("bob")).orThrow()).isEqualTo(new AgentId("bob"));
    assertThat(client.setNick("other").orThrow().newNick()).isEqualTo("other");
    assertThat(client.setPresence("busy", "thinking").orThrow()).isEqualTo("busy");
  }

  @ParameterizedTest
  @EnumSource
  void refusalOfWhatIsNotConfirmedIsHeard(FakeRelay.Kind kind) throws IOException {
    start(kind);
    relay.on(
        ChatMessage.Invite.class,
        (peer, asked) -> relay.refuse(peer, asked, "NOT_INVITED", "Not a member of #own"));
    AgentChatClient client = agents.connect(1);

    assertThat(client.invite("#own", new AgentId("bob")))
        .isEqualTo(new Reply.Refused<>("NOT_INVITED", "Not a member of #own", null));
    assertThat(client.setPresence("busy", null)).isInstanceOf(Reply.Done.class);
    assertThat(client.invite("#own", new AgentId("bob"))).isInstanceOf(Reply.Refused.class);
  }

  @ParameterizedTest
  @EnumSource
  void typingAndPiecesOfFilesAreNotConfirmedButMayBeRefused(FakeRelay.Kind kind)
      throws IOException {
    start(kind);
    relay.on(
        ChatMessage.FileChunk.class,
        (peer, asked) -> {
          if (((ChatMessage.FileChunk) asked.message()).content().equals("too fast")) {
            relay.refuse(peer, asked, "RATE_LIMITED", "File chunk rate limit (max 10/sec)");
          }
        });
    AgentChatClient client = agents.connect(1);
    AgentId bob = new AgentId("bob");

    assertThat(client.typing("#general").orThrow()).isEqualTo("#general");
    assertThat(client.sendFileChunk(bob, "piece").orThrow()).isEqualTo(bob);
    assertThat(client.sendFileChunk(bob, "too fast"))
        .isEqualTo(new Reply.Refused<>("RATE_LIMITED", "File chunk rate limit (max 10/sec)", null));
  }

  /// An admin that vouches for itself is told twice, as the agent and as the admin.
  @ParameterizedTest
  @EnumSource
  void actOfAnAdminIsAnsweredByItsResult(FakeRelay.Kind kind) throws IOException {
    start(kind);
    relay.on(
        AdminMessage.Vouch.class,
        (peer, asked) -> {
          AgentId agent = ((AdminMessage.Vouch) asked.message()).agentId();
          peer.send(AccessNotice.AdminResult.vouchedFor(1, true, "You have been granted"));
          peer.send(AccessNotice.AdminResult.vouched(1, agent, true, asked.id()));
        });
    relay.on(
        AdminMessage.Kick.class,
        (peer, asked) -> relay.refuse(peer, asked, "AUTH_REQUIRED", "Invalid admin key"));
    AgentChatClient client = agents.connect(1);
    AgentId self = client.agentId();

    assertThat(client.administer(new AdminMessage.Vouch(self, null, true)).orThrow().agentId())
        .isEqualTo(self);
    assertThat(client.administer(new AdminMessage.Kick(self, AdminKey.of("guess"), null)))
        .isEqualTo(new Reply.Refused<>("AUTH_REQUIRED", "Invalid admin key", null));
  }

  @ParameterizedTest
  @EnumSource
  void proofGivesTheKey(FakeRelay.Kind kind) throws IOException {
    start(kind);
    AgentKey key = Agents.identity(2).key();
    verification((peer, _) ->
        peer.send(new ChatNotice.VerifySuccess(1, REQUEST, key.id(), key.pem(), null, null)));
    AgentChatClient client = agents.connect(1);

    assertThat(client.verify(key.id()).orThrow()).isEqualTo(key);
  }

  /// The other side may be so fast that the relay says the end before the name.
  @ParameterizedTest
  @EnumSource
  void endThatComesBeforeTheNameCounts(FakeRelay.Kind kind) throws IOException {
    start(kind);
    AgentKey key = Agents.identity(2).key();
    relay.on(
        ChatMessage.VerifyRequest.class,
        (peer, asked) -> {
          peer.send(
              new ChatNotice.VerifyFailed(1, "verify_other", key.id(), "not ours", null, null));
          peer.send(new ChatNotice.VerifySuccess(1, REQUEST, key.id(), key.pem(), null, null));
          peer.send(
              new ChatNotice.VerifyRequest(
                  1, REQUEST, null, null, key.id(), "pending", asked.id()));
        });
    AgentChatClient client = agents.connect(1);

    assertThat(client.verify(key.id()).orThrow()).isEqualTo(key);
  }

  @Test
  void keyOfSomebodyElseProvesNothing() throws IOException {
    start(FakeRelay.Kind.OURS);
    AgentKey other = Agents.identity(3).key();
    AgentId target = Agents.identity(2).id();
    verification((peer, _) ->
        peer.send(new ChatNotice.VerifySuccess(1, REQUEST, target, other.pem(), null, null)));
    AgentChatClient client = agents.connect(1);

    assertThat(client.verify(target))
        .isEqualTo(
            new Reply.Refused<>(
                "VERIFICATION_FAILED",
                "the relay names a key that belongs to " + other.id(),
                null));
  }

  @Test
  void failedProofIsARefusalWithItsReason() throws IOException {
    start(FakeRelay.Kind.OURS);
    AgentId target = Agents.identity(2).id();
    verification((peer, _) -> {
      peer.send(new ChatNotice.VerifyFailed(1, "verify_other", target, "not ours", null, null));
      peer.send(
          new ChatNotice.VerifyFailed(1, REQUEST, target, "Verification timed out", null, null));
    });
    AgentChatClient client = agents.connect(1);

    assertThat(client.verify(target))
        .isEqualTo(new Reply.Refused<>("VERIFICATION_FAILED", "Verification timed out", null));
  }

  @Test
  void verificationThatTakesItsTimeHoldsNobodyUp() throws IOException {
    start(FakeRelay.Kind.OURS);
    AgentKey key = Agents.identity(2).key();
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    verification((peer, _) ->
        held.add(() ->
            peer.send(new ChatNotice.VerifySuccess(1, REQUEST, key.id(), key.pem(), null, null))));
    AgentChatClient client = agents.connect(1);

    CompletableFuture<Reply<AgentKey>> slow = async(() -> client.verify(key.id()));
    await().until(() -> held.size() == 1);
    assertThat(client.ping().orThrow()).isPositive();
    held.remove().run();

    assertThat(slow.join().orThrow()).isEqualTo(key);
  }

  private void verification(FakeRelay.Handler end) {
    relay.on(
        ChatMessage.VerifyRequest.class,
        (peer, asked) -> {
          AgentId target = ((ChatMessage.VerifyRequest) asked.message()).target();
          peer.send(
              new ChatNotice.VerifyRequest(1, REQUEST, null, null, target, "pending", asked.id()));
          end.handle(peer, asked);
        });
  }

  @Test
  void requestIsAnsweredWithASignatureOfItsNonce() throws IOException {
    start(FakeRelay.Kind.OURS);
    Queue<ChatMessage.VerifyResponse> answers = answers();
    AgentChatClient client = agents.connect(1);
    try (Subscription _ = client.answerVerifications()) {
      relay.peer().send(request(NONCE));

      await().until(() -> answers.size() == 1);
    }
    ChatMessage.VerifyResponse answer = answers.remove();
    assertThat(answer.requestId()).isEqualTo(REQUEST);
    assertThat(answer.nonce()).isEqualTo(NONCE);
    assertThat(
            new Ed25519Verifier()
                .verify(
                    Agents.identity(1).key(),
                    NONCE.getBytes(StandardCharsets.UTF_8),
                    Signature.ofBase64(answer.sig())))
        .isTrue();
    assertThat(client.respondToVerification(request(NONCE)).orThrow()).isTrue();
  }

  /// What another protocol signs, and what is too short or too long to be a nonce.
  @Test
  void whatCouldMeanSomethingElseIsNeverSigned() throws IOException {
    start(FakeRelay.Kind.OURS);
    Queue<ChatMessage.VerifyResponse> answers = answers();
    AgentChatClient client = agents.connect(1);

    for (String text :
        List.of(
            "AGENTCHAT_AUTH|0123456789abcdef|chal_1|1",
            "ACCEPT|prop_abcdefgh||",
            "agentchat/2\n{\"type\":\"ACCEPT\"}",
            "0123456789abcde",
            "0".repeat(129),
            "0123456789abcdef\n",
            "0123456789abcde\u0660")) {
      assertThat(client.respondToVerification(request(text)))
          .as(text)
          .isInstanceOf(Reply.Refused.class);
    }

    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
    assertThat(answers).isEmpty();
  }

  private Queue<ChatMessage.VerifyResponse> answers() {
    Queue<ChatMessage.VerifyResponse> answers = new ConcurrentLinkedQueue<>();
    relay.on(
        ChatMessage.VerifyResponse.class,
        (peer, asked) -> {
          answers.add((ChatMessage.VerifyResponse) asked.message());
          peer.send(new ChatNotice.VerifySuccess(1, REQUEST, null, null, true, asked.id()));
        });
    return answers;
  }

  private static ChatNotice.VerifyRequest request(String nonce) {
    return new ChatNotice.VerifyRequest(
        1, REQUEST, new AgentId("stranger"), nonce, null, null, null);
  }
}
