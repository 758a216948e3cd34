package org.agentchat.ledger.server;

import java.nio.file.Path;
import org.agentchat.ledger.tree.Cosigning;
import org.agentchat.ledger.tree.LogKey;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.log.LogSource;

/// The published tree's folder, kept from others, with its key and the thread that signs.
///
/// @param lock two publishers in one folder would each sign what the other does not know
record PublishedTree(FileLockGuard lock, Publisher publisher) implements AutoCloseable {
  private static final String KEY = "log-key.json";

  /// Opens the folder; the publisher waits for its start.
  ///
  /// @throws DatabaseInUseException when another ledger server has the folder
  /// @throws java.io.UncheckedIOException when it cannot be used
  static PublishedTree open(Path folder, LogSource log, Cosigning cosigning) {
    FileLockGuard lock = FileLockGuard.lock(folder.resolve("tree"));
    try {
      Publisher publisher =
          new Publisher(new TreeFolder(folder), log, LogKey.in(folder.resolve(KEY)), cosigning);
      return new PublishedTree(lock, publisher);
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
