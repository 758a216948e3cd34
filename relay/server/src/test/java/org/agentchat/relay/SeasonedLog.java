package org.agentchat.relay;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Fills a log with what happened ten days ago: eleven judges, each of whom made a deal with each
/// other one, so that they may sit on a panel.
final class SeasonedLog {
  static final int JUDGES = 11;

  private static final List<Identity> THEY =
      IntStream.range(0, JUDGES)
          .mapToObj(number -> RelayTest.identity("judge-" + number, 100 + number))
          .toList();

  private final MemoryLog log;
  private long at;

  private SeasonedLog(MemoryLog log, long at) {
    this.log = log;
    this.at = at;
  }

  static List<Identity> judges() {
    return THEY;
  }

  static void fill(MemoryLog log, String origin, long now) {
    fill(log, origin, now, judges());
  }

  /// @param judges each of whom is to be fit to judge, at least eleven
  static void fill(MemoryLog log, String origin, long now, List<Identity> judges) {
    SeasonedLog past = new SeasonedLog(log, now - Duration.ofDays(10).toMillis());
    past.append(new Event.Genesis(past.at, "old-relay", origin));
    for (int i = 0; i < judges.size(); i++) {
      for (int j = 0; j < i; j++) {
        past.deal(judges.get(i), judges.get(j));
      }
    }
  }

  private void deal(Identity from, Identity to) {
    Statement terms =
        new Statement.Proposal(to.id(), "T", null, null, null, null, null, null, null);
    byte[] proposal = state(from, terms, to);
    String id = ProposalId.of(LeafHash.of(proposal));
    state(to, new Statement.Accept(id, null, null), null);
    state(to, new Statement.Complete(id, null), null);
  }

  private byte[] state(Identity by, Statement statement, @Nullable Identity recipient) {
    SignedStatement signed = SignedStatement.sign(by, new Scheme.Joined(), statement);
    return append(
        new Event.Stated(at, "old-relay", signed, recipient == null ? null : recipient.key()));
  }

  private byte[] append(Event event) {
    at++;
    byte[] bytes = EventCodec.encode(event);
    log.append(bytes).join();
    return bytes;
  }
}
