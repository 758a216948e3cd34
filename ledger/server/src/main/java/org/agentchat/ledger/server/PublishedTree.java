package org.agentchat.ledger.server;

import java.nio.file.Path;
import org.agentchat.database.FileLockGuard;
import org.agentchat.ledger.tree.LogKey;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.identity.Identity;

/// The published tree's folder, kept from others, with its key and the thread that signs.
///
/// @param lock two publishers in one folder would each sign what the other does not know
record PublishedTree(TreeSettings settings, FileLockGuard lock, Publisher publisher, Identity keys)
    implements AutoCloseable {
  private static final String KEY = "log-key.json";

  /// Opens the folder; the publisher waits for its start.
  ///
  /// @throws DatabaseInUseException when another ledger server has the folder
  /// @throws java.io.UncheckedIOException when it cannot be used
  static PublishedTree open(TreeSettings settings, LogSource log) {
    Path folder = settings.folder();
    FileLockGuard lock = FileLockGuard.lock(folder.resolve("tree"), Store.TENANT);
    try {
      Identity keys = LogKey.in(folder.resolve(KEY));
      Publisher publisher = new Publisher(new TreeFolder(folder), log, keys, settings.cosigning());
      return new PublishedTree(settings, lock, publisher, keys);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void close() {
    publisher.close();
    lock.close();
  }
}
