package org.agentchat.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.deployment.BidBoard;
import org.agentchat.akash.deployment.BidChoice;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ProviderClient;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;

/// What `deploy` shows and does not change.
final class DeployView {
  private static final int LOG_LINES = 100;

  private record BalanceShown(String address, long uakt, long uact, String network) {}

  private record BidsShown(long dseq, List<List<String>> groups) {}

  private record All(List<DeployStatus> deployments, List<Long> strangers) {}

  private record ServicesShown(long dseq, List<LeaseStatus> leases) {}

  private record LogsShown(long dseq, String logs) {}

  private final DeployDesk desk;
  private final Output output;

  DeployView(DeployDesk desk) {
    this.desk = desk;
    this.output = desk.output();
  }

  void balance() {
    Address owner = desk.owner();
    Balances has = desk.network().client().balances(owner);
    output.print(
        new BalanceShown(
            owner.text(),
            has.akt().amount(),
            has.act().amount(),
            desk.network().network().chainId()),
        List.of(
            "Address: " + owner,
            "Network: " + desk.network().network().chainId(),
            "AKT (fees, and to burn for ACT): " + has.akt(),
            "ACT (deployments): " + has.act()));
  }

  /// All deployments of this folder, and those of the wallet that no folder here knows of.
  void status() {
    List<DeployStatus> known = desk.records().stream().map(DeployStatus::of).toList();
    List<Long> strangers = strangers();
    List<String> lines = new ArrayList<>();
    known.forEach(one -> lines.addAll(one.lines()));
    strangers.forEach(dseq ->
        lines.add(
            dseq
                + ": open on the chain, and not of this folder; --close %d closes it"
                    .formatted(dseq)));
    if (lines.isEmpty()) {
      lines.add("No deployments");
    }
    output.print(new All(known, strangers), lines);
  }

  /// Open deployments of the wallet that no journal here knows of.
  private List<Long> strangers() {
    if (!desk.wallet().file(desk.home()).exists()) {
      return List.of();
    }
    Set<Long> known = new HashSet<>();
    desk.records().forEach(record -> record.id().ifPresent(id -> known.add(id.dseq())));
    return desk.network().client().activeDeployments(desk.owner()).stream()
        .map(DeploymentState::id)
        .map(id -> id.dseq())
        .filter(dseq -> !known.contains(dseq))
        .toList();
  }

  void bids(long dseq) {
    List<BidChoice> choices = BidBoard.of(desk.network().client(), desk.record(dseq));
    List<String> lines = new ArrayList<>();
    for (int group = 1; group <= choices.size(); group++) {
      lines.add("Group %d:".formatted(group));
      List<String> bids = choices.get(group - 1).explanations();
      bids.forEach(bid -> lines.add("  " + Printable.of(bid)));
      if (bids.isEmpty()) {
        lines.add("  no bids so far");
      }
    }
    output.print(
        new BidsShown(dseq, choices.stream().map(BidChoice::explanations).toList()), lines);
  }

  private interface Asking<T> {
    T of(ProviderClient provider, BidId lease);
  }

  private <T> List<T> ask(long dseq, Asking<T> question) {
    DeploymentRecord record = desk.record(dseq);
    AccountKey key = desk.key();
    List<T> answers = new ArrayList<>();
    try (Providers providers =
        new Providers(desk.network().client(), key, Clock.systemUTC(), ProviderClient.PATIENCE)) {
      for (BidId lease : record.leases()) {
        answers.add(question.of(providers.of(lease.provider()), lease));
      }
    }
    return answers;
  }

  void services(long dseq) {
    List<LeaseStatus> leases =
        ask(dseq, ProviderClient::status).stream().flatMap(Optional::stream).toList();
    List<String> lines = new ArrayList<>();
    for (LeaseStatus lease : leases) {
      for (LeaseStatus.Service service : lease.services()) {
        lines.add(
            "%s: %d of %d run%s"
                .formatted(
                    Printable.of(service.name()),
                    service.available(),
                    service.total(),
                    service.uris().isEmpty()
                        ? ""
                        : ", at " + Printable.of(String.join(", ", service.uris()))));
      }
      lease.ports().forEach(port -> lines.add("  " + Printable.of(port)));
    }
    if (lines.isEmpty()) {
      lines.add("No provider knows anything of " + dseq);
    }
    output.print(new ServicesShown(dseq, leases), lines);
  }

  void logs(long dseq) {
    String logs =
        String.join("\n", ask(dseq, (provider, lease) -> provider.logs(lease, LOG_LINES)));
    output.print(new LogsShown(dseq, logs), logs.lines().map(Printable::of).toList());
  }
}
