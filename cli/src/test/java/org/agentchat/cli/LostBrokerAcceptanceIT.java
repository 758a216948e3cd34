package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agentchat.client.Reply;
import org.agentchat.client.Subscription;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.SignedStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The broker is killed while relay and ledger run, and comes back.
@Timeout(300)
final class LostBrokerAcceptanceIT {
  @TempDir private Path folder;

  @Test
  void relayRefusesStatementsMeanwhileChatsOnAndRecoversByItself() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker"));
        ServeProcess serve =
            ServeProcess.start(
                folder.resolve("home"), "--kafka", broker.bootstrapServers(), "--unmetered");
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      Map<String, Long> answered = new LinkedHashMap<>();
      Queue<ServerMessage.Proposal> heard = new ConcurrentLinkedQueue<>();
      Subscription _ = bob.client().on(ServerMessage.Proposal.class, heard::add);
      String deal = done(alice, bob, "before", answered).id();

      broker.kill();
      SignedStatement first = offer(alice, bob, "first");
      assertUnavailable(alice, first, "may still appear in the log");
      chatWorks(alice, bob);
      SignedStatement second = offer(alice, bob, "second");
      assertUnavailable(alice, second, "");
      List<SignedStatement> doubts = new ArrayList<>(List.of(first, second));
      assertThat(serve.isAlive()).isTrue();

      broker.restart();
      await("a statement that is answered")
          .atMost(ServeProcess.PATIENCE)
          .until(() -> tryOffer(alice, bob, "after", answered, doubts));
      bob.accepts(deal, 5);
      bob.completes(deal);

      for (SignedStatement doubt : doubts) {
        answered.put(doubt.signature().base64(), sentAgain(alice, doubt));
      }
      serve.awaitLedger();
      try (KafkaEventLog log =
          KafkaEventLog.open(KafkaSettings.external(broker.bootstrapServers()))) {
        assertThat(KillAcceptanceIT.recorded(log)).containsAllEntriesOf(answered);
      }
      await("each offer to be told")
          .atMost(ServeProcess.PATIENCE)
          .untilAsserted(() ->
              assertThat(heard.stream().map(ServerMessage.Proposal::sig))
                  .containsExactlyInAnyOrderElementsOf(answered.keySet()));
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);
      assertThat(serve.api().receipts()).hasSize(1);
    }
  }

  private static ServerMessage.Proposal done(
      Player from, Player to, String task, Map<String, Long> answered) {
    SignedStatement signed = offer(from, to, task);
    ServerMessage.Proposal answer = (ServerMessage.Proposal) from.client().submit(signed).orThrow();
    answered.put(signed.signature().base64(), answer.index());
    return answer;
  }

  /// @param doubts gets what is refused: it may be recorded later
  private static boolean tryOffer(
      Player from,
      Player to,
      String task,
      Map<String, Long> answered,
      List<SignedStatement> doubts) {
    SignedStatement signed = offer(from, to, task);
    if (from.client().submit(signed) instanceof Reply.Done<ServerMessage>(ServerMessage answer)) {
      answered.put(signed.signature().base64(), ((ServerMessage.Proposal) answer).index());
      return true;
    }
    doubts.add(signed);
    return false;
  }

  private static SignedStatement offer(Player from, Player to, String task) {
    return from.client().sign(Player.offer(to, task, "1", 5));
  }

  private static void assertUnavailable(Player by, SignedStatement statement, String says) {
    // A relay waits 10 s for the log, 15 s for the fold; a player waits longer, but not for ever.
    Reply<ServerMessage> reply = by.client().submit(statement);
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("LOG_UNAVAILABLE");
              assertThat(refused.message()).contains(says);
              assertThat(refused.message())
                  .containsAnyOf("nothing was recorded", "may still appear in the log");
            });
  }

  /// The very same statement: recorded now, or already, but once.
  private static long sentAgain(Player by, SignedStatement statement) {
    return switch (by.client().submit(statement)) {
      case Reply.Done<ServerMessage>(ServerMessage answer) ->
          ((ServerMessage.Proposal) answer).index();
      case Reply.Refused<ServerMessage>(String code, String message, Long index) -> {
        assertThat(code).as(message).isEqualTo("STATEMENT_REPEATED");
        yield index;
      }
    };
  }

  private static void chatWorks(Player one, Player other) {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (Subscription _ =
        other.client().on(ServerMessage.Msg.class, message -> heard.add(message.content()))) {
      one.client().join("#general").orThrow();
      other.client().join("#general").orThrow();
      one.client().send("#general", "the log is away").orThrow();
      await().atMost(ServeProcess.PATIENCE).until(() -> heard.contains("the log is away"));
    }
  }
}
