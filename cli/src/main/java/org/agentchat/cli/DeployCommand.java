package org.agentchat.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "deploy",
    description = {
      "Rent a machine on the Akash network with a wallet of your own.",
      "Every step is kept in the home folder; what was interrupted goes on with --resume."
    },
    mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {
  /// Where deployments can go.
  enum Target {
    AKASH,
    DOCKER
  }

  @ArgGroup(multiplicity = "1")
  private DeployAction action = new DeployAction();

  @Option(
      names = "--provider",
      paramLabel = "<akash|docker>",
      description = {
        "Where to: akash (default), or docker: with --create, write a Dockerfile, a",
        "docker-compose.yml and a systemd unit into --out."
      })
  private Target target = Target.AKASH;

  @Option(
      names = "--poll",
      hidden = true,
      description = "Milliseconds between two looks at the network.")
  private long pollMs = 3_000;

  @Mixin private DeployOrder order;
  @Mixin private DeployConsent consent;
  @Mixin private DeployDocker docker;
  @Mixin private DeployWallet wallet;
  @Mixin private DeployNetwork network;
  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() throws IOException {
    return switch (target) {
      case AKASH -> onAkash();
      case DOCKER -> onDocker();
    };
  }

  private int onDocker() throws IOException {
    if (!action.create) {
      throw output.usage("--provider docker goes with --create");
    }
    docker.write(output);
    return Exit.OK;
  }

  private int onAkash() throws IOException {
    DeployDesk desk =
        new DeployDesk(home.path(), wallet, network, Duration.ofMillis(pollMs), output);
    if (action.create) {
      return order.create(desk, consent);
    }
    if (action.topUp != null) {
      return new DeployChange(desk, order, consent).topUp(action.topUp);
    }
    if (action.update != null) {
      return new DeployChange(desk, order, consent).update(action.update);
    }
    if (action.resume) {
      return new DeployUpkeep(desk).resume();
    }
    if (action.close != null) {
      return new DeployUpkeep(desk).close(action.close);
    }
    if (action.acceptBid != null) {
      return new DeployUpkeep(desk).acceptBid(action.acceptBid, order.provider(output));
    }
    if (action.generateSdl) {
      order.printSdl(output);
    } else if (!withWallet()) {
      show(new DeployView(desk));
    }
    return Exit.OK;
  }

  /// False when the action is none of those of the wallet alone.
  private boolean withWallet() {
    if (action.generateWallet) {
      wallet.generate(home.path(), output);
    } else if (action.importWallet) {
      wallet.importWords(home.path(), output);
    } else if (action.showWallet) {
      wallet.show(home.path(), output);
    }
    return action.generateWallet || action.importWallet || action.showWallet;
  }

  private void show(DeployView view) {
    if (action.balance) {
      view.balance();
    } else if (action.status) {
      view.status();
    } else if (action.bids != null) {
      view.bids(action.bids);
    } else if (action.dseqStatus != null) {
      view.services(action.dseqStatus);
    } else if (action.logs != null) {
      view.logs(action.logs);
    }
  }
}
