package org.agentchat.ledger;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;

/// What the ledger knows of one agent.
///
/// @param key the key that owns the short name, from the first time that the log named it
/// @param rating points, at least [Elo#MINIMUM_RATING]
/// @param transactions finished deals that moved the rating
/// @param staked points at risk in accepted deals and in court
/// @param knownAt when the log named the agent first, log time, milliseconds since 1970
/// @param updatedAt log time of the last rating change, milliseconds since 1970; 0 before the first
/// @param skills ratings by capability
public record Account(
    AgentKey key,
    long knownAt,
    int rating,
    int transactions,
    int staked,
    long updatedAt,
    NavigableMap<String, Skill> skills) {

  /// Skills of one agent at the most; deals in further ones move only its own rating.
  public static final int MAX_SKILLS = 64;

  /// A rating in one capability.
  public record Skill(int rating, int transactions) {
    static final Skill NEW = new Skill(Elo.DEFAULT_RATING, 0);
  }

  /// Shields the skills: a caller that changed them would change the fold.
  public Account {
    skills = Collections.unmodifiableNavigableMap(skills);
  }

  static Account opened(AgentKey key, long now) {
    return new Account(key, now, Elo.DEFAULT_RATING, 0, 0, 0, new TreeMap<>());
  }

  /// The agent's short name.
  public AgentId id() {
    return key.id();
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
    return new Account(key, knownAt, rating, transactions, staked + more, updatedAt, skills);
  }

  Account changed(int change, long at) {
    return new Account(
        key, knownAt, Elo.floored(rating, change), transactions + 1, staked, at, skills);
  }

  /// The account after a fee: no deal was done.
  Account charged(int fee, long at) {
    return new Account(key, knownAt, Elo.floored(rating, -fee), transactions, staked, at, skills);
  }

  /// Whether the agent has, or may still have, a rating in the capability.
  boolean takesSkill(String capability) {
    return skills.containsKey(capability) || skills.size() < MAX_SKILLS;
  }

  Account withSkill(String capability, int change) {
    Skill skill = skills.getOrDefault(capability, Skill.NEW);
    TreeMap<String, Skill> changed = new TreeMap<>(skills);
    changed.put(
        capability, new Skill(Elo.floored(skill.rating(), change), skill.transactions() + 1));
    return new Account(key, knownAt, rating, transactions, staked, updatedAt, changed);
  }
}
