package org.agentchat.akash.deployment;

/// How long things may take, in blocks of about six seconds.
///
/// @param bids after the opening, before the cheapest bid is taken: dearer providers are faster
/// @param bidsAtMost after the opening, until there must be a bid that fits
/// @param transaction a transaction must be in one of so many blocks, or never
/// @param mint until ACT that was paid for must have arrived
/// @param manifest until a provider must have taken the manifest
/// @param ready until everything must run
/// @param silence how long a running provider may not answer
/// @param rounds how many deployments are tried in all, one after the other
public record Patience(
    int bids,
    int bidsAtMost,
    int transaction,
    int mint,
    int manifest,
    int ready,
    int silence,
    int rounds) {
  /// Half a minute for bids, five minutes to find one, ten to start.
  public static final Patience DEFAULT = new Patience(5, 50, 20, 200, 20, 100, 50, 3);
}
