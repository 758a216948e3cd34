package org.agentchat.ledger.server;

import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;

/// Writes what is said of machines into [Deals]: of a network that exists only here.
final class MachineDeals {
  static final String NETWORK = "akashnet-2";
  static final String URIS = "a.example.com b.example.com";

  /// A text that databases dislike, as deployments may carry it.
  static final String ODD = "nul \0 and \\0 and \u2603";

  private static final long DAY = 24 * Deals.HOUR;
  private static final long THREE_DAYS_SECONDS = 3L * 24 * 60 * 60;

  private final Deals deals;
  private final Identity tenant;
  private final Identity deployer;

  MachineDeals(Deals deals, Identity tenant, Identity deployer) {
    this.deals = deals;
    this.tenant = tenant;
    this.deployer = deployer;
  }

  /// [MoneyDeals#ofEveryKind], then every phase that machines can be in: replaced while the deal
  /// goes on, closed long after it, never run, and run after all.
  static Deals ofEveryKind() {
    Deals deals = MoneyDeals.ofEveryKind();
    MachineDeals machines = new MachineDeals(deals, Deals.agent(1), Deals.agent(2));
    String closed = machines.agree("closed after its deal");
    machines.run(closed, 1_001).complete(closed);
    String unwanted = machines.agree("nobody bid");
    machines.fail(unwanted, ODD);
    String running = machines.agree("runs");
    machines.run(running, 1_002).run(running, 1_003);
    deals.later(2 * DAY).tick();
    machines.close(closed, ODD);
    String late = machines.agree("ran after all");
    machines.fail(late, "nobody bid");
    deals.later(2 * DAY).tick();
    machines.run(late, 1_004);
    machines.agree("nothing said");
    return deals;
  }

  /// An accepted deal for machines.
  String agree(String task) {
    String id =
        deals.propose(
            tenant,
            deployer,
            new Statement.Proposal(
                deployer.id(),
                task,
                null,
                null,
                null,
                "{\"ceiling_uact\":9000}",
                null,
                null,
                DeploymentStatement.CAPABILITY));
    deals.accept(deployer, id, null);
    return id;
  }

  static String lease(long dseq) {
    String address = "akash1" + "q".repeat(38);
    return "%s/%d/1/1/%s".formatted(address, dseq, address);
  }

  MachineDeals run(String id, long dseq) {
    return run(id, lease(dseq), URIS);
  }

  /// @param leases one space between them
  MachineDeals run(String id, String leases, String uris) {
    return say(
        new DeploymentStatement.DeploymentRunning(
            id, NETWORK, leases, deals.seconds() + THREE_DAYS_SECONDS, uris));
  }

  MachineDeals close(String id, String reason) {
    return say(new DeploymentStatement.DeploymentClosed(id, NETWORK, 7_250_000, reason));
  }

  MachineDeals fail(String id, String reason) {
    return say(new DeploymentStatement.DeploymentFailed(id, NETWORK, 0, reason));
  }

  MachineDeals complete(String id) {
    deals.complete(deployer, id);
    return this;
  }

  private MachineDeals say(DeploymentStatement said) {
    deals.state(deployer, said);
    return this;
  }
}
