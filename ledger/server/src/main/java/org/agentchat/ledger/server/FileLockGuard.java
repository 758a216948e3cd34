package org.agentchat.ledger.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second process, and a second server in this one, away from a database file. The
/// operating system lets go of the lock when the process ends, however it ends.
final class FileLockGuard implements AutoCloseable {
  private final FileChannel channel;

  private FileLockGuard(FileChannel channel) {
    this.channel = channel;
  }

  /// Locks the file beside the database; makes the folder when there is none.
  ///
  /// @throws DatabaseInUseException when somebody else holds the lock
  static FileLockGuard lock(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".lock");
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new DatabaseInUseException(
            database + " is in use by another ledger server: stop that one, or name another file");
      }
      return new FileLockGuard(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot let go of the database's lock", e);
    }
  }
}
