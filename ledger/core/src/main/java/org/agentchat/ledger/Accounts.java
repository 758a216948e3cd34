package org.agentchat.ledger;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;

/// The agents that the log has named, by short name.
final class Accounts {
  private final Undo undo;
  private final NavigableMap<AgentId, Account> accounts = new TreeMap<>();

  Accounts(Undo undo) {
    this.undo = undo;
  }

  Optional<Account> find(AgentId id) {
    return Optional.ofNullable(accounts.get(id));
  }

  Account get(AgentId id) {
    Account account = accounts.get(id);
    if (account == null) {
      throw new IllegalStateException("a party without an account: " + id);
    }
    return account;
  }

  /// Whether another key owns the key's short name.
  boolean conflictsWith(AgentKey key) {
    Account account = accounts.get(key.id());
    return account != null && !account.key().equals(key);
  }

  /// Opens an account unless there is one; true when it was opened.
  boolean open(AgentKey key, long now) {
    return accounts.putIfAbsent(key.id(), Account.opened(key, now)) == null;
  }

  void put(Account account) {
    Account before = accounts.put(account.id(), account);
    if (before != null) {
      undo.note(() -> accounts.put(before.id(), before));
    }
  }

  Collection<Account> all() {
    return Collections.unmodifiableCollection(accounts.values());
  }
}
