package org.agentchat.akash.deployment;

import org.agentchat.akash.wallet.Address;

/// What is wanted, and what may be paid for it. It never changes.
///
/// @param name for people
/// @param chainId the network
/// @param owner an address
/// @param sdl the whole SDL
/// @param deposit what is put into escrow, in uact; when one deployment replaces another, only what
///   that one left of it, so with what is added later it is the most that providers are ever paid
/// @param burn what may be burned for ACT that is missing, in uakt; 0 is nothing
/// @param untilMs when it is not wanted any more, Unix time in milliseconds; 0 is never
public record Plan(
    String name,
    String chainId,
    String owner,
    String sdl,
    long deposit,
    long burn,
    long untilMs,
    BidRules rules,
    Patience patience) {
  /// What must be in the wallet for the fees of opening, leasing and closing, in uakt.
  public static final long FEE_RESERVE = 100_000;

  /// Of a deployment that was begun elsewhere: nothing is wanted but its end.
  static Plan toClose(String chainId, Address owner) {
    return new Plan(
        "begun elsewhere", chainId, owner.text(), "", 0, 0, 0, BidRules.ANY, Patience.DEFAULT);
  }

  /// It may hold passwords.
  @Override
  public String toString() {
    return "plan " + name + " of " + owner;
  }
}
