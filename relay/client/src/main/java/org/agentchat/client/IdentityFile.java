package org.agentchat.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.agentchat.schemas.identity.Identity;

/// An [Identity] on disk, `identity.json`: readable by its owner only, and kept out of version
/// control when it lies in a folder `.agentchat`. No message ever quotes the file.
///
/// @param path where the file is or will be
public record IdentityFile(Path path) {
  /// Longest file that is read, in bytes: a key and hundreds of rotation records.
  public static final int MAX_BYTES = 1024 * 1024;

  private static final String FOLDER = ".agentchat";
  private static final String GITIGNORE =
      "# This directory contains private keys. Never commit.\n*\n";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// Whether there is a file.
  public boolean exists() {
    return Files.exists(path);
  }

  /// Reads the identity.
  ///
  /// @throws IdentityFileException if there is none, it cannot be read, or it is no identity
  public Identity load() {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new IdentityFileException(path + " is too large for an identity file", null);
      }
      return Identity.ofJson(Files.readString(path));
    } catch (NoSuchFileException e) {
      throw new IdentityFileException("there is no identity at " + path, e);
    } catch (IOException e) {
      throw new IdentityFileException("cannot read " + path + ": " + Texts.of(e), e);
    } catch (IllegalArgumentException e) {
      throw new IdentityFileException(path + " is not usable: " + Texts.of(e), null);
    }
  }

  /// Writes a new file.
  ///
  /// @throws IdentityFileException if there is one already, which stays as it is, or on failure
  public void create(Identity identity) {
    write(identity, false);
  }

  /// Writes the file, in place of the one that may be there, in one step.
  ///
  /// @throws IdentityFileException if it cannot be written; what was there stays
  public void replace(Identity identity) {
    write(identity, true);
  }

  private void write(Identity identity, boolean replace) {
    Path folder = path.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new IdentityFileException(path + " is not a file's path", null);
    }
    try {
      Files.createDirectories(folder);
      if (folder.endsWith(FOLDER)) {
        ignoreByGit(folder.resolve(".gitignore"));
      }
      Path draft = Files.createTempFile(folder, ".identity", ".tmp", ownerOnly(folder));
      try {
        writeDurably(draft, identity.json());
        publish(draft, replace);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IdentityFileException("there is an identity at " + path + " already", e);
    } catch (IOException e) {
      throw new IdentityFileException("cannot write " + path + ": " + Texts.of(e), e);
    }
  }

  private static void ignoreByGit(Path gitignore) throws IOException {
    try {
      Files.writeString(gitignore, GITIGNORE, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException _) {
      // The owner's own rules stand.
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static void writeDurably(Path draft, String json) throws IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(json + "\n");
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// A hard link appears whole and never replaces; a move replaces whole.
  private void publish(Path draft, boolean replace) throws IOException {
    if (replace) {
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.createLink(path, draft);
    }
  }
}
