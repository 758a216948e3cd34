package org.agentchat.relay;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// What the allowlist and the bans say of an agent, under whichever of its account's names it is in
/// them. Thread-safe.
final class Admittance {
  private final Allowlist allowlist;
  private final Bans bans;
  private final AccountNames names;
  private final Optional<AgentId> genesis;

  /// @param genesis who is vouched for without an approval
  Admittance(Allowlist allowlist, Bans bans, AccountNames names, Optional<AgentId> genesis) {
    this.allowlist = allowlist;
    this.bans = bans;
    this.names = names;
    this.genesis = genesis;
  }

  /// Why the allowlist lets the owner of the key, or an agent without one, not in.
  Optional<String> refusal(@Nullable AgentKey key) {
    if (!allowlist.isStrict()) {
      return Optional.empty();
    }
    if (key == null) {
      return Optional.of("ephemeral connections blocked in strict mode");
    }
    return allowlist.hasAny(names.of(key.id()))
        ? Optional.empty()
        : Optional.of("pubkey not in allowlist");
  }

  /// The ban that keeps the agent out, if one does.
  ///
  /// @param network where it connects from, see [ClientAddress#network]
  Optional<Bans.Ban> ban(Agent agent, String network) {
    return agent.key() == null ? bans.ofNetwork(network) : bans.ofAny(names.of(agent.id()));
  }

  /// Whether the operator or an admin vouches for the agent.
  boolean vouchesFor(Agent agent) {
    if (agent.key() == null) {
      return false;
    }
    List<AgentId> all = names.of(agent.id());
    return allowlist.hasAny(all) || genesis.filter(all::contains).isPresent();
  }
}
