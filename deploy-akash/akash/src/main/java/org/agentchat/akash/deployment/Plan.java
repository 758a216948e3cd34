package org.agentchat.akash.deployment;

/// What is wanted, and what may be paid for it. It never changes.
///
/// @param name for people
/// @param chainId the network
/// @param owner an address
/// @param sdl the whole SDL
/// @param deposit what is put into escrow, in uact
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
  /// It may hold passwords.
  @Override
  public String toString() {
    return "plan " + name + " of " + owner;
  }
}
