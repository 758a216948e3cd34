package org.agentchat.client;

import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.CourtMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Operations on a relay that echoes `client_msg_id`.
class OperationsTest {
  private FakeRelay relay;
  private Agents agents;

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.OURS);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  static <T> CompletableFuture<T> async(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Executors.newVirtualThreadPerTaskExecutor());
  }

  /// Asks and, once the relay has heard it, waits no longer for the answer.
  static void giveUp(Runnable question, Callable<Boolean> heard) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                question.run();
                outcome.completeExceptionally(new AssertionError("answered"));
              } catch (RuntimeException e) {
                outcome.complete(e);
              }
            });
    await().until(heard);
    asking.interrupt();
    assertThat(outcome.join()).isInstanceOf(NoAnswerException.class);
  }

  @Test
  void everyOperationGivesItsTypedAnswer() {
    AgentChatClient client = agents.connect(1);

    assertThat(client.join("#general").orThrow().channel()).isEqualTo("#general");
    assertThat(client.channels()).containsExactly("#general");
    assertThat(client.send("#general", "hello").orThrow().msgId()).startsWith("m");
    assertThat(client.send("#general", "re", "m1").orThrow().inReplyTo()).isEqualTo("m1");
    assertThat(client.listChannels().orThrow()).hasSize(1);
    assertThat(client.listAgents("#general").orThrow().getFirst().id()).isEqualTo(client.agentId());
    assertThat(client.ping().orThrow()).isPositive();
    assertThat(client.leave("#general").orThrow().channel()).isEqualTo("#general");
    assertThat(client.channels()).isEmpty();
  }

  @Test
  void dealGoesThroughEveryStatement() {
    AgentChatClient alice = agents.connect(1);
    AgentChatClient bob = agents.connect(2);

    String first = alice.propose(Deals.proposalTo(2)).orThrow().id();
    assertThat(bob.accept(new Statement.Accept(first, null, 5)).orThrow().status())
        .isEqualTo("accepted");
    assertThat(bob.complete(new Statement.Complete(first, "done")).orThrow().completedBy())
        .isEqualTo(bob.agentId());
    String second = alice.propose(Deals.proposalTo(2)).orThrow().id();
    assertThat(bob.reject(new Statement.Reject(second, "busy")).orThrow().reason())
        .isEqualTo("busy");
    assertThat(alice.dispute(new Statement.Dispute(first, "late")).orThrow().disputedBy())
        .isEqualTo(alice.agentId());
    assertThat(relay.statements()).hasSize(6);
  }

  @Test
  void everyStatementToTheCourtGetsItsAnswer() {
    AgentChatClient client = agents.connect(1);
    AgentId other = Agents.identity(2).id();
    relay.on(
        ClientMessage.State.class,
        (peer, asked) -> {
          switch (((ClientMessage.State) asked.message()).statement()) {
            case CourtStatement.DisputeIntent _ -> {
              peer.send(new CourtMessage.DisputeIntentAck(1, "disp_0", "prop_0", "00", 7L));
              peer.send(new CourtMessage.DisputeIntentAck(1, "disp_1", "prop_1", "00", 8L));
            }
            case CourtStatement.DisputeReveal _ ->
                peer.send(new CourtMessage.DisputeFallback(1, "disp_1", "prop_1", "none", 9L));
            case CourtStatement.Evidence _ -> {
              peer.send(new CourtMessage.EvidenceReceived(1, "disp_1", other, 1, 10L));
              peer.send(new CourtMessage.EvidenceReceived(1, "disp_1", peer.id(), 2, 11L));
            }
            case CourtStatement.ArbiterVote _ ->
                relay.refuse(peer, asked, "DISPUTE_NOT_ARBITER", "no arbiter");
            default -> {}
          }
        });

    assertThat(court(client, new CourtStatement.DisputeIntent("prop_1", "late", "00")))
        .isEqualTo(new CourtMessage.DisputeIntentAck(1, "disp_1", "prop_1", "00", 8L));
    assertThat(
            court(client, new CourtStatement.DisputeReveal("prop_1", "0123456789abcdef01234567")))
        .isInstanceOf(CourtMessage.DisputeFallback.class);
    JsonText items = new JsonText("[{\"kind\":\"log\"}]");
    assertThat(court(client, new CourtStatement.Evidence("disp_1", items, "it was")))
        .isEqualTo(new CourtMessage.EvidenceReceived(1, "disp_1", Agents.identity(1).id(), 2, 11L));
    assertThat(court(client, new CourtStatement.ArbiterAccept("disp_1")))
        .isInstanceOf(ServerMessage.Pong.class);
    assertThat(court(client, new CourtStatement.ArbiterDecline("disp_1", null)))
        .isInstanceOf(ServerMessage.Pong.class);
    CourtStatement vote = new CourtStatement.ArbiterVote("disp_1", Verdict.MUTUAL, "both");
    assertThat(client.submit(client.sign(vote)))
        .isInstanceOfSatisfying(
            Reply.Refused.class, no -> assertThat(no.code()).isEqualTo("DISPUTE_NOT_ARBITER"));
  }

  private static ServerMessage court(AgentChatClient client, CourtStatement statement) {
    return client.submit(client.sign(statement)).orThrow();
  }

  @Test
  void eachCallGetsItsOwnAnswerWhateverTheOrder() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.Join.class, (peer, asked) -> held.add(() -> relay.join(peer, asked)));

    List<CompletableFuture<Reply<ServerMessage.Joined>>> joins =
        IntStream.range(0, 50).mapToObj(i -> async(() -> client.join("#c" + i))).toList();
    await().until(() -> held.size() == 50);
    List<Runnable> answers = new ArrayList<>(held);
    answers.reversed().forEach(Runnable::run);

    for (int i = 0; i < 50; i++) {
      assertThat(joins.get(i).join().orThrow().channel()).isEqualTo("#c" + i);
    }
  }

  @Test
  void slowAnswerHoldsNobodyElseUp() {
    AgentChatClient client = agents.connect(1);
    relay.on(ClientMessage.Join.class, (_, _) -> {});

    CompletableFuture<Reply<ServerMessage.Joined>> slow = async(() -> client.join("#slow"));
    await().until(() -> relay.peer().heard("JOIN") == 1);

    assertThat(client.ping().orThrow()).isPositive();
    assertThat(client.send("#general", "still here")).isInstanceOf(Reply.Done.class);
    assertThat(slow).isNotDone();
  }

  @Test
  void refusalReachesItsCallerOnly() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.Join.class, (peer, asked) -> held.add(() -> relay.join(peer, asked)));
    relay.on(
        ClientMessage.Leave.class,
        (peer, asked) -> relay.refuse(peer, asked, "CHANNEL_NOT_FOUND", "Channel #b not found"));

    CompletableFuture<Reply<ServerMessage.Joined>> join = async(() -> client.join("#a"));
    await().until(() -> held.size() == 1);
    Reply<ServerMessage.Left> leave = client.leave("#b");
    held.remove().run();

    assertThat(leave)
        .isEqualTo(new Reply.Refused<>("CHANNEL_NOT_FOUND", "Channel #b not found", null));
    assertThat(join.join()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void errorThatNamesNoQuestionAnswersNone() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> {
          peer.send(new ServerMessage.Refused(1, "TOO_SLOW", "somebody else", null, null));
          peer.send(new ServerMessage.Refused(1, "INVALID_MSG", "another", null, "zzz"));
          relay.join(peer, asked);
        });

    assertThat(client.join("#general")).isInstanceOf(Reply.Done.class);
  }

  @Test
  void anotherChannelsJoinedIsNoAnswer() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> {
          peer.send(new ServerMessage.Joined(1, "#other", List.of(), null));
          relay.join(peer, asked);
        });

    assertThat(client.join("#general").orThrow().channel()).isEqualTo("#general");
  }

  @Test
  void concurrentStatementsAreToldApartByTheirSignatures() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.State.class, (peer, asked) -> held.add(() -> relay.state(peer, asked)));

    List<CompletableFuture<Reply<ServerMessage.Proposal>>> proposals =
        IntStream.range(0, 30)
            .mapToObj(i -> async(() -> client.propose(Deals.proposal(2, "task " + i))))
            .toList();
    await().until(() -> held.size() == 30);
    List<Runnable> answers = new ArrayList<>(held);
    answers.reversed().forEach(Runnable::run);

    for (int i = 0; i < 30; i++) {
      assertThat(proposals.get(i).join().orThrow().task()).isEqualTo("task " + i);
    }
  }

  @Test
  void twoEqualOldStatementsGetTwoAnswers() {
    relay.takeJoined();
    AgentChatClient client = agents.connect(agents.settings(1).withJoinedOnly());
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.State.class, (peer, asked) -> held.add(() -> relay.state(peer, asked)));

    CompletableFuture<Reply<ServerMessage.Proposal>> one =
        async(() -> client.propose(Deals.proposalTo(2)));
    CompletableFuture<Reply<ServerMessage.Proposal>> two =
        async(() -> client.propose(Deals.proposalTo(2)));
    await().until(() -> held.size() == 2);
    held.forEach(Runnable::run);

    assertThat(one.join().orThrow().id()).isNotEqualTo(two.join().orThrow().id());
  }

  @Test
  void otherPartysStatementIsNotTakenForOurAnswer() {
    AgentChatClient alice = agents.connect(1);
    Peer alicePeer = relay.peer();
    AgentChatClient bob = agents.connect(2);
    List<ServerMessage.Proposal> heard = new CopyOnWriteArrayList<>();
    Subscription all = alice.on(ServerMessage.Proposal.class, heard::add);
    relay.on(
        ClientMessage.State.class,
        (peer, asked) -> {
          if (peer != alicePeer) {
            relay.state(peer, asked);
          }
        });

    CompletableFuture<Reply<ServerMessage.Proposal>> unanswered =
        async(() -> alice.propose(Deals.proposalTo(2)));
    await().until(() -> alicePeer.heard("PROPOSAL") == 1);
    bob.propose(Deals.proposalTo(1)).orThrow();

    await().until(() -> heard.size() == 1);
    assertThat(unanswered).isNotDone();
    all.close();
  }

  @Test
  void repeatedStatementIsRefusedWithTheIndexOfTheFirst() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.State.class,
        (peer, asked) ->
            peer.send(
                new ServerMessage.Refused(1, "STATEMENT_REPEATED", "again", 42L, asked.id())));
    SignedStatement signed = client.sign(Deals.proposalTo(2));

    assertThat(client.submit(signed))
        .isEqualTo(new Reply.Refused<>("STATEMENT_REPEATED", "again", 42L));
    assertThatThrownBy(() -> client.submit(signed).orThrow())
        .isInstanceOf(RefusedException.class)
        .hasMessage("STATEMENT_REPEATED: again");
  }

  @Test
  void messageIsDoneOnlyWhenTheRelayHasPassedItOn() {
    AgentChatClient client = agents.connect(agents.settings(1, Duration.ofMillis(300)));
    relay.on(ClientMessage.Msg.class, (_, _) -> {});

    assertThatThrownBy(() -> client.send("#general", "hello"))
        .isInstanceOfSatisfying(
            NoAnswerException.class, e -> assertThat(e.outcomeUnknown()).isTrue())
        .hasMessage(
            "no answer to MSG to #general within 300 ms;"
                + " whether the message was delivered is unknown");
    assertThat(client.isConnected()).isTrue();
  }

  @Test
  void unansweredStatementSaysThatItsOutcomeIsUnknown() {
    AgentChatClient client = agents.connect(agents.settings(1, Duration.ofMillis(300)));
    relay.on(ClientMessage.State.class, (_, _) -> {});

    assertThatThrownBy(() -> client.complete(new Statement.Complete("prop_x", null)))
        .isInstanceOfSatisfying(
            NoAnswerException.class, e -> assertThat(e.outcomeUnknown()).isTrue())
        .hasMessageContaining("whether the COMPLETE was recorded is unknown");
  }

  @Test
  void unansweredQuestionLeavesNothingInDoubt() {
    AgentChatClient client = agents.connect(agents.settings(1, Duration.ofMillis(300)));
    relay.on(ClientMessage.ListChannels.class, (_, _) -> {});

    assertThatThrownBy(client::listChannels)
        .isInstanceOfSatisfying(
            NoAnswerException.class, e -> assertThat(e.outcomeUnknown()).isFalse())
        .hasMessage("no answer to LIST_CHANNELS within 300 ms");
  }

  @Test
  void lateAnswerIsNotTakenForTheNextQuestion() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.Join.class, (peer, asked) -> held.add(() -> relay.join(peer, asked)));
    giveUp(() -> client.join("#general"), () -> !held.isEmpty());
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> {
          held.remove().run();
          relay.refuse(peer, asked, "NOT_INVITED", "no");
        });

    assertThat(client.join("#general")).isEqualTo(new Reply.Refused<>("NOT_INVITED", "no", null));
  }

  @Test
  void directMessageIsConfirmedAlsoUnderAnotherName() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Msg.class,
        (peer, asked) -> {
          ClientMessage.Msg msg = (ClientMessage.Msg) asked.message();
          ClientMessage.Msg byId =
              new ClientMessage.Msg("@0123456789abcdef", msg.content(), null, null, null);
          peer.send(relay.echo(peer, byId, asked.id()));
        });

    assertThat(client.send("@bob", "hi").orThrow().to()).isEqualTo("@0123456789abcdef");
  }

  @Test
  void interruptedCallerStopsWaiting() {
    AgentChatClient client = agents.connect(1);
    relay.on(ClientMessage.Join.class, (_, _) -> {});

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.join("#general"))
        .isInstanceOf(NoAnswerException.class)
        .hasMessageContaining("interrupted");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void whatWouldCostTheConnectionIsNotSent() {
    AgentChatClient client = agents.connect(1);

    assertThatThrownBy(() -> client.send("#general", "x".repeat(ClientMessageCodec.MAX_FRAME)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.send("#general", "half \ud83d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void longestMessageArrivesWhole() {
    AgentChatClient client = agents.connect(1);
    String content = "ä".repeat(1_000_000);

    assertThat(client.send("#general", content).orThrow().content()).isEqualTo(content);
  }
}
