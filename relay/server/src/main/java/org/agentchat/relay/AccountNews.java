package org.agentchat.relay;

import java.util.stream.Collectors;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;

/// Tells an agent what the log says of its own account, and keeps the [SkillIndex] up to date. Runs
/// on the tailer: it only queues frames.
final class AccountNews {
  private static final String DISCOVERY = "#discovery";

  private final LiveLedger ledger;
  private final Directory directory;
  private final SkillIndex skills;
  private final Crier crier;
  private final RelayClock clock;

  AccountNews(
      LiveLedger ledger, Directory directory, SkillIndex skills, Crier crier, RelayClock clock) {
    this.ledger = ledger;
    this.directory = directory;
    this.skills = skills;
    this.crier = crier;
    this.clock = clock;
  }

  /// Takes what the ledger knows already, in silence.
  void begin() {
    ledger.read(known -> {
      skills.fill(known);
      return known.size();
    });
  }

  void announce(Applied applied) {
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.SkillsRegistered(AgentId agent, Account.Registration registration) -> {
          index(agent);
          registered(agent, registration, signature(applied.entry()));
        }
        case Effect.RatingChanged changed -> index(changed.agent());
        case Effect.KeyRotated(AgentKey old, AgentKey next) -> {
          index(next.id());
          rotated(old.id(), next.id(), applied.entry());
        }
        case Effect.KeyRevoked(AgentKey key, String reason) -> {
          index(key.id());
          revoked(key.id(), reason, applied.entry());
        }
        case Effect.LogNamed _,
            Effect.AgentKnown _,
            Effect.ProposalOpened _,
            Effect.ProposalAccepted _,
            Effect.ProposalRejected _,
            Effect.ProposalExpired _,
            Effect.ProposalCompleted _,
            Effect.ProposalDisputed _,
            Effect.StakeEscrowed _,
            Effect.StakeSettled _,
            Effect.ReceiptIssued _,
            Effect.RatingsCommitted _,
            Effect.DeploymentObserved _,
            Effect.Refused _,
            EscrowEffect _,
            CourtEffect _ -> {}
      }
    }
  }

  private void index(AgentId agent) {
    ledger.read((Ledger known) -> known.account(agent)).ifPresent(skills::put);
  }

  private void registered(AgentId agent, Account.Registration registration, String signature) {
    RegisterSkills statement = registration.statement();
    int count = statement.list().size();
    directory
        .find(agent)
        .ifPresent(connection ->
            connection.send(
                new ServerMessage.SkillsRegistered(
                    clock.millis(),
                    agent,
                    count,
                    registration.at(),
                    signature,
                    registration.index())));
    String names =
        statement.list().stream()
            .map(RegisterSkills.Skill::capability)
            .collect(Collectors.joining(", "));
    crier.say(DISCOVERY, "Agent %s registered %d skill(s): %s".formatted(agent, count, names));
  }

  private void rotated(AgentId old, AgentId next, Entry entry) {
    end(
        old,
        new ServerMessage.KeyRotated(clock.millis(), old, next, signature(entry), entry.index()),
        "Key rotated: identify as " + next);
  }

  private void revoked(AgentId agent, @Nullable String reason, Entry entry) {
    end(
        agent,
        new ServerMessage.KeyRevoked(
            clock.millis(), agent, reason, signature(entry), entry.index()),
        "Key revoked");
  }

  /// A connection lives by the key that it proved, so it ends with it.
  private void end(AgentId agent, ServerMessage message, String reason) {
    directory
        .find(agent)
        .ifPresent(connection -> {
          connection.send(message);
          connection.close(Connection.NORMAL, reason);
        });
  }

  private static String signature(Entry entry) {
    if (entry.content() instanceof Entry.Content.Sound(Event.Stated stated)) {
      return stated.signed().signature().base64();
    }
    throw new IllegalStateException("entry " + entry.index() + " has an effect but no statement");
  }
}
