package org.agentchat.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentRunner;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.provider.ProviderClient;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;

/// What every action of `deploy` works with.
///
/// @param home the folder of everything that AgentChat keeps
/// @param pause between two looks at the network
record DeployDesk(
    Path home, DeployWallet wallet, DeployNetwork network, Duration pause, Output output) {
  /// The wallet's address, which is no secret.
  Address owner() {
    return new Address(wallet.file(home).read().address());
  }

  /// The wallet's key, for which its password is asked.
  AccountKey key() {
    return wallet.open(wallet.file(home));
  }

  <T> T running(AccountKey key, Function<DeploymentRunner, T> work) {
    ChainClient chain = network.client();
    Clock clock = Clock.systemUTC();
    try (Providers providers = new Providers(chain, key, clock, ProviderClient.PATIENCE)) {
      return work.apply(
          new DeploymentRunner(chain, key, providers, clock, pause, new DeployProgress(output)));
    }
  }

  DeploymentStore changing() {
    return DeploymentStore.changing(home, Clock.systemUTC());
  }

  List<DeploymentRecord> records() {
    return DeploymentStore.reading(home, Clock.systemUTC()).records();
  }

  DeploymentRecord record(long dseq) {
    return records().stream()
        .filter(record -> record.id().filter(id -> id.dseq() == dseq).isPresent())
        .reduce((_, later) -> later)
        .orElseThrow(() -> unknown(dseq));
  }

  static CommandFailure unknown(long dseq) {
    return new CommandFailure(
        "UNKNOWN_DEPLOYMENT",
        Exit.FAILED,
        "This folder knows no deployment %d; --status lists all".formatted(dseq));
  }

  /// Says what became of a deployment.
  ///
  /// @param wanted the phase that it should have come to
  /// @return the exit code
  int result(DeploymentRecord record, Phase wanted) {
    DeployStatus status = DeployStatus.of(record);
    output.print(status, status.lines());
    if (record.phase() == wanted) {
      return Exit.OK;
    }
    if (!record.phase().isOver()) {
      output.err().println("It is not finished; --resume goes on with it");
      output.err().flush();
    }
    return Exit.FAILED;
  }
}
