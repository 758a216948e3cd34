package org.agentchat.relay;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.CourtStatement;

/// What this relay fixes when it records the filing of a case: who of the agents that it sees could
/// judge it, and its own nonce, by its hash.
///
/// The disputant has committed to its nonce without knowing the pool or the relay's, the relay
/// fixes both without knowing the disputant's, so neither alone chooses the panel. A relay and a
/// disputant that work together can: they try nonces until the draw suits them, or leave agents out
/// of the pool. And each can withhold its nonce when the draw would not suit it; the log shows it,
/// it costs the disputant its fee, and three filings are all there are.
final class ArbiterPool {
  /// Who says one of these is online, but not to be asked.
  private static final Set<String> ABSENT = Set.of("away", "offline");

  private final Directory directory;
  private final LiveLedger ledger;
  private final RelaySecret secret;
  private final SecureRandom random = new SecureRandom();

  ArbiterPool(Directory directory, LiveLedger ledger, RelaySecret secret) {
    this.directory = directory;
    this.ledger = ledger;
    this.secret = secret;
  }

  Event.Pool of(CourtStatement.DisputeIntent intent) {
    List<AgentId> eligible = ledger.read(known -> eligible(known, intent.proposalId(), online()));
    return new Event.Pool(
        someOf(eligible), Sha256.hex(secret.nonce(intent.proposalId(), intent.commitment())));
  }

  private static List<AgentId> eligible(Ledger known, String proposalId, List<AgentId> online) {
    return known
        .proposal(proposalId)
        .map(deal -> known.eligibleArbiters(online, deal))
        .orElse(List.of());
  }

  private List<AgentId> online() {
    return directory.all().stream()
        .filter(connection -> !connection.isClosed())
        .filter(connection -> !ABSENT.contains(connection.presence().status()))
        .map(Connection::agent)
        .flatMap(Optional::stream)
        .filter(agent -> agent.key() != null)
        .map(Agent::id)
        .distinct()
        .toList();
  }

  /// As many as one event may name, each as likely as any other.
  private List<AgentId> someOf(List<AgentId> agents) {
    List<AgentId> some = new ArrayList<>(agents);
    Collections.shuffle(some, random);
    return some.stream().limit(Event.Pool.MAX_AGENTS).sorted().toList();
  }
}
