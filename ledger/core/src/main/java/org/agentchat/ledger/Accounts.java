package org.agentchat.ledger;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// The agents that the log has named. An account goes by the short name of its first key; every
/// later key's name leads to it. Whoever keeps something by account keeps it by [#owner].
final class Accounts {
  private final Undo undo;
  private final Map<AgentId, Account> accounts = new HashMap<>();

  /// From the names of later keys to that of their account's first. A name's account never changes,
  /// for no key that was ever used can become another account's.
  private final Map<AgentId, AgentId> owners = new HashMap<>();

  Accounts(Undo undo) {
    this.undo = undo;
  }

  /// The account of the name, which may be that of a former key.
  Optional<Account> find(AgentId id) {
    return Optional.ofNullable(accountOf(id));
  }

  /// Most names are first names: those are looked up once.
  private @Nullable Account accountOf(AgentId id) {
    Account account = accounts.get(id);
    if (account == null && !owners.isEmpty()) {
      AgentId first = owners.get(id);
      return first == null ? null : accounts.get(first);
    }
    return account;
  }

  /// The account's first name. A name that the log has not named is its own.
  AgentId owner(AgentId id) {
    return owners.isEmpty() ? id : owners.getOrDefault(id, id);
  }

  /// Whether both names are one account's.
  boolean isSame(AgentId one, AgentId other) {
    return owner(one).equals(owner(other));
  }

  Account get(AgentId id) {
    Account account = accountOf(id);
    if (account == null) {
      throw new IllegalStateException("a party without an account: " + id);
    }
    return account;
  }

  /// The tenure of the key that owns the name, if the log has named one: be it the key that is
  /// asked about or, by a collision of names, another.
  Optional<Tenure> tenure(AgentId id) {
    Account account = accountOf(id);
    return account == null ? Optional.empty() : account.tenure(id);
  }

  /// Opens an account unless the key has one; true when it was opened.
  boolean open(AgentKey key, long index, long now) {
    boolean isNew = accountOf(key.id()) == null;
    if (isNew) {
      put(Account.opened(key, index, now));
    }
    return isNew;
  }

  /// Stores an account, new or changed.
  void put(Account account) {
    AgentId first = account.first();
    Account before = accounts.put(first, account);
    boolean isNewName =
        !account.id().equals(first) && owners.putIfAbsent(account.id(), first) == null;
    undo.note(() -> restore(account, before, isNewName));
  }

  private void restore(Account after, @Nullable Account before, boolean wasNewName) {
    if (wasNewName) {
      owners.remove(after.id());
    }
    if (before == null) {
      accounts.remove(after.first());
    } else {
      accounts.put(before.first(), before);
    }
  }

  /// How many there are.
  int count() {
    return accounts.size();
  }

  /// By the names of their first keys. Takes time to sort them.
  List<Account> all() {
    return accounts.values().stream().sorted(Comparator.comparing(Account::first)).toList();
  }
}
