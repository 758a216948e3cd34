package org.agentchat.ledger;

import java.util.Locale;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// The machines of a deal, as far as its acceptor told the log of them. Whether it is true, the
/// network knows.
///
/// @param proposalId the deal
/// @param from who asked for them, as the proposal was signed
/// @param to who rents them, as the proposal was signed
/// @param network the chain's id
/// @param lease what was said to run last; null when nothing ever ran
/// @param saidAt the index of the statement that this state follows from
/// @param rememberedUntil log time, milliseconds since 1970
public record Deployment(
    String proposalId,
    AgentId from,
    AgentId to,
    String network,
    Phase phase,
    @Nullable String lease,
    long saidAt,
    long rememberedUntil) {

  /// How long a running deployment is remembered at the most: 366 days, in milliseconds.
  static final long MAX_AHEAD = 366L * 24 * 60 * 60 * 1000;

  /// Where it can be.
  public enum Phase {
    /// Everything runs.
    RUNNING,
    /// It ran, and nothing is open.
    CLOSED,
    /// It never ran, and nothing is open.
    FAILED;

    /// The word for people, in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void digest(StateDigest digest) {
    digest.add(proposalId).add(from.name()).add(to.name()).add(network).add(phase.word());
    digest.add(lease == null ? "" : lease).add(saidAt).add(rememberedUntil);
  }
}
