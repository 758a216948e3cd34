package org.agentchat.tlog;

import java.util.List;
import java.util.Optional;

/// Where a log's proofs come from: its tiles and its current checkpoint.
@FunctionalInterface
public interface ProofSource {
  /// A proof for each of these entries, in their order, all with the one checkpoint that is current
  /// now; empty when there is none yet, or it does not cover all of them.
  ///
  /// @param indexes at least one, each at least 0
  Optional<List<LogProof>> prove(List<Long> indexes);
}
