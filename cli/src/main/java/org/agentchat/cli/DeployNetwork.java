package org.agentchat.cli;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Network;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Which network `deploy` works on, and by which node.
final class DeployNetwork {
  /// At most one of these; none is the test network.
  static final class Choice {
    @Option(names = "--testnet", description = "The test network, whose money is free (default).")
    private boolean testnet;

    @Option(names = "--mainnet", description = "The main network, whose money is money.")
    private boolean mainnet;
  }

  @ArgGroup private Choice choice = new Choice();

  @Option(
      names = "--node",
      paramLabel = "<url>",
      description = "REST API of a node of the network (AGENTCHAT_AKASH_NODE, else a public one).")
  private @Nullable URI node;

  @Option(
      names = "--gas-price",
      paramLabel = "<uakt>",
      description = "Price of a unit of gas (default: 0.025).")
  private BigDecimal gasPrice = Network.DEFAULT_GAS_PRICE;

  Network network() {
    Network network = choice.mainnet && !choice.testnet ? Network.MAINNET : Network.TESTNET;
    @Nullable URI named = node;
    String environment = System.getenv("AGENTCHAT_AKASH_NODE");
    if (named == null && environment != null && !environment.isBlank()) {
      named = URI.create(environment.strip());
    }
    return new Network(network.chainId(), named == null ? network.rest() : named, gasPrice);
  }

  ChainClient client() {
    return new ChainClient(
        network(),
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(),
        ChainClient.PATIENCE);
  }
}
