package org.agentchat.ledger;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.jspecify.annotations.Nullable;

/// What may be said of the machines of a deal, and what becomes of it. Only the deal's acceptor is
/// believed: it rents them, and it says so before it completes the deal.
record DeploymentDesk(Accounts accounts, Proposals proposals, Deployments deployments) {
  /// Why it cannot be said now, or empty. Changes nothing.
  Optional<Refusal> check(AgentId signer, DeploymentStatement said, long now) {
    AgentId account = accounts.owner(signer);
    Optional<Deployment> known = deployments.find(account, said.proposalId(), now);
    return known.isPresent()
        ? checkNext(known.get(), said)
        : checkFirst(signer, said, now)
            .or(() ->
                deployments.isFull(account, now)
                    ? refusal(
                        Refusal.Code.TOO_MANY_OPEN,
                        "%s has told of %d deployments, the most that are remembered"
                            .formatted(signer, Deployments.MAX_OF_ACCOUNT))
                    : Optional.empty());
  }

  private Optional<Refusal> checkFirst(AgentId signer, DeploymentStatement said, long now) {
    Optional<Proposal> found =
        proposals
            .find(said.proposalId(), now)
            .filter(deal -> DeploymentStatement.CAPABILITY.equals(deal.terms().capability()));
    if (found.isEmpty()) {
      return refusal(
          Refusal.Code.DEPLOYMENT_NOT_FOUND,
          "no proposal %s of the capability %s"
              .formatted(said.proposalId(), DeploymentStatement.CAPABILITY));
    }
    Proposal deal = found.get();
    if (!accounts.isSame(signer, deal.to())) {
      return refusal(
          Refusal.Code.NOT_DEPLOYER,
          "%s is not the one that %s asks for machines".formatted(signer, deal.id()));
    }
    if (deal.status() != Proposal.Status.ACCEPTED || deal.isGivenUp(now) || !deal.isStarted()) {
      return refusal(
          Refusal.Code.DEPLOYMENT_OUT_OF_ORDER,
          "%s of a deal that is %s"
              .formatted(said.type(), deal.isStarted() ? deal.status().word() : "not started yet"));
    }
    return said instanceof DeploymentStatement.DeploymentClosed
        ? refusal(
            Refusal.Code.DEPLOYMENT_OUT_OF_ORDER,
            "%s of a deployment that was never said to run".formatted(said.type()))
        : Optional.empty();
  }

  /// The first word stands; only machines that run can be replaced or closed.
  private static Optional<Refusal> checkNext(Deployment known, DeploymentStatement said) {
    boolean repeated =
        switch (said) {
          case DeploymentStatement.DeploymentRunning running ->
              known.phase() == Deployment.Phase.RUNNING && running.lease().equals(known.lease());
          case DeploymentStatement.DeploymentClosed _ -> known.phase() == Deployment.Phase.CLOSED;
          case DeploymentStatement.DeploymentFailed _ -> known.phase() == Deployment.Phase.FAILED;
        };
    if (repeated) {
      return Optional.of(
          new Refusal(
              Refusal.Code.REPEATED,
              "%s of this deal is recorded at index %d".formatted(said.type(), known.saidAt()),
              known.saidAt()));
    }
    boolean possible =
        known.phase() == Deployment.Phase.RUNNING
            && !(said instanceof DeploymentStatement.DeploymentFailed)
            && known.network().equals(said.network());
    return possible
        ? Optional.empty()
        : refusal(
            Refusal.Code.DEPLOYMENT_OUT_OF_ORDER,
            "%s on %s of a deployment on %s that is %s"
                .formatted(said.type(), said.network(), known.network(), known.phase().word()));
  }

  /// Takes note of what was admitted.
  void hear(Proposal.Leg leg, DeploymentStatement said, long now, List<Effect> effects) {
    AgentId signer = leg.event().signed().key().id();
    AgentId account = accounts.owner(signer);
    Optional<Deployment> known = deployments.find(account, said.proposalId(), now);
    AgentId from =
        known
            .map(Deployment::from)
            .orElseGet(() -> proposals.find(said.proposalId()).orElseThrow().from());
    AgentId to =
        known
            .map(Deployment::to)
            .orElseGet(() -> proposals.find(said.proposalId()).orElseThrow().to());
    @Nullable String lease =
        said instanceof DeploymentStatement.DeploymentRunning running
            ? running.lease()
            : known.map(Deployment::lease).orElse(null);
    Deployment deployment =
        new Deployment(
            said.proposalId(),
            from,
            to,
            said.network(),
            phase(said),
            lease,
            leg.index(),
            rememberedUntil(said, now));
    deployments.put(account, deployment, now);
    effects.add(new Effect.DeploymentObserved(deployment, signer, said));
  }

  private static Deployment.Phase phase(DeploymentStatement said) {
    return switch (said) {
      case DeploymentStatement.DeploymentRunning _ -> Deployment.Phase.RUNNING;
      case DeploymentStatement.DeploymentClosed _ -> Deployment.Phase.CLOSED;
      case DeploymentStatement.DeploymentFailed _ -> Deployment.Phase.FAILED;
    };
  }

  private static long rememberedUntil(DeploymentStatement said, long now) {
    return switch (said) {
      case DeploymentStatement.DeploymentRunning running ->
          Math.clamp(running.until() * 1_000, now, now + Deployment.MAX_AHEAD) + Proposal.MEMORY;
      case DeploymentStatement.DeploymentClosed _, DeploymentStatement.DeploymentFailed _ ->
          now + Proposal.MEMORY;
    };
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
