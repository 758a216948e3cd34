package org.agentchat.ledger.tree;

import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.SignedNote;

/// A tree that is written at once and not followed: a copy for somebody, or a log for a test. One
/// thread.
public final class WrittenTree {
  private final TreeFolder folder;
  private final TileWriter writer;
  private final NoteSigner signer;

  /// @param origin the log's name
  public WrittenTree(TreeFolder folder, String origin, Identity keys) {
    this.folder = folder;
    this.writer = new TileWriter(folder::write);
    this.signer = new NoteSigner(origin, keys);
  }

  /// Adds the next entry.
  public void append(byte[] entry) {
    writer.append(entry);
  }

  /// Entries so far.
  public long size() {
    return writer.size();
  }

  /// Writes what is left of the tiles, and a checkpoint over them.
  public SignedNote publish() {
    String text = new Checkpoint(signer.name(), writer.flush()).text();
    SignedNote note = new SignedNote(text, List.of(signer.sign(text)));
    folder.publish(note);
    folder.dropPartials();
    return note;
  }
}
