package org.agentchat.cli;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.NodeSettings;
import picocli.CommandLine.Option;

/// Which node to ask, and for how long to wait.
final class ChainOptions {
  static final String DEFAULT = "http://localhost:8545";
  private static final int MAX_WAIT_SECONDS = 24 * 60 * 60;
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  @Option(
      names = "--rpc",
      paramLabel = "<url>",
      defaultValue = "${env:AGENTCHAT_RPC:-" + DEFAULT + "}",
      description = "The chain's node, JSON-RPC over HTTP (AGENTCHAT_RPC, else " + DEFAULT + ").")
  private String rpc = DEFAULT;

  @Option(
      names = "--finality",
      paramLabel = "<blocks>",
      defaultValue = "0",
      description = {
        "When a block counts as one that stays: a number of blocks on top of it, or 'finalized'",
        "(default: ${DEFAULT-VALUE}, which does not wait)."
      })
  private String finality = "0";

  @Option(
      names = "--wait",
      paramLabel = "<seconds>",
      defaultValue = "120",
      description = "How long to wait for a transaction (default: ${DEFAULT-VALUE}).")
  private int wait = 120;

  @Option(
      names = "--max-fee",
      paramLabel = "<gwei>",
      defaultValue = "500",
      description = "The most that a unit of gas may cost (default: ${DEFAULT-VALUE}).")
  private int maxFee = 500;

  /// Connects to nothing yet.
  ///
  /// @throws picocli.CommandLine.ParameterException if the address is none
  JsonRpcNode node(Output output) {
    try {
      return new JsonRpcNode(NodeSettings.of(URI.create(rpc)));
    } catch (IllegalArgumentException _) {
      throw output.usage(
          "--rpc is the address of a node such as " + DEFAULT + " or https://HOST/KEY");
    }
  }

  Finality finality(Output output) {
    try {
      return Finality.parse(finality);
    } catch (IllegalArgumentException e) {
      throw output.usage("--finality: " + e.getMessage());
    }
  }

  Duration patience(Output output) {
    if (wait < 1 || wait > MAX_WAIT_SECONDS) {
      throw output.usage("--wait is 1 to %d seconds, not %d".formatted(MAX_WAIT_SECONDS, wait));
    }
    return Duration.ofSeconds(wait);
  }

  FeePolicy fees(Output output) {
    FeePolicy usual = FeePolicy.DEFAULT;
    BigInteger cap = BigInteger.valueOf(maxFee).multiply(GWEI);
    if (cap.signum() <= 0) {
      throw output.usage("--max-fee is at least 1 gwei, not " + maxFee);
    }
    return new FeePolicy(cap, usual.minTip(), usual.maxTip().min(cap), usual.stuckAfter());
  }
}
