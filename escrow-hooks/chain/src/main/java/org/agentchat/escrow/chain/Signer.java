package org.agentchat.escrow.chain;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/// Somebody's key on EVM chains. Signatures follow RFC 6979: the same input gives the same bytes.
/// The key itself does not come out, in messages either.
public final class Signer {
  private static final int KEY_BYTES = 32;
  private static final BigInteger ORDER = Sign.CURVE_PARAMS.getN();

  private final Credentials credentials;
  private final Address address;

  private Signer(ECKeyPair pair) {
    this.credentials = Credentials.create(pair);
    this.address = Address.parse(credentials.getAddress());
  }

  static Signer of(ECKeyPair pair) {
    return new Signer(pair);
  }

  /// From 64 hexadecimal digits, with or without `0x`.
  ///
  /// @throws IllegalArgumentException if they are no key; the message does not repeat them
  public static Signer ofHex(String hex) {
    String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
    if (!digits.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          "a private key is 64 hexadecimal digits, not %d characters".formatted(digits.length()));
    }
    BigInteger secret = new BigInteger(digits, 16);
    if (secret.signum() == 0 || secret.compareTo(ORDER) >= 0) {
      throw new IllegalArgumentException("these 64 digits are no private key of secp256k1");
    }
    return new Signer(ECKeyPair.create(secret));
  }

  /// Whose key it is.
  public Address address() {
    return address;
  }

  /// A signature over 32 bytes that are a hash already: r, s and v (27 or 28), 65 bytes, with the
  /// lower of the two possible s.
  ///
  /// @throws IllegalArgumentException if there are not 32
  public byte[] signHash(byte[] hash) {
    if (hash.length != KEY_BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + hash.length);
    }
    Sign.SignatureData signature = Sign.signMessage(hash, credentials.getEcKeyPair(), false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(signature.getR());
    bytes.writeBytes(signature.getS());
    bytes.writeBytes(signature.getV());
    return bytes.toByteArray();
  }

  /// An EIP-1559 transaction, signed and not sent yet.
  Attempt attempt(long chainId, Request request, long nonce, Fees fees, long gasLimit) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            BigInteger.valueOf(gasLimit),
            request.to().map(Address::hex).orElse(""),
            request.value(),
            request.data(),
            fees.tip(),
            fees.max());
    byte[] raw = TransactionEncoder.signMessage(transaction, credentials);
    return new Attempt(
        Hash.of(org.web3j.crypto.Hash.sha3(raw)),
        Numeric.toHexString(raw),
        fees,
        gasLimit,
        java.util.OptionalLong.empty());
  }

  ECKeyPair pair() {
    return credentials.getEcKeyPair();
  }

  @Override
  public String toString() {
    return "Signer[" + address + "]";
  }
}
