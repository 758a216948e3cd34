package org.agentchat.cli;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.client.ClientException;
import org.agentchat.client.Reply;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Pairs of agents that make one deal after another until their server is gone. Every answer is
/// kept. A statement whose answer did not come is sent again, the very same, when the next server
/// is there: `agentchat/2` records it once.
final class Load {
  private static final int PAIRS = 4;

  /// A statement that was answered: it is in the log, there.
  record Answer(long index, String signature) {}

  private final List<Pair> pairs = new ArrayList<>();
  private final Queue<Answer> answered = new ConcurrentLinkedQueue<>();
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger doubts = new AtomicInteger();
  private final AtomicInteger doubtsRecorded = new AtomicInteger();
  private List<Thread> running = List.of();

  Load() {
    for (int i = 0; i < PAIRS; i++) {
      pairs.add(new Pair("load-a" + i, "load-b" + i));
    }
  }

  void begin(URI relay) {
    running = pairs.stream().map(pair -> Thread.ofVirtual().start(() -> pair.run(relay))).toList();
  }

  void awaitEnd() {
    await("load that ends with its server")
        .atMost(ServeProcess.PATIENCE)
        .until(() -> running.stream().noneMatch(Thread::isAlive));
  }

  List<Answer> answered() {
    return List.copyOf(answered);
  }

  /// What was refused or failed although it must not.
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /// Statements whose answer a kill cut off.
  int doubts() {
    return doubts.get();
  }

  /// Those of them that were in the log when they were sent again.
  int doubtsRecorded() {
    return doubtsRecorded.get();
  }

  private final class Pair {
    private final String one;
    private final String other;
    private @Nullable SignedStatement doubt;

    Pair(String one, String other) {
      this.one = one;
      this.other = other;
    }

    void run(URI relay) {
      try (Player from = Player.connect(one, relay);
          Player to = Player.connect(other, relay)) {
        resend(from, to);
        for (int i = 0; ; i++) {
          String deal =
              ((ServerMessage.Proposal) state(from, Player.offer(to, "task " + i, "2", i % 2)))
                  .id();
          state(to, new Statement.Accept(deal, null, i % 2));
          state(i % 3 == 0 ? to : from, new Statement.Complete(deal, "proof " + i));
        }
      } catch (ClientException _) {
        // The server is gone, which is how a load ends.
      } catch (RuntimeException e) {
        refusals.add(e.toString());
      }
    }

    private ServerMessage state(Player by, Statement statement) {
      SignedStatement signed = by.client().sign(statement);
      doubt = signed;
      switch (by.client().submit(signed)) {
        case Reply.Done<ServerMessage>(ServerMessage answer) -> {
          answered.add(new Answer(index(answer), signed.signature().base64()));
          doubt = null;
          return answer;
        }
        case Reply.Refused<ServerMessage> refused ->
            throw new IllegalStateException(refused + " to " + statement);
      }
    }

    /// What the last server may or may not have recorded.
    private void resend(Player from, Player to) {
      SignedStatement again = doubt;
      if (again == null) {
        return;
      }
      doubts.incrementAndGet();
      Player by = again.key().id().equals(from.id()) ? from : to;
      String signature = again.signature().base64();
      switch (by.client().submit(again)) {
        case Reply.Done<ServerMessage>(ServerMessage answer) ->
            answered.add(new Answer(index(answer), signature));
        case Reply.Refused<ServerMessage>(String code, String message, Long index) -> {
          if (!code.equals("STATEMENT_REPEATED") || index == null) {
            throw new IllegalStateException(code + ": " + message + " to a copy");
          }
          doubtsRecorded.incrementAndGet();
          answered.add(new Answer(index, signature));
        }
      }
      doubt = null;
    }
  }

  private static long index(ServerMessage answer) {
    Long index =
        switch (answer) {
          case ServerMessage.Proposal proposal -> proposal.index();
          case ServerMessage.Accept accept -> accept.index();
          case ServerMessage.Complete complete -> complete.index();
          default -> null;
        };
    if (index == null) {
      throw new IllegalStateException("an answer without index: " + answer);
    }
    return index;
  }
}
