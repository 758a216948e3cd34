package org.agentchat.deploy;

import java.util.Optional;
import java.util.stream.Collectors;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.tx.BidId;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Proposal;

/// How a deployment stands with the log: what is wanted of it there, and what was told of it.
record Standing(Book book) {
  private static String deal(DeploymentRecord record) {
    return record.plan().name();
  }

  private Optional<Proposal.Status> status(DeploymentRecord record) {
    return book.status(deal(record));
  }

  /// Whether the log has its deal. If not, it was made in another log, and it is not for this one
  /// to say that it is over.
  boolean isKnown(DeploymentRecord record) {
    return status(record).isPresent();
  }

  /// A deal that was completed has its machines until their time is over.
  boolean isWanted(DeploymentRecord record) {
    boolean isSilent = book.deployment(deal(record)).isEmpty();
    return status(record)
        .map(status ->
            switch (status) {
              case ACCEPTED, CONTESTED -> isSilent || isToldToRun(record);
              case COMPLETED -> isToldToRun(record);
              case PENDING, REJECTED, EXPIRED, DISPUTED -> false;
            })
        .orElse(true);
  }

  /// In a few words, of one that is not.
  String whyUnwanted(DeploymentRecord record) {
    return status(record)
        .filter(status -> !status.isOpen())
        .map(status -> "the deal is " + status.word())
        .orElse("another worker says what became of the deal");
  }

  boolean isAccepted(DeploymentRecord record) {
    return status(record).filter(Proposal.Status.ACCEPTED::equals).isPresent();
  }

  /// Whether it runs and the log was not told where.
  boolean isNews(DeploymentRecord record) {
    return record.phase() == Phase.RUNNING
        && book.deployment(deal(record))
            .filter(told -> leases(record).equals(told.lease()))
            .isEmpty();
  }

  /// Whether the log was told that these machines run, or those that they replace: not closed
  /// since, and not another worker's.
  boolean isToldToRun(DeploymentRecord record) {
    return book.deployment(deal(record)).filter(told -> isOf(told, record)).isPresent();
  }

  private static boolean isOf(Deployment told, DeploymentRecord record) {
    String lease = told.lease();
    if (told.phase() != Deployment.Phase.RUNNING || lease == null) {
      return false;
    }
    String[] parts = lease.split("/", -1);
    return told.network().equals(record.plan().chainId())
        && parts[0].equals(record.plan().owner())
        && record.numbers().contains(Long.parseLong(parts[1]));
  }

  /// The leases as the log has them, one space between them.
  static String leases(DeploymentRecord record) {
    return record.leases().stream().map(Standing::lease).collect(Collectors.joining(" "));
  }

  private static String lease(BidId lease) {
    return lease.deployment().owner() + "/" + lease;
  }
}
