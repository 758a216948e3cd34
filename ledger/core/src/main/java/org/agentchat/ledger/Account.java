package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;

/// What the ledger knows of one agent.
///
/// @param keys the keys that were and are the agent's, oldest first, at least one
/// @param rating points, at least [Elo#MINIMUM_RATING]
/// @param transactions finished deals that moved the rating
/// @param staked points at risk in accepted deals and in court
/// @param knownAt when the log named the agent first, log time, milliseconds since 1970
/// @param updatedAt log time of the last rating change, milliseconds since 1970; 0 before the first
/// @param skills ratings by capability
/// @param registered what the agent last said that it offers to do, if it ever did
/// @param wallets the wallets that it has bound, by escrow contract, those whose time is over
///   included until another is bound
public record Account(
    List<Tenure> keys,
    long knownAt,
    int rating,
    int transactions,
    int staked,
    long updatedAt,
    NavigableMap<String, Skill> skills,
    @Nullable Registration registered,
    NavigableMap<EscrowContract, Wallet> wallets) {

  /// Rotations of one account at the most: its keys stay in the ledger for ever.
  public static final int MAX_ROTATIONS = 64;

  /// Skills of one agent at the most; deals in further ones move only its own rating.
  public static final int MAX_SKILLS = 64;

  /// Wallets of one account at the most, one for each escrow contract.
  public static final int MAX_WALLETS = 16;

  /// A rating in one capability.
  ///
  /// @param updatedAt log time of its last change, milliseconds since 1970; 0 before the first
  public record Skill(int rating, int transactions, long updatedAt) {
    static final Skill NEW = new Skill(Elo.DEFAULT_RATING, 0, 0);
  }

  /// The skills that an agent has registered. A claim of its own: what others made of it is in the
  /// ratings.
  ///
  /// @param at log time, milliseconds since 1970
  /// @param index of the entry that says so
  public record Registration(RegisterSkills statement, long at, long index) {}

  /// Shields the maps: a caller that changed them would change the fold.
  public Account {
    keys = List.copyOf(keys);
    skills = Collections.unmodifiableNavigableMap(skills);
    wallets = Collections.unmodifiableNavigableMap(wallets);
  }

  static Account opened(AgentKey key, long index, long now) {
    return new Account(
        List.of(new Tenure(key, index, null)),
        now,
        Elo.DEFAULT_RATING,
        0,
        0,
        0,
        new TreeMap<>(),
        null,
        Collections.emptyNavigableMap());
  }

  /// The key that is the agent's now, or was its last.
  public AgentKey key() {
    return keys.getLast().key();
  }

  /// The agent's short name: that of its key.
  public AgentId id() {
    return key().id();
  }

  /// The short name of the account's first key. It never changes, so it names the account wherever
  /// one is kept.
  public AgentId first() {
    return keys.getFirst().id();
  }

  /// Whether the account's last key was revoked: nobody speaks for it any more.
  public boolean isRevoked() {
    return keys.getLast().end() != null;
  }

  /// The tenure of the account's key of that name, if it ever had one.
  public Optional<Tenure> tenure(AgentId id) {
    for (Tenure tenure : keys) {
      if (tenure.id().equals(id)) {
        return Optional.of(tenure);
      }
    }
    return Optional.empty();
  }

  /// Rating points that are free to be staked.
  public int available() {
    return Elo.available(rating, staked);
  }

  /// The K-factor of the next deal.
  public int kFactor() {
    return Elo.kFactor(transactions);
  }

  Account withStake(int more) {
    return with(rating, transactions, staked + more, updatedAt);
  }

  Account changed(int change, long at) {
    return with(Elo.floored(rating, change), transactions + 1, staked, at);
  }

  /// The account after a fee: no deal was done.
  Account charged(int fee, long at) {
    return moved(-fee, at);
  }

  /// The account after points have changed hands: no deal was done.
  Account moved(int points, long at) {
    return with(Elo.floored(rating, points), transactions, staked, at);
  }

  private Account with(int points, int deals, int risked, long at) {
    return new Account(keys, knownAt, points, deals, risked, at, skills, registered, wallets);
  }

  /// Whether the agent has, or may still have, a rating in the capability.
  boolean takesSkill(String capability) {
    return skills.containsKey(capability) || skills.size() < MAX_SKILLS;
  }

  Account withSkill(String capability, int change, long at) {
    Skill skill = skills.getOrDefault(capability, Skill.NEW);
    TreeMap<String, Skill> changed = new TreeMap<>(skills);
    changed.put(
        capability, new Skill(Elo.floored(skill.rating(), change), skill.transactions() + 1, at));
    return new Account(
        keys, knownAt, rating, transactions, staked, updatedAt, changed, registered, wallets);
  }

  void digest(StateDigest digest) {
    digest.add(keys.size());
    keys.forEach(tenure -> tenure.digest(digest));
    digest.add(knownAt).add(rating).add(transactions).add(staked).add(updatedAt);
    digest.add(skills.size());
    skills.forEach((name, skill) -> {
      digest.add(name).add(skill.rating()).add(skill.transactions()).add(skill.updatedAt());
    });
    digest.add(registered == null ? 0 : 1);
    if (registered != null) {
      digest.add(registered.statement().skills().text());
      digest.add(registered.at()).add(registered.index());
    }
    digest.add(wallets.size());
    wallets.forEach((contract, wallet) -> {
      digest.add(contract.toString());
      wallet.digest(digest);
    });
  }

  Account rotated(AgentKey next, long index) {
    List<Tenure> longer = ended(Tenure.Kind.ROTATED, index);
    longer.add(new Tenure(next, index, null));
    return with(longer);
  }

  Account revoked(long index) {
    return with(ended(Tenure.Kind.REVOKED, index));
  }

  private List<Tenure> ended(Tenure.Kind kind, long index) {
    List<Tenure> changed = new ArrayList<>(keys);
    changed.set(changed.size() - 1, changed.getLast().ended(kind, index));
    return changed;
  }

  private Account with(List<Tenure> changed) {
    return new Account(
        changed, knownAt, rating, transactions, staked, updatedAt, skills, registered, wallets);
  }

  Account registering(Registration next) {
    return new Account(
        keys, knownAt, rating, transactions, staked, updatedAt, skills, next, wallets);
  }

  /// The wallet that the account has for the contract when the log's clock is `now`.
  public Optional<Wallet> wallet(EscrowContract contract, long now) {
    return Optional.ofNullable(wallets.get(contract)).filter(wallet -> wallet.holds(now));
  }

  /// Whether the account has, or may still have, a wallet for the contract when the log's clock is
  /// `now`.
  boolean takesWallet(EscrowContract contract, long now) {
    return wallets.containsKey(contract) || holding(now).size() < MAX_WALLETS;
  }

  /// The account with a wallet bound, and without those whose time is over.
  Account withWallet(EscrowContract contract, Wallet wallet, long now) {
    NavigableMap<EscrowContract, Wallet> changed = holding(now);
    changed.put(contract, wallet);
    return new Account(
        keys, knownAt, rating, transactions, staked, updatedAt, skills, registered, changed);
  }

  private NavigableMap<EscrowContract, Wallet> holding(long now) {
    NavigableMap<EscrowContract, Wallet> holding = new TreeMap<>(wallets);
    holding.values().removeIf(wallet -> !wallet.holds(now));
    return holding;
  }
}
