package org.agentchat.cli;

import java.nio.file.Path;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.tlog.Checkpoint;

/// Published trees in folders: a ledger's own, or a copy of one.
final class TileFolders {
  private TileFolders() {}

  /// The log of the checkpoint in the folder.
  ///
  /// @throws CommandFailure when there is none
  static TileLog open(Path folder) {
    TreeFolder tree = new TreeFolder(folder);
    return tree.checkpoint()
        .map(note -> new TileLog(Checkpoint.parse(note.text()).head(), tree::read))
        .orElseThrow(() ->
            new CommandFailure("NO_SUCH_LOG", Exit.FAILED, "There is no checkpoint in " + folder));
  }
}
