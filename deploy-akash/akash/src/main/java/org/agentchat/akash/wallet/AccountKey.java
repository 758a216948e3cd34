package org.agentchat.akash.wallet;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.util.BigIntegers;

/// The key of an account on the chain, derived from a mnemonic by BIP-32. It signs, and gives its
/// secret to nobody.
public final class AccountKey {
  /// `m/44'/118'/0'/0`: Cosmos accounts (SLIP-44 coin 118).
  private static final List<Integer> ACCOUNT = List.of(hard(44), hard(118), hard(0), 0);

  private static final byte[] MASTER = "Bitcoin seed".getBytes(StandardCharsets.US_ASCII);

  private final BigInteger secret;
  private final byte[] publicKey;

  private AccountKey(BigInteger secret) {
    this.secret = secret;
    this.publicKey = Secp256k1.publicKey(secret);
  }

  /// The first account of a mnemonic, `m/44'/118'/0'/0/0`.
  public static AccountKey of(Mnemonic mnemonic) {
    return of(mnemonic, "", 0);
  }

  /// One of the accounts of a mnemonic.
  ///
  /// @param passphrase the mnemonic's own; usually empty
  /// @param index which account, the last part of the path; not negative
  public static AccountKey of(Mnemonic mnemonic, String passphrase, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("an account's index is not negative, found " + index);
    }
    Node node = Node.master(mnemonic.seed(passphrase));
    for (int step : ACCOUNT) {
      node = node.child(step);
    }
    return new AccountKey(node.child(index).secret);
  }

  private static int hard(int index) {
    return index | 0x80000000;
  }

  /// A private key with its chain code (BIP-32).
  private static final class Node {
    private final BigInteger secret;
    private final byte[] chainCode;

    private Node(BigInteger secret, byte[] chainCode) {
      this.secret = secret;
      this.chainCode = chainCode;
    }

    static Node master(byte[] seed) {
      byte[] output = Hashes.hmacSha512(MASTER, seed);
      return valid(left(output), right(output));
    }

    Node child(int step) {
      byte[] key =
          step < 0
              ? BigIntegers.asUnsignedByteArray(Secp256k1.SCALAR_BYTES + 1, secret)
              : Secp256k1.publicKey(secret);
      byte[] input = ByteBuffer.allocate(key.length + Integer.BYTES).put(key).putInt(step).array();
      byte[] output = Hashes.hmacSha512(chainCode, input);
      BigInteger tweak = left(output);
      if (tweak.compareTo(Secp256k1.order()) >= 0) {
        throw unusable();
      }
      return valid(tweak.add(secret).mod(Secp256k1.order()), right(output));
    }

    private static Node valid(BigInteger secret, byte[] chainCode) {
      if (secret.signum() == 0 || secret.compareTo(Secp256k1.order()) >= 0) {
        throw unusable();
      }
      return new Node(secret, chainCode);
    }

    private static IllegalArgumentException unusable() {
      return new IllegalArgumentException(
          "this mnemonic gives no key (it happens once in 2^127); take another");
    }

    private static BigInteger left(byte[] output) {
      return BigIntegers.fromUnsignedByteArray(output, 0, Secp256k1.SCALAR_BYTES);
    }

    private static byte[] right(byte[] output) {
      return Arrays.copyOfRange(output, Secp256k1.SCALAR_BYTES, output.length);
    }
  }

  /// The compressed public key, 33 bytes.
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /// The account's address.
  public Address address() {
    return Address.ofPublicKey(publicKey);
  }

  /// Signs the SHA-256 of a message: 64 bytes, r||s, s low; always the same for the same message.
  public byte[] sign(byte[] message) {
    return Secp256k1.sign(secret, Hashes.sha256(message));
  }

  /// The secret, for tests against published keys.
  byte[] secret() {
    return BigIntegers.asUnsignedByteArray(Secp256k1.SCALAR_BYTES, secret);
  }

  @Override
  public String toString() {
    return "key of " + address();
  }
}
