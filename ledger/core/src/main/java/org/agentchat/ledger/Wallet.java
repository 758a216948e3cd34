package org.agentchat.ledger;

import org.agentchat.schemas.escrow.EvmAddress;

/// The wallet that an account has bound for one escrow contract: what it said last counts, until
/// its time is over.
///
/// @param address of the wallet, on the contract's chain
/// @param notAfter until when it holds, seconds since 1970
/// @param claimed true when only the chain knows whether the wallet agreed (ERC-1271); false when
///   its key signed
/// @param at log time of the binding, milliseconds since 1970
/// @param index of the entry that says so
public record Wallet(EvmAddress address, long notAfter, boolean claimed, long at, long index) {
  /// Whether it holds when the log's clock is `now`.
  boolean holds(long now) {
    return holds(notAfter, now);
  }

  /// Whether a binding until then would hold when the log's clock is `now`.
  static boolean holds(long notAfter, long now) {
    return now <= notAfter * 1000;
  }

  void digest(StateDigest digest) {
    digest.add(address.text()).add(notAfter).add(claimed ? 1 : 0).add(at).add(index);
  }
}
