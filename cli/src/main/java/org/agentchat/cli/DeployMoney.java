package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.DryRun;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.wallet.Address;

/// A deposit, and where it comes from.
///
/// @param deposit in uact
/// @param burn AKT that is burned for ACT that is missing, in uakt; 0 is nothing
/// @param has what the wallet has
record DeployMoney(long deposit, long burn, Balances has) {
  /// Looks at the wallet and the price.
  static DeployMoney of(ChainClient chain, Address owner, long deposit) {
    Balances has = chain.balances(owner);
    long missing = deposit - has.act().amount();
    long burn =
        missing <= 0
            ? 0
            : chain
                .mintTerms()
                .burnFor(missing)
                .map(Coin::amount)
                .orElseThrow(() -> noPrice(deposit, has));
    return new DeployMoney(deposit, burn, has);
  }

  private static CommandFailure noPrice(long deposit, Balances has) {
    return new CommandFailure(
        "NO_PRICE",
        Exit.FAILED,
        "The wallet has %s of the deposit of %s, and the network names no price at which AKT becomes ACT"
            .formatted(has.act(), Coin.uact(deposit)));
  }

  /// Whether the wallet has too little ACT, so that AKT is burned first.
  boolean mints() {
    return burn > 0;
  }

  /// What its owner is asked before AKT is burned.
  String question() {
    return "The wallet has %s of the deposit of %s. Burn %s to mint the rest? That cannot be undone."
        .formatted(has.act(), Coin.uact(deposit), Coin.uakt(burn));
  }

  /// Transactions that are not sent, for a person.
  static List<String> lines(List<DryRun.Cost> costs) {
    List<String> lines = new ArrayList<>();
    lines.add("Nothing is sent. The transactions would be:");
    long fees = 0;
    for (DryRun.Cost cost : costs) {
      fees += cost.fee().amount();
      lines.add(
          "  %-6s fee %s%s (%s)"
              .formatted(
                  cost.kind(),
                  cost.fee(),
                  cost.moves().isEmpty() ? "" : ", moves " + cost.moves(),
                  Printable.of(cost.note())));
    }
    lines.add("Fees in all: " + Coin.uakt(fees));
    return lines;
  }
}
