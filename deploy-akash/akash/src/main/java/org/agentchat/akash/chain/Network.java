package org.agentchat.akash.chain;

import java.math.BigDecimal;
import java.net.URI;

/// A network and the node that is asked about it.
///
/// @param chainId what transactions are signed for
/// @param rest the node's REST API
/// @param gasPrice what a unit of gas costs, in uakt
public record Network(String chainId, URI rest, BigDecimal gasPrice) {
  public static final BigDecimal DEFAULT_GAS_PRICE = new BigDecimal("0.025");

  /// The main network; its money is money.
  public static final Network MAINNET =
      new Network("akashnet-2", URI.create("https://api.akashnet.net"), DEFAULT_GAS_PRICE);

  /// The test network, whose money a faucet gives away.
  public static final Network TESTNET =
      new Network("sandbox-2", URI.create("https://api.sandbox-2.aksh.pw"), DEFAULT_GAS_PRICE);

  /// The same network, asked at another node.
  public Network at(URI node) {
    return new Network(chainId, node, gasPrice);
  }
}
