package org.agentchat.relay;

import java.io.IOException;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogException;

/// The side of a relay that faces the log: the fold, and all that speaks of what it says.
///
/// @param secret what this relay's nonces for the court follow from
record LogSide(
    LiveLedger ledger,
    Backlog backlog,
    Crier crier,
    Clerk clerk,
    SkillIndex skills,
    RelaySecret secret)
    implements AutoCloseable {
  /// Folds what the log holds, and follows it from there. Clerk and crier are not started yet.
  ///
  /// @throws IOException if the relay's secret is damaged, or its spool cannot be made
  /// @throws LogException if the log cannot be read
  static LogSide follow(Ground ground, EventLog log, VerifiedEvents verified) throws IOException {
    RelaySettings settings = ground.settings();
    RelayClock clock = ground.clock();
    RelaySecret secret = RelaySecret.in(settings.home());
    Backlog backlog = new Backlog(Spool.open(settings.home()));
    Crier crier = new Crier(ground.channels(), clock, ground.metrics());
    Announcer announcer = new Announcer(backlog, new Successors(), crier, clock);
    Clerk.Bell bell = new Clerk.Bell();
    LiveLedger ledger =
        new LiveLedger(
            log,
            new EntryReader(ground.verifier(), verified),
            (applied, live) -> {
              announcer.announce(applied, live);
              bell.hear(applied);
            });
    Clerk clerk = new Clerk(ledger, settings.relay(), secret, clock, bell);
    SkillIndex skills = new SkillIndex();
    AccountNews news = new AccountNews(ledger, ground.directory(), skills, crier, clock);
    ledger.catchUp();
    news.begin();
    ledger.alsoTell(news::announce);
    ledger.follow();
    return new LogSide(ledger, backlog, crier, clerk, skills, secret);
  }

  /// Stops to follow; the log stays open.
  @Override
  public void close() {
    clerk.close();
    ledger.close();
    crier.close();
    backlog.close();
  }
}
