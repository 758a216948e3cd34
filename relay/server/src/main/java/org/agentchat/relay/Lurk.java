package org.agentchat.relay;

import java.time.Duration;
import java.util.Optional;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Who may only listen, and until when (protocol.md section 4.2): a new identity for a while, an
/// agent without a key for ever. A key whose deals in the log are old enough is not new, wherever
/// it was used; others are looked up in [FirstSights].
final class Lurk {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final Optional<Duration> time;
  private final FirstSights sights;
  private final LiveLedger ledger;
  private final RelayClock clock;

  /// @param time how long new identities listen; absent: nobody waits
  Lurk(Optional<Duration> time, FirstSights sights, LiveLedger ledger, RelayClock clock) {
    this.time = time;
    this.sights = sights;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Until when somebody only listens.
  ///
  /// @param until milliseconds since 1970
  /// @param reason what the welcome says about it
  record Term(long until, String reason) {
    /// For agents without a key.
    static final Term FOR_EVER =
        new Term(
            Lurk.FOR_EVER,
            "Persistent identity required to send messages. Connect with a saved keypair.");

    /// When it ends, or null when it never does.
    @Nullable Long end() {
      return until == Lurk.FOR_EVER ? null : until;
    }
  }

  /// The agent's term, if it has to listen.
  Optional<Term> of(Agent agent) {
    return time.flatMap(wait -> {
      AgentKey key = agent.key();
      if (key == null) {
        return Optional.of(Term.FOR_EVER);
      }
      long now = clock.millis();
      if (isInTheLog(key, now - wait.toMillis())) {
        return Optional.empty();
      }
      long until = sights.of(key.id(), now) + wait.toMillis();
      return until <= now
          ? Optional.empty()
          : Optional.of(
              new Term(
                  until, "New identities must wait " + words(wait) + " before sending messages."));
    });
  }

  private boolean isInTheLog(AgentKey key, long before) {
    return ledger.read(log -> hasDealtBefore(log, key, before));
  }

  private static boolean hasDealtBefore(Ledger log, AgentKey key, long before) {
    return log.account(key.id())
        .filter(account -> account.key().equals(key))
        .filter(account -> account.transactions() > 0 && account.updatedAt() <= before)
        .isPresent();
  }

  private static String words(Duration wait) {
    if (wait.equals(Duration.ofHours(1))) {
      return "1 hour";
    }
    return wait.toSecondsPart() == 0 && wait.toMinutes() > 0
        ? wait.toMinutes() + " minutes"
        : Math.ceilDiv(wait.toMillis(), 1000) + " seconds";
  }

  /// Why an agent that listens may not say this; empty when it may.
  ///
  /// @param term the connection's, given when it came in
  Optional<String> refusal(Optional<Term> term, ClientMessage message) {
    return term.filter(open -> open.until() > clock.millis())
        .flatMap(open ->
            open.end() == null
                ? keyless(message)
                : deed(message)
                    .map(what -> "New identity — " + what + " at " + IsoTime.of(open.until())));
  }

  /// A statement of an agent without a key is refused for want of a signature.
  private static Optional<String> keyless(ClientMessage message) {
    return isSaying(message)
        ? Optional.of("Persistent identity required to send messages")
        : Optional.empty();
  }

  /// Whether others hear of it what the agent wants them to: a file is a message of another name,
  /// and an invitation or a channel carries one in its own.
  private static boolean isSaying(ClientMessage message) {
    return message instanceof ClientMessage.Msg
        || message instanceof ChatMessage.FileChunk
        || message instanceof ChatMessage.Invite
        || message instanceof ChatMessage.CreateChannel;
  }

  private static Optional<String> deed(ClientMessage message) {
    return switch (message) {
      case ClientMessage.State(Statement statement, _, _, _) -> deed(statement);
      case ClientMessage _ -> isSaying(message) ? Optional.of("sending unlocks") : Optional.empty();
    };
  }

  private static Optional<String> deed(Statement statement) {
    return switch (statement) {
      case Statement.Proposal _ -> Optional.of("proposals unlock");
      case Statement.Accept _, Statement.Reject _, Statement.Complete _, Statement.Dispute _ ->
          Optional.of("actions unlock");
      case RegisterSkills _ -> Optional.of("skill registration unlocks");
      case CourtStatement _, KeyStatement _, EscrowStatement _, DeploymentStatement _ ->
          Optional.empty();
    };
  }
}
