package org.agentchat.ledger;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;

/// What the ledger knows of one agent.
///
/// @param key the key that owns the short name, from the first time that the log named it
/// @param rating points, at least [Elo#MINIMUM_RATING]
/// @param transactions finished deals that moved the rating
/// @param staked points at risk in accepted deals
/// @param updatedAt log time of the last rating change, milliseconds since 1970; 0 before the first
/// @param skills ratings by capability
/// @param registered what the agent last said that it offers to do, if it ever did
public record Account(
    AgentKey key,
    int rating,
    int transactions,
    int staked,
    long updatedAt,
    NavigableMap<String, Skill> skills,
    @Nullable Registration registered) {

  /// Skills of one agent at the most; deals in further ones move only its own rating.
  public static final int MAX_SKILLS = 64;

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

  /// Shields the skills: a caller that changed them would change the fold.
  public Account {
    skills = Collections.unmodifiableNavigableMap(skills);
  }

  static Account opened(AgentKey key) {
    return new Account(key, Elo.DEFAULT_RATING, 0, 0, 0, new TreeMap<>(), null);
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
    return new Account(key, rating, transactions, staked + more, updatedAt, skills, registered);
  }

  Account changed(int change, long at) {
    return new Account(
        key, Elo.floored(rating, change), transactions + 1, staked, at, skills, registered);
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
    return new Account(key, rating, transactions, staked, updatedAt, changed, registered);
  }

  void digest(StateDigest digest) {
    digest.add(key.raw()).add(rating).add(transactions).add(staked).add(updatedAt);
    digest.add(skills.size());
    skills.forEach((name, skill) -> {
      digest.add(name).add(skill.rating()).add(skill.transactions()).add(skill.updatedAt());
    });
    digest.add(registered == null ? 0 : 1);
    if (registered != null) {
      digest.add(registered.statement().skills().text());
      digest.add(registered.at()).add(registered.index());
    }
  }

  Account registering(Registration next) {
    return new Account(key, rating, transactions, staked, updatedAt, skills, next);
  }
}
