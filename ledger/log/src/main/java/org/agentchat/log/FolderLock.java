package org.agentchat.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a second process out of a data folder. The operating system lets go of the lock when the
/// process ends, however it ends; the file that stays behind means nothing.
public final class FolderLock implements AutoCloseable {

  /// The folders that this process has locked. Static because file locks belong to the process:
  /// merely opening and closing the file a second time would let go of the first lock (POSIX).
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /// Makes the folder when it is missing, and locks it.
  ///
  /// @param user what uses the folder, one word: the lock file is named after it
  /// @throws FolderInUseException when another such user, here or in another process, has it
  /// @throws IOException when the folder cannot be written
  public static FolderLock take(Path folder, String user) throws IOException {
    Files.createDirectories(folder);
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw new FolderInUseException(user, folder);
    }
    boolean locked = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              real.resolve(user + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        throw new FolderInUseException(user, folder);
      }
      return new FolderLock(real, channel);
    } finally {
      if (!locked) {
        HELD.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(folder);
  }
}
