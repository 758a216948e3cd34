package org.agentchat.akash.wallet;

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
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Set;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import tools.jackson.databind.JsonNode;

/// A wallet on disk, `akash-wallet.json`: its address in clear, the mnemonic's entropy in an
/// [Envelope]. Readable by its owner only, written in one step, kept out of version control when it
/// lies in a folder `.agentchat`.
///
/// @param path where the file is or will be
public record WalletFile(Path path) {
  /// Fewer characters than this are no password.
  public static final int MIN_PASSWORD_CHARS = 8;

  private static final int VERSION = 2;

  /// Far more than a wallet needs.
  private static final int MAX_BYTES = 64 * 1024;

  private static final String FOLDER = ".agentchat";
  private static final String GITIGNORE =
      "# This directory contains private keys. Never commit.\n*\n";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// What the file says.
  ///
  /// @param version 2; existing tools wrote 1, with the mnemonic in clear
  /// @param pubkey compressed, hexadecimal
  /// @param created ISO 8601, UTC
  public record Content(
      int version, String address, String pubkey, String created, Envelope secret) {}

  /// Whether there is a file.
  public boolean exists() {
    return Files.exists(path);
  }

  /// Writes a new file, or with `replace` one in place of what is there.
  ///
  /// @throws WalletException if the password is too short, there is a file already, or on failure
  public Content create(
      Mnemonic mnemonic, char[] password, Instant now, SecureRandom random, boolean replace) {
    requirePassword(password);
    AccountKey key = AccountKey.of(mnemonic);
    String address = key.address().text();
    Content content =
        new Content(
            VERSION,
            address,
            HexFormat.of().formatHex(key.publicKey()),
            now.truncatedTo(ChronoUnit.MILLIS).toString(),
            Envelope.seal(mnemonic.entropy(), password, address, random));
    write(content, replace);
    return content;
  }

  private static void requirePassword(char[] password) {
    if (password.length < MIN_PASSWORD_CHARS) {
      throw new WalletException(
          "the wallet's password must have at least %d characters, found %d"
              .formatted(MIN_PASSWORD_CHARS, password.length),
          null);
    }
  }

  /// What the file says in clear.
  ///
  /// @throws WalletException if there is none, or it is no wallet
  public Content read() {
    byte[] bytes = bytes();
    try {
      JsonNode tree = StrictJson.parse(bytes);
      if (tree.path("version").isInt() && tree.path("version").intValue() == 1) {
        throw new WalletException(
            path
                + " is an old wallet with its mnemonic in clear; import that mnemonic into a new"
                + " file and delete the old one",
            null);
      }
      Content content = StrictJson.read(tree, Content.class);
      if (content.version() != VERSION) {
        throw new IllegalArgumentException("version " + VERSION + " wanted");
      }
      if (!Address.ofPublicKey(HexFormat.of().parseHex(content.pubkey()))
          .text()
          .equals(content.address())) {
        throw new IllegalArgumentException("its address is not that of its public key");
      }
      return content;
    } catch (IllegalArgumentException e) {
      throw new WalletException(path + " is no wallet: " + e.getMessage(), null);
    }
  }

  private byte[] bytes() {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new WalletException(path + " is too large for a wallet", null);
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new WalletException(
          "there is no wallet at " + path + "; --generate-wallet makes one", e);
    } catch (IOException e) {
      throw new WalletException("cannot read " + path + ": " + e, e);
    }
  }

  /// Opens the wallet.
  ///
  /// @throws WalletException if there is none, the password is another, or a bit was changed
  public AccountKey open(char[] password) {
    Content content = read();
    byte[] entropy =
        content
            .secret()
            .open(password, content.address())
            .orElseThrow(() -> new WalletException("the password does not open " + path, null));
    AccountKey key = AccountKey.of(Mnemonic.ofEntropy(entropy));
    if (!key.address().text().equals(content.address())) {
      throw new WalletException(path + " holds the key of another address", null);
    }
    return key;
  }

  private void write(Content content, boolean replace) {
    Path folder = path.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new WalletException(path + " is not a file's path", null);
    }
    try {
      Files.createDirectories(folder);
      if (folder.endsWith(FOLDER)) {
        ignoreByGit(folder.resolve(".gitignore"));
      }
      Path draft = Files.createTempFile(folder, ".wallet", ".tmp", ownerOnly(folder));
      try {
        writeDurably(draft, Json.pretty(content) + "\n");
        publish(draft, replace);
        flush(folder);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (FileAlreadyExistsException e) {
      throw new WalletException("there is a wallet at " + path + " already", e);
    } catch (IOException e) {
      throw new WalletException("cannot write " + path + ": " + e, e);
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
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
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

  /// Money will be sent to the address that is shown next, so the file's name must be on the disk,
  /// too. Systems that do not open folders (Windows) write names through.
  private static void flush(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // Nothing more can be done here, and the file itself is whole.
    }
  }
}
