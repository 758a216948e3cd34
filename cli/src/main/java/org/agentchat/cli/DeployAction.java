package org.agentchat.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `deploy` is to do: exactly one of these.
final class DeployAction {
  /// Which deployment gets which configuration.
  static final class Update {
    @Option(
        names = "--update",
        required = true,
        paramLabel = "<dseq>",
        description = {
          "Give a deployment that runs another image, command, env or the like.",
          "What is rented stays: resources, count, ports, price."
        })
    long dseq;

    @Parameters(
        arity = "0..1",
        paramLabel = "<file>",
        description = "With --update: the new deploy.yaml or SDL (default: that of --config).")
    @Nullable Path file;
  }

  @Option(names = "--generate-wallet", description = "Make a wallet and show its words, once.")
  boolean generateWallet;

  @Option(
      names = "--import-wallet",
      description = "Make a wallet of words that are typed, or come by standard input.")
  boolean importWallet;

  @Option(names = "--show-wallet", description = "Show the wallet's address.")
  boolean showWallet;

  @Option(names = "--balance", description = "Show how much AKT and ACT the wallet has.")
  boolean balance;

  @Option(names = "--generate-sdl", description = "Print the SDL that the configuration means.")
  boolean generateSdl;

  @Option(names = "--create", description = "Deploy what the configuration says.")
  boolean create;

  @Option(names = "--status", description = "Show all deployments, also those of other folders.")
  boolean status;

  @Option(
      names = "--dseq-status",
      paramLabel = "<dseq>",
      description = "Ask the providers of a deployment how its services do.")
  @Nullable Long dseqStatus;

  @Option(names = "--bids", paramLabel = "<dseq>", description = "Show the bids on a deployment.")
  @Nullable Long bids;

  @Option(
      names = "--accept-bid",
      paramLabel = "<dseq>",
      description = "Accept the bid of --provider-address and go on.")
  @Nullable Long acceptBid;

  @Option(
      names = "--top-up",
      paramLabel = "<dseq>",
      description = "Add --deposit to the escrow of a deployment that runs.")
  @Nullable Long topUp;

  @ArgGroup(exclusive = false)
  @Nullable Update update;

  @Option(names = "--logs", paramLabel = "<dseq>", description = "Print the services' last lines.")
  @Nullable Long logs;

  @Option(names = "--resume", description = "Go on with everything that was interrupted.")
  boolean resume;

  @Option(
      names = "--close",
      arity = "0..1",
      paramLabel = "<dseq>",
      fallbackValue = "0",
      description = "Close a deployment; without a number the only one that is open.")
  @Nullable Long close;
}
