package org.agentchat.relay;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.schemas.message.AdminKey;
import org.jspecify.annotations.Nullable;

/// Who may moderate: whoever knows the shared key for it, and the agents that the operator named
/// and that proved their key on this connection. Thread-safe.
final class Admins {
  private final AccessRules.Admins rules;
  private final Attempts attempts;

  Admins(AccessRules.Admins rules, RelayClock clock) {
    this.rules = rules;
    this.attempts = new Attempts(clock);
  }

  /// What an admin may do; each has a shared key of its own.
  enum Power {
    /// Allowlist, kicks and bans.
    MODERATION,
    /// Message of the day, ADMIN_VERIFY and the list of connections.
    OPERATION
  }

  /// Whether somebody may.
  sealed interface Verdict {
    /// Yes.
    ///
    /// @param by who it is, for the audit
    record Granted(String by) implements Verdict {}

    /// No key was given and none was proved.
    record Missing() implements Verdict {}

    /// Another key was given.
    record Wrong() implements Verdict {}

    /// There is nobody who may.
    record NobodyMay() implements Verdict {}

    /// Too many wrong keys came from there; this one was not looked at.
    record Locked(Duration left) implements Verdict {}
  }

  /// Decides over a frame.
  Verdict decide(Connection connection, @Nullable AdminKey key, Power power) {
    Optional<Agent> named = connection.agent().filter(this::isNamed);
    return named.isPresent()
        ? new Verdict.Granted(named.get().id().toString())
        : decide(connection.client(), key, power);
  }

  /// Decides over a request that proves nothing.
  Verdict decide(InetAddress from, @Nullable AdminKey key, Power power) {
    Optional<AdminKey> shared = key(power);
    if (shared.isEmpty()) {
      return rules.agents().isEmpty() && rules.keys().isEmpty()
          ? new Verdict.NobodyMay()
          : wrong(key);
    }
    if (key == null) {
      return new Verdict.Missing();
    }
    Duration left = attempts.locked(from);
    if (left.isPositive()) {
      return new Verdict.Locked(left);
    }
    if (shared.get().matches(key)) {
      return new Verdict.Granted(word(power));
    }
    attempts.wrong(from);
    return new Verdict.Wrong();
  }

  private static Verdict wrong(@Nullable AdminKey key) {
    return key == null ? new Verdict.Missing() : new Verdict.Wrong();
  }

  private boolean isNamed(Agent agent) {
    return agent.key() != null
        && (rules.agents().contains(agent.id()) || rules.keys().contains(agent.key()));
  }

  private Optional<AdminKey> key(Power power) {
    return switch (power) {
      case MODERATION -> rules.moderation();
      case OPERATION -> rules.operation();
    };
  }

  private static String word(Power power) {
    return switch (power) {
      case MODERATION -> "moderation key";
      case OPERATION -> "operation key";
    };
  }
}
