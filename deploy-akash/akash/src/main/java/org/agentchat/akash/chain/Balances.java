package org.agentchat.akash.chain;

import org.agentchat.akash.tx.Coin;

/// What an account may spend.
///
/// @param akt for fees, and to burn
/// @param act for deployments
public record Balances(Coin akt, Coin act) {
  public static Balances of(long uakt, long uact) {
    return new Balances(Coin.uakt(uakt), Coin.uact(uact));
  }
}
