package org.agentchat.escrow.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;
import org.web3j.crypto.Wallet;
import org.web3j.crypto.WalletFile;
import org.web3j.crypto.exception.CipherException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Keys in files of the format Web3 Secret Storage, version 3, as other wallets read and write
/// them: sealed with a password by scrypt and AES-128-CTR. Files are for their owner alone (0600).
public final class Keystore {
  /// A keystore is about 500 bytes.
  private static final long MAX_FILE_BYTES = 64 << 10;

  // What a stranger's file may cost to open: scrypt takes 128 N r bytes, so 1 GiB at the most.
  private static final int MAX_SCRYPT_N = 1 << 20;
  private static final int MAX_SCRYPT_R = 8;
  private static final int MAX_SCRYPT_P = 16;
  private static final int MAX_PBKDF2_ROUNDS = 10_000_000;

  /// What the rest of a process needs at least.
  private static final long OTHER_MEMORY_BYTES = 32L << 20;

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private static final EnumSet<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /// How hard a password is to guess.
  public enum Cost {
    /// N = 2^18: about a second and 256 MiB for each try.
    STANDARD(1 << 18),
    /// N = 2^12: a few milliseconds for each try. Only for keys that are worth nothing.
    LIGHT(1 << 12);

    private final int n;

    Cost(int n) {
      this.n = n;
    }
  }

  private Keystore() {}

  /// A new key, which is in no file yet.
  public static Signer newKey(SecureRandom random) {
    while (true) {
      BigInteger secret = new BigInteger(256, random);
      if (secret.signum() > 0 && secret.compareTo(Sign.CURVE_PARAMS.getN()) < 0) {
        return Signer.of(ECKeyPair.create(secret));
      }
    }
  }

  /// Seals a key in a new file.
  ///
  /// @throws FileAlreadyExistsException if the file is there: a key is never overwritten
  public static void write(Path file, Signer signer, String password, Cost cost)
      throws IOException {
    try {
      WalletFile wallet = Wallet.create(password, signer.pair(), cost.n, 1);
      byte[] json = JsonMapper.shared().writeValueAsBytes(wallet);
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
      Files.write(file, json, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    } catch (CipherException e) {
      throw new IllegalStateException("this JVM lacks a cipher that every JVM has", e);
    }
  }

  /// Opens a file.
  ///
  /// @throws KeystoreException saying why it cannot be opened, without what is in it
  public static Signer open(Path file, String password) throws KeystoreException {
    WalletFile wallet = parse(file, readSecret(file));
    requireBounds(file, wallet);
    try {
      Signer signer = Signer.of(Wallet.decrypt(password, wallet));
      requireAddress(file, wallet, signer);
      return signer;
    } catch (CipherException | RuntimeException e) {
      throw new KeystoreException(
          "the password does not open the keystore " + file + ", or the file is damaged", e);
    }
  }

  /// The first line of a password file, without its end.
  ///
  /// @throws KeystoreException if there is none, or others may read it
  public static String password(Path file) throws KeystoreException {
    String password =
        new String(readSecret(file), StandardCharsets.UTF_8).lines().findFirst().orElse("");
    if (password.isEmpty()) {
      throw new KeystoreException("the first line of the password file " + file + " is empty");
    }
    return password;
  }

  private static byte[] readSecret(Path file) throws KeystoreException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new KeystoreException(
            "%s has more than %d bytes, so it is something else".formatted(file, MAX_FILE_BYTES));
      }
      requirePrivate(file);
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new KeystoreException("there is no file " + file, e);
    } catch (IOException e) {
      throw new KeystoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /// As ssh does: a secret that others can read is none.
  private static void requirePrivate(Path file) throws IOException, KeystoreException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    EnumSet<PosixFilePermission> shared = EnumSet.copyOf(OTHERS);
    shared.retainAll(Files.getPosixFilePermissions(file));
    if (!shared.isEmpty()) {
      throw new KeystoreException(
          "others may read or write %s: it holds a secret, so 'chmod 600 %s' it first"
              .formatted(file, file));
    }
  }

  private static WalletFile parse(Path file, byte[] json) throws KeystoreException {
    try {
      @Nullable WalletFile wallet = JsonMapper.shared().readValue(json, WalletFile.class);
      if (wallet == null) {
        throw new KeystoreException(file + " is no keystore of version 3");
      }
      return wallet;
    } catch (JacksonException e) {
      throw new KeystoreException(file + " is no keystore of version 3", e);
    }
  }

  private static void requireBounds(Path file, WalletFile wallet) throws KeystoreException {
    WalletFile.Crypto crypto = wallet.getCrypto();
    if (wallet.getVersion() != 3 || crypto == null || crypto.getKdfparams() == null) {
      throw new KeystoreException(file + " is no keystore of version 3");
    }
    // web3j keeps the type of these to itself, and Jackson 3 the name by which it chose one.
    Object work = crypto.getKdfparams();
    boolean bounded =
        switch (work) {
          case WalletFile.ScryptKdfParams scrypt -> {
            crypto.setKdf("scrypt");
            yield isBounded(file, scrypt);
          }
          case WalletFile.Aes128CtrKdfParams pbkdf2 -> {
            crypto.setKdf("pbkdf2");
            yield isBetween(pbkdf2.getC(), 1, MAX_PBKDF2_ROUNDS);
          }
          default -> false;
        };
    if (!bounded) {
      throw new KeystoreException(
          "the keystore %s asks for work or memory that is out of bounds".formatted(file));
    }
  }

  private static boolean isBounded(Path file, WalletFile.ScryptKdfParams scrypt)
      throws KeystoreException {
    boolean bounded =
        isBetween(scrypt.getN(), 2, MAX_SCRYPT_N)
            && isBetween(scrypt.getR(), 1, MAX_SCRYPT_R)
            && isBetween(scrypt.getP(), 1, MAX_SCRYPT_P);
    if (bounded) {
      long wanted = 128L * scrypt.getN() * scrypt.getR();
      requireMemory(file, wanted, Runtime.getRuntime().maxMemory());
    }
    return bounded;
  }

  /// Said before it is tried: a process that has run out of memory can say nothing well.
  static void requireMemory(Path file, long wanted, long most) throws KeystoreException {
    if (wanted > most - OTHER_MEMORY_BYTES) {
      throw new KeystoreException(
          "to open the keystore %s takes %d MiB, and this process may have %d: give Java more, for"
                  .formatted(file, wanted >> 20, most >> 20)
              + " example with AGENTCHAT_JAVA_OPTS=-Xmx768m");
    }
  }

  private static boolean isBetween(int value, int least, int most) {
    return value >= least && value <= most;
  }

  /// The file's own word on whose key it is, which people read.
  private static void requireAddress(Path file, WalletFile wallet, Signer signer)
      throws KeystoreException {
    String said = wallet.getAddress();
    if (said != null
        && !said.isEmpty()
        && !("0x" + said).equalsIgnoreCase(signer.address().hex())) {
      throw new KeystoreException(
          "the keystore %s says that it is for 0x%s, but its key is that of %s"
              .formatted(file, said, signer.address()));
    }
  }
}
