package org.agentchat.ledger.tree;

import java.nio.file.Path;
import org.agentchat.tlog.TreeHead;
import org.jspecify.annotations.Nullable;

/// The tree is not signed any more, because a checkpoint would contradict one that is out already,
/// or may be. Nothing is overwritten; somebody has to look.
public final class TreeRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String REMEDY =
      "; nothing will be signed until the log that was published is back";

  TreeRefusedException(String message) {
    super(message);
  }

  private TreeRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static TreeRefusedException shorter(TreeHead published, long log) {
    return new TreeRefusedException(
        "a checkpoint of %d entries is out, but the log has only %d: the log was rolled back or replaced%s"
            .formatted(published.size(), log, REMEDY));
  }

  static TreeRefusedException different(TreeHead published, TreeHead log) {
    return new TreeRefusedException(
        "a checkpoint of %d entries is out with the root %s, but the log's first %d entries have the root %s: the log was replaced%s"
            .formatted(
                published.size(),
                published.root().base64(),
                log.size(),
                log.root().base64(),
                REMEDY));
  }

  /// @param why what a witness said
  static TreeRefusedException contradicted(String why) {
    return new TreeRefusedException(why + REMEDY);
  }

  static TreeRefusedException otherTile(Path tile) {
    return new TreeRefusedException(
        "%s is written already, with other content: the log was replaced, or the file is damaged%s"
            .formatted(tile, REMEDY));
  }

  static TreeRefusedException notACheckpoint(Path file, IllegalArgumentException why) {
    return new TreeRefusedException(
        "%s is damaged (%s): put it back from a copy, or from whoever fetched it"
            .formatted(file, why.getMessage()),
        why);
  }

  static TreeRefusedException otherKey(String file, String wanted) {
    return new TreeRefusedException(
        "%s is not signed by this ledger's key %s: the key was replaced, and verifiers would not know the new one; put the old key back, or move the tree away to begin a new identity"
            .formatted(file, wanted));
  }
}
