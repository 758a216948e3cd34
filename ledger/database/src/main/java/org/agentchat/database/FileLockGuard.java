package org.agentchat.database;

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
public final class FileLockGuard implements AutoCloseable {
  private final FileChannel channel;

  private FileLockGuard(FileChannel channel) {
    this.channel = channel;
  }

  /// Locks a file beside the database, or beside another file or folder that one server keeps;
  /// makes the folder when there is none.
  ///
  /// @throws DatabaseInUseException when somebody else holds the lock
  public static FileLockGuard lock(Path database, Tenant tenant) {
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
            "%s is in use by another %s server: stop that one, or name another file"
                .formatted(database, tenant.name()));
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

  /// Lets go of the lock.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot let go of the database's lock", e);
    }
  }
}
