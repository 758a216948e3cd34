package org.agentchat.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a worker is. Times are milliseconds since 1970.
///
/// @param status what is the matter, if anything
/// @param reason one sentence, or null when all is well
/// @param read entries of the log that were folded
/// @param lookedAt when the worker's thread last got anywhere
/// @param chain whether the network answers
/// @param deployments what was begun and is open, or not said to be closed, by deal
/// @param troubles everything that is the matter, by what it is about: a deal, `the log`, `skills`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerHealth(
    Status status,
    @Nullable String reason,
    long read,
    long lookedAt,
    Chain chain,
    List<Open> deployments,
    Map<String, String> troubles) {
  /// What may be the matter.
  public enum Status {
    /// Nothing.
    HEALTHY,
    /// The log is being read for the first time.
    CATCHING_UP,
    /// The log does not answer; it is tried again.
    LOG_AWAY,
    /// The Akash node does not answer, or cannot be used; it is tried again.
    CHAIN_AWAY,
    /// A deal or a statement waits for a person; it is tried again, ever more rarely.
    STUCK,
    /// The worker's thread has got nowhere for long.
    STALLED,
    /// The worker has stopped for good.
    STOPPED
  }

  /// Copies list and map.
  public WorkerHealth {
    deployments = List.copyOf(deployments);
    troubles = Map.copyOf(troubles);
  }

  /// Whether nothing is the matter.
  public boolean isHealthy() {
    return status == Status.HEALTHY;
  }

  WorkerHealth with(Status other, String why) {
    return new WorkerHealth(other, why, read, lookedAt, chain, deployments, troubles);
  }

  WorkerHealth with(Chain seen) {
    return new WorkerHealth(status, reason, read, lookedAt, seen, deployments, troubles);
  }

  /// The network.
  ///
  /// @param id the chain's, for example `akashnet-2`
  /// @param answers whether it did when it was last asked
  /// @param since when it first did so, or did not, without a break; null before it was asked
  /// @param height of its last block that was seen; 0 before there was one
  /// @param trouble why it does not answer
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Chain(
      String id, boolean answers, @Nullable Long since, long height, @Nullable String trouble) {}

  /// One deployment.
  ///
  /// @param dseq its number on the chain, once it has one
  /// @param phase in words
  /// @param why it is in that phase
  /// @param waitsFor what it waited for last
  /// @param until when it is closed at the latest
  /// @param price of a block, in uact
  /// @param feesUakt transactions so far
  /// @param depositedUact what lies in escrow, or was paid from it since
  /// @param paidUact what providers got from what is closed
  /// @param burnedUakt for ACT that was missing
  /// @param trouble why it is stuck
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Open(
      String deal,
      @Nullable Long dseq,
      String phase,
      String why,
      @Nullable String waitsFor,
      long until,
      String price,
      long feesUakt,
      long depositedUact,
      long paidUact,
      long burnedUakt,
      @Nullable String trouble) {}
}
