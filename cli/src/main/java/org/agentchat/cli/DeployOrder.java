package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.DryRun;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is to be deployed, and `deploy --create` itself.
final class DeployOrder {
  private static final String DEFAULT_CONFIG = "deploy.yaml";

  private record SdlShown(String sdl) {}

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = "A deploy.yaml, or an SDL (default: " + DEFAULT_CONFIG + ").")
  private Path config = Path.of(DEFAULT_CONFIG);

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "What you call it (default: the configuration's name).")
  private @Nullable String name;

  @Option(
      names = "--provider-address",
      paramLabel = "<address>",
      description = "The only provider that may have it.")
  private @Nullable String providerAddress;

  @Option(
      names = "--choose",
      description = "With --create: stop when there are bids to choose from.")
  private boolean choose;

  @Mixin private DeployTerms terms;

  DeployTerms terms() {
    return terms;
  }

  /// The only provider that may have it.
  Optional<Address> provider(Output output) {
    try {
      return Optional.ofNullable(providerAddress).map(Address::new);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  /// The configuration.
  DeployFile file() throws IOException {
    return file(config);
  }

  /// Another configuration.
  DeployFile file(Path config) throws IOException {
    if (!Files.exists(config)) {
      throw new CommandFailure(
          "NO_CONFIG",
          Exit.FAILED,
          "There is no %s; --config names another file (provider, image, resources, wallet, duration)"
              .formatted(config));
    }
    return DeployFile.read(Files.readString(config));
  }

  void printSdl(Output output) throws IOException {
    DeployFile file = file();
    output.print(new SdlShown(file.sdlText()), file.sdlText().lines().toList());
  }

  int create(DeployDesk desk, DeployConsent consent) throws IOException {
    Output output = desk.output();
    DeployFile file = file();
    if (!file.provider().equals("akash")) {
      throw output.usage("%s: only 'provider: akash' is deployed".formatted(config));
    }
    AccountKey key = desk.wallet().open(desk.wallet().file(desk.home(), file.wallet()));
    ChainClient chain = desk.network().client();
    DeployPlan plan = plan(file, key, chain, output);
    if (consent.isDryRun()) {
      List<DryRun.Cost> costs = DryRun.of(chain, key, plan.plan(), plan.money().mints());
      output.print(costs, plan.lines(costs));
      return Exit.OK;
    }
    consent.requireBurn(plan.money(), output);
    try (DeploymentStore store = desk.changing()) {
      DeploymentRecord record =
          desk.running(
              key,
              runner ->
                  runner.begin(store, plan.plan(), now -> choose && now.phase() == Phase.BIDDING));
      return desk.result(record, choose ? Phase.BIDDING : Phase.RUNNING);
    }
  }

  private DeployPlan plan(DeployFile file, AccountKey key, ChainClient chain, Output output) {
    try {
      return DeployPlan.of(
          file,
          Optional.ofNullable(name),
          key.address(),
          chain,
          terms,
          provider(output),
          Clock.systemUTC().instant());
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }
}
