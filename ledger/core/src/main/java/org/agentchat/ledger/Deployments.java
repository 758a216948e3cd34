package org.agentchat.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;

/// The machines of deals, by the first name of the account that rents them and by deal. One is
/// forgotten a day after it ended, or after the time when it was to end; that is done when the same
/// account says something new, so that nothing here needs a deadline.
final class Deployments {
  /// Of one account at the most, running or lately ended.
  static final int MAX_OF_ACCOUNT = 1_000;

  private final SortedMap<AgentId, SortedMap<String, Deployment>> byAccount = new TreeMap<>();

  /// What an account said of a deal's machines.
  ///
  /// @param account the first name of the account
  Optional<Deployment> find(AgentId account, String proposalId, long now) {
    return Optional.ofNullable(byAccount.get(account))
        .map(of -> of.get(proposalId))
        .filter(one -> one.rememberedUntil() > now);
  }

  boolean isFull(AgentId account, long now) {
    SortedMap<String, Deployment> of = byAccount.get(account);
    return of != null
        && of.size() >= MAX_OF_ACCOUNT
        && of.values().stream().filter(one -> one.rememberedUntil() > now).count()
            >= MAX_OF_ACCOUNT;
  }

  void put(AgentId account, Deployment deployment, long now) {
    SortedMap<String, Deployment> of = byAccount.computeIfAbsent(account, _ -> new TreeMap<>());
    of.values().removeIf(one -> one.rememberedUntil() <= now);
    of.put(deployment.proposalId(), deployment);
  }

  /// Adds nothing when there is nothing.
  void digest(StateDigest digest) {
    if (byAccount.isEmpty()) {
      return;
    }
    digest.add("deployments").add(byAccount.size());
    for (Map.Entry<AgentId, SortedMap<String, Deployment>> of : byAccount.entrySet()) {
      digest.add(of.getKey().name()).add(of.getValue().size());
      of.getValue().values().forEach(one -> one.digest(digest));
    }
  }
}
