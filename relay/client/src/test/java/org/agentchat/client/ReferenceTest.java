package org.agentchat.client;

import static org.agentchat.client.OperationsTest.async;
import static org.agentchat.client.OperationsTest.giveUp;
import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Operations on a server whose answers do not name the question and that takes `agentchat/1` only.
class ReferenceTest {
  private FakeRelay relay;
  private Agents agents;

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.REFERENCE);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  @Test
  void everyOperationWorks() {
    AgentChatClient alice = agents.connect(1);
    AgentChatClient bob = agents.connect(2);

    assertThat(alice.join("#general")).isInstanceOf(Reply.Done.class);
    assertThat(alice.send("#general", "hello").orThrow().content()).isEqualTo("hello");
    assertThat(alice.listChannels().orThrow()).hasSize(1);
    assertThat(alice.listAgents("#general").orThrow()).hasSize(1);
    assertThat(alice.ping().orThrow()).isPositive();
    String deal = alice.propose(Deals.proposalTo(2)).orThrow().id();
    assertThat(bob.accept(new Statement.Accept(deal, null, null))).isInstanceOf(Reply.Done.class);
    assertThat(bob.complete(new Statement.Complete(deal, "done"))).isInstanceOf(Reply.Done.class);
    assertThat(alice.leave("#general")).isInstanceOf(Reply.Done.class);
    assertThat(relay.statements()).allMatch(s -> s.scheme() instanceof Scheme.Joined);
  }

  @Test
  void concurrentCallsTakeTurns() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(ClientMessage.Join.class, (peer, asked) -> held.add(() -> relay.join(peer, asked)));

    List<CompletableFuture<Reply<ServerMessage.Joined>>> joins =
        IntStream.range(0, 5).mapToObj(i -> async(() -> client.join("#c" + i))).toList();
    for (int i = 0; i < 5; i++) {
      await().until(() -> !held.isEmpty());
      assertThat(held).hasSize(1);
      held.remove().run();
    }

    for (int i = 0; i < 5; i++) {
      assertThat(joins.get(i).join().orThrow().channel()).isEqualTo("#c" + i);
    }
  }

  @Test
  void errorAnswersTheOneQuestionThatWaits() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Msg.class,
        (peer, asked) -> relay.refuse(peer, asked, "LURK_MODE", "sending unlocks later"));

    assertThat(client.send("#general", "x"))
        .isEqualTo(new Reply.Refused<>("LURK_MODE", "sending unlocks later", null));
    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void framesInBetweenAreNoAnswer() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> {
          peer.send(new ServerMessage.Joined(1, "#other", List.of(), null));
          peer.send(new ServerMessage.Pong(1, null));
          relay.join(peer, asked);
        });

    assertThat(client.join("#general").orThrow().channel()).isEqualTo("#general");
  }

  @Test
  void replayedAndForeignMessagesDoNotConfirmASend() {
    AgentChatClient client = agents.connect(1);
    relay.on(
        ClientMessage.Msg.class,
        (peer, asked) -> {
          ClientMessage.Msg msg = (ClientMessage.Msg) asked.message();
          peer.send(relay.echo(peer, msg, null).asReplay());
          relay.refuse(peer, asked, "NOT_INVITED", "Not a member of #general");
        });

    assertThat(client.send("#general", "x")).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void lateAnswerIsNotTakenForTheNextQuestion() {
    AgentChatClient client = agents.connect(1);
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    relay.on(
        ClientMessage.Msg.class,
        (peer, asked) -> {
          ClientMessage.Msg msg = (ClientMessage.Msg) asked.message();
          held.add(() -> peer.send(relay.echo(peer, msg, null)));
        });
    giveUp(() -> client.send("#general", "one"), () -> !held.isEmpty());
    // The late echo comes before the PONG that the next operation asks for first.
    relay.on(
        ClientMessage.Ping.class,
        (peer, asked) -> {
          held.remove().run();
          relay.ping(peer, asked);
        });
    relay.on(ClientMessage.Msg.class, relay::msg);

    assertThat(client.send("#general", "two").orThrow().content()).isEqualTo("two");
    assertThat(relay.peer().heard("PING")).isEqualTo(1);
  }

  @Test
  void turnThatDoesNotComeLeavesNothingInDoubt() {
    AgentChatClient client = agents.connect(agents.settings(1, Duration.ofSeconds(2)));
    relay.on(ClientMessage.State.class, (_, _) -> {});
    // Whoever gets the turn with a moment left asks for a PONG first; without it, nothing is sent.
    relay.on(ClientMessage.Ping.class, (_, _) -> {});

    CompletableFuture<Boolean> one =
        async(() -> inDoubt(() -> client.propose(Deals.proposalTo(2))));
    CompletableFuture<Boolean> two =
        async(() -> inDoubt(() -> client.propose(Deals.proposalTo(3))));

    assertThat(List.of(one.join(), two.join())).containsExactlyInAnyOrder(true, false);
    // The relay may be slower than the two who have given up, and hears the goodbye last.
    await().until(() -> relay.peer().heard("PROPOSAL") == 1);
    client.close();
    await().until(() -> relay.peer().closeCode() != null);
    assertThat(relay.peer().heard("PROPOSAL")).isEqualTo(1);
  }

  private static boolean inDoubt(Runnable call) {
    try {
      call.run();
    } catch (NoAnswerException e) {
      return e.outcomeUnknown();
    }
    throw new AssertionError("answered");
  }
}
