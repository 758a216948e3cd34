package org.agentchat.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a second broker out of a data folder. The operating system lets go of the lock when the
/// process ends, however it ends; the file that stays behind means nothing.
final class FolderLock implements AutoCloseable {

  private static final String FILE = "broker.lock";

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
  /// @throws BrokerStartException when another broker, here or in another process, has it, or when
  ///   it cannot be written
  static FolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      Path real = folder.toRealPath();
      if (!HELD.add(real)) {
        throw taken(folder);
      }
      return lock(folder, real);
    } catch (IOException e) {
      throw new BrokerStartException("The folder %s cannot be used: %s".formatted(folder, e), e);
    }
  }

  private static FolderLock lock(Path folder, Path real) throws IOException {
    boolean locked = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        throw taken(folder);
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

  private static BrokerStartException taken(Path folder) {
    return new BrokerStartException(
        "Another broker is using %s: stop it, or choose another folder".formatted(folder), null);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(folder);
  }
}
