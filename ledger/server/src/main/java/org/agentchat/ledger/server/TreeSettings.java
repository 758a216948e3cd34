package org.agentchat.ledger.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.ledger.tree.Cosigning;

/// How a ledger publishes its log's tree.
///
/// @param folder of tiles, checkpoint and the key that signs
/// @param cosigning who is asked before a checkpoint is published
/// @param commitments how long ratings may have moved before the ledger commits to them in the log;
///   empty leaves the log alone
public record TreeSettings(Path folder, Cosigning cosigning, Optional<Duration> commitments) {
  /// In the folder, without witnesses and commitments.
  public static TreeSettings in(Path folder) {
    return new TreeSettings(folder, Cosigning.NONE, Optional.empty());
  }

  /// The same, asking witnesses.
  public TreeSettings cosignedBy(Cosigning witnesses) {
    return new TreeSettings(folder, witnesses, commitments);
  }

  /// The same, committing to ratings. The log must be one that can be appended to.
  public TreeSettings committingEvery(Duration rest) {
    return new TreeSettings(folder, cosigning, Optional.of(rest));
  }
}
