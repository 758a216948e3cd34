package org.agentchat.relay;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;

/// Who works on the answer to which message of one channel (protocol.md section 13). It is advice
/// only: nobody is kept from posting. Thread-safe.
final class Floor {
  private final ChatRules.FloorRules rules;

  /// By message, in the order of the claims, so that the first to run out comes first.
  private final Map<String, Claim> claims = new LinkedHashMap<>();

  Floor(ChatRules.FloorRules rules) {
    this.rules = rules;
  }

  /// One agent's claim.
  ///
  /// @param startedAt when it says that its work began
  /// @param at when the relay heard of it
  record Claim(Connection holder, AgentId agent, JsonNumber startedAt, long at) {
    boolean isBefore(Claim other) {
      int order = Double.compare(startedAt.value(), other.startedAt.value());
      return order < 0 || (order == 0 && agent.compareTo(other.agent) < 0);
    }
  }

  /// What became of a claim.
  sealed interface Outcome {
    /// The floor is the claimant's.
    ///
    /// @param displaced who held it before
    record Granted(Optional<Claim> displaced) implements Outcome {}

    /// Another one holds it.
    record Denied(Claim holder) implements Outcome {}

    /// The claimant held it already, and holds it for longer now.
    record Kept() implements Outcome {}
  }

  /// Claims the answer to a message; the earliest start wins, then the smaller agent id.
  synchronized Outcome claim(String msgId, Claim claim) {
    dropEnded(claim.at());
    Claim holder = claims.get(msgId);
    if (holder != null && holder.holder() == claim.holder()) {
      put(
          msgId,
          holder.isBefore(claim)
              ? new Claim(holder.holder(), holder.agent(), holder.startedAt(), claim.at())
              : claim);
      return new Outcome.Kept();
    }
    if (holder != null && !claim.isBefore(holder)) {
      return new Outcome.Denied(holder);
    }
    put(msgId, claim);
    makeRoom(claim.holder());
    return new Outcome.Granted(Optional.ofNullable(holder));
  }

  private void put(String msgId, Claim claim) {
    claims.remove(msgId);
    claims.put(msgId, claim);
  }

  private void dropEnded(long now) {
    long oldest = now - rules.claimFor().toMillis();
    claims.values().removeIf(claim -> claim.at() <= oldest);
  }

  private void makeRoom(Connection claimant) {
    long own = claims.values().stream().filter(claim -> claim.holder() == claimant).count();
    Iterator<Claim> first = claims.values().iterator();
    while (own > rules.claimsPerAgent() && first.hasNext()) {
      if (first.next().holder() == claimant) {
        first.remove();
        own--;
      }
    }
    if (claims.size() > rules.claims()) {
      claims.remove(claims.keySet().iterator().next());
    }
  }

  /// Gives up everything that a connection holds.
  synchronized void release(Connection holder) {
    claims.values().removeIf(claim -> claim.holder() == holder);
  }
}
