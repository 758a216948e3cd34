package org.agentchat.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.Amending;
import org.agentchat.akash.deployment.Amendment;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentRunner;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.DryRun;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.wallet.AccountKey;

/// `deploy --top-up` and `--update`: changes of a deployment that runs.
final class DeployChange {
  /// How the names begin that a deploy worker gives.
  private static final String DEAL = "prop_";

  private final DeployDesk desk;
  private final DeployOrder order;
  private final DeployConsent consent;
  private final Output output;

  DeployChange(DeployDesk desk, DeployOrder order, DeployConsent consent) {
    this.desk = desk;
    this.order = order;
    this.consent = consent;
    this.output = desk.output();
  }

  int topUp(long dseq) {
    long deposit = deposit();
    DeploymentRecord record = changeable(dseq);
    AccountKey key = desk.key();
    ChainClient chain = chain();
    DeployMoney money = DeployMoney.of(chain, key.address(), deposit);
    if (consent.isDryRun()) {
      List<DryRun.Cost> costs = DryRun.topUp(chain, key, record, deposit, money.burn());
      List<String> lines = DeployMoney.lines(costs);
      lines.add("Escrow: %s more; what is not used comes back".formatted(Coin.uact(deposit)));
      lines.add("The wallet has %s and %s".formatted(money.has().akt(), money.has().act()));
      output.print(costs, lines);
      return Exit.OK;
    }
    consent.requireBurn(money, output);
    return change(dseq, key, (runner, store) -> runner.topUp(store, dseq, deposit, money.burn()));
  }

  private long deposit() {
    try {
      return order
          .terms()
          .depositUact()
          .orElseThrow(() -> output.usage("--top-up needs --deposit"));
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  int update(DeployAction.Update wish) throws IOException {
    long dseq = wish.dseq;
    DeployFile file = wish.file == null ? order.file() : order.file(wish.file);
    if (!file.provider().equals("akash")) {
      throw output.usage("--update: only 'provider: akash' is deployed");
    }
    DeploymentRecord record = changeable(dseq);
    AccountKey key = desk.wallet().open(desk.wallet().file(desk.home(), file.wallet()));
    ChainClient chain = chain();
    if (consent.isDryRun()) {
      List<DryRun.Cost> costs = DryRun.update(chain, key, record, file.sdlText());
      List<String> lines = new ArrayList<>(DeployMoney.lines(costs));
      lines.add(
          costs.isEmpty()
              ? "The chain has this manifest already; the provider would get it again"
              : "Then the provider would get the new manifest");
      output.print(costs, lines);
      return Exit.OK;
    }
    return change(dseq, key, (runner, store) -> runner.update(store, dseq, file.sdlText()));
  }

  /// Refuses early, before anybody is asked for a password or for money.
  private DeploymentRecord changeable(long dseq) {
    DeploymentRecord record = desk.record(dseq);
    if (record.plan().name().startsWith(DEAL)) {
      throw new CommandFailure(
          "OF_A_DEAL",
          Exit.FAILED,
          "The deployment %d is that of the deal %s: what runs and what it may cost was agreed there"
              .formatted(dseq, record.plan().name()));
    }
    Amending.requireChangeable(record);
    return record;
  }

  private ChainClient chain() {
    ChainClient chain = desk.network().client();
    chain.requireUsableNode();
    return chain;
  }

  private int change(
      long dseq,
      AccountKey key,
      BiFunction<DeploymentRunner, DeploymentStore, Optional<DeploymentRecord>> work) {
    try (DeploymentStore store = desk.changing()) {
      DeploymentRecord record =
          desk.running(key, runner -> work.apply(runner, store))
              .orElseThrow(() -> DeployDesk.unknown(dseq));
      DeployStatus status = DeployStatus.of(record);
      output.print(status, status.lines());
      return record.lastChange().filter(Amendment.Outcome::done).isPresent()
          ? Exit.OK
          : Exit.FAILED;
    }
  }
}
