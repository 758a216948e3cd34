package org.agentchat.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Files that are there whole or not at all, also after a power cut: written beside their place, to
/// the disk, and only then under their name.
public final class DurableFile {
  /// How a file ends that is not under its name yet; it begins with a dot and that name, and has
  /// digits in between.
  private static final String TEMPORARY = ".tmp";

  private DurableFile() {}

  /// Writes or replaces a file, and makes the folders that are missing. When this returns, it is on
  /// the disk.
  ///
  /// @throws IOException when it cannot be written; what was there before is untouched
  public static void write(Path file, byte[] content) throws IOException {
    write(
        file,
        content,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
  }

  /// The same for what only its owner may read.
  ///
  /// @throws IOException as [#write(Path, byte[])]
  public static void writeSecret(Path file, byte[] content) throws IOException {
    write(
        file,
        content,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void write(Path file, byte[] content, FileAttribute<?> attribute)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new FileNotFoundException(file + " is no file");
    }
    makeFolders(folder);
    Path temporary =
        Files.createTempFile(folder, "." + absolute.getFileName(), TEMPORARY, attribute);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync(folder);
  }

  /// Deletes what processes have left beside its place that were killed while they wrote. Nobody
  /// may write there meanwhile: the caller holds the folder's lock. Links are not followed.
  ///
  /// @param folder with all folders below it; need not exist
  /// @param names of the files that were written: whatever else is there stays
  /// @return how many there were
  /// @throws IOException when one cannot be deleted, or the folder not be read
  public static int deleteLeftovers(Path folder, Pattern names) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    Pattern leftover = Pattern.compile("\\.(?:" + names + ")[0-9]+" + Pattern.quote(TEMPORARY));
    List<Path> found;
    try (Stream<Path> files =
        Files.find(
            folder,
            Integer.MAX_VALUE,
            (file, attributes) ->
                attributes.isRegularFile()
                    && leftover.matcher(String.valueOf(file.getFileName())).matches())) {
      found = files.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : found) {
      Files.delete(file);
    }
    return found.size();
  }

  /// What is in the file; empty when there is none.
  ///
  /// @throws IOException when it cannot be read
  public static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// A new folder's name is on the disk only once the folder above is.
  private static void makeFolders(Path folder) throws IOException {
    Path above = folder.getParent();
    if (Files.isDirectory(folder) || above == null) {
      return;
    }
    makeFolders(above);
    Files.createDirectories(folder);
    sync(above);
  }

  /// Makes the names in a folder survive a power cut.
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
