package org.agentchat.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentchat.akash.deployment.Amendment;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.wallet.Address;

/// `deploy --accept-bid`, `--resume` and `--close`: what goes on with a deployment or ends it.
final class DeployUpkeep {
  private final DeployDesk desk;
  private final Output output;

  DeployUpkeep(DeployDesk desk) {
    this.desk = desk;
    this.output = desk.output();
  }

  int acceptBid(long dseq, Optional<Address> provider) {
    if (provider.isEmpty()) {
      throw output.usage("--accept-bid needs --provider-address");
    }
    try (DeploymentStore store = desk.changing()) {
      DeploymentRecord record =
          desk.running(desk.key(), runner -> runner.accept(store, dseq, provider.get()))
              .orElseThrow(() -> DeployDesk.unknown(dseq));
      return desk.result(record, Phase.RUNNING);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  int resume() {
    Set<Long> changing =
        desk.records().stream()
            .filter(record -> record.amendment().isPresent())
            .flatMap(record -> record.id().stream())
            .map(DeploymentId::dseq)
            .collect(Collectors.toSet());
    try (DeploymentStore store = desk.changing()) {
      desk.running(
          desk.key(),
          runner -> {
            runner.resume(store);
            return store;
          });
    }
    new DeployView(desk).status();
    boolean stuck =
        desk.records().stream()
            .anyMatch(one -> !one.phase().isOver() && one.phase() != Phase.RUNNING);
    boolean givenUp =
        desk.records().stream()
            .filter(one -> one.id().filter(id -> changing.contains(id.dseq())).isPresent())
            .anyMatch(one -> one.lastChange().filter(Amendment.Outcome::done).isEmpty());
    return stuck || givenUp ? Exit.FAILED : Exit.OK;
  }

  /// @param given 0 is the only one that is open
  int close(long given) {
    long dseq = given == 0 ? onlyOpen() : given;
    try (DeploymentStore store = desk.changing()) {
      DeploymentRecord record =
          desk.running(
                  desk.key(),
                  runner -> runner.close(store, dseq).or(() -> runner.closeStranger(store, dseq)))
              .orElseThrow(() -> DeployDesk.unknown(dseq));
      return desk.result(record, Phase.CLOSED);
    }
  }

  private long onlyOpen() {
    List<Long> open =
        desk.records().stream()
            .filter(record -> !record.phase().isOver())
            .flatMap(record -> record.id().stream())
            .map(id -> id.dseq())
            .toList();
    if (open.size() != 1) {
      throw output.usage(
          "--close needs a number: %d deployments are open %s".formatted(open.size(), open));
    }
    return open.getFirst();
  }
}
