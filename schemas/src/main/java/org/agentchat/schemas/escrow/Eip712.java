package org.agentchat.schemas.escrow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.util.BigIntegers;

/// Hashes of typed structured data (EIP-712), for structs whose members are all of one word each.
public final class Eip712 {
  private static final int WORD = 32;
  private static final byte[] PREFIX = {0x19, 0x01};
  private static final String DOMAIN_TYPE =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

  private Eip712() {}

  /// What a signature is for: no other contract, and no copy of it on another chain, takes it.
  public record Domain(
      String name, String version, BigInteger chainId, EvmAddress verifyingContract) {
    /// `domainSeparator` of EIP-712, 32 bytes.
    public byte[] separator() {
      return hashStruct(
          DOMAIN_TYPE, hashOf(name), hashOf(version), word(chainId), word(verifyingContract));
    }

    /// What is signed for a struct in this domain: the hash of 0x1901, [#separator] and the
    /// struct's hash, 32 bytes.
    public byte[] digest(byte[] structHash) {
      return keccak256(PREFIX, separator(), structHash);
    }
  }

  /// `hashStruct` of EIP-712, 32 bytes.
  ///
  /// @param type as `encodeType` writes it, for example `Person(string name,address wallet)`
  /// @param words the members in their order, 32 bytes each
  /// @throws IllegalArgumentException if one has another length
  public static byte[] hashStruct(String type, byte[]... words) {
    byte[][] parts = new byte[words.length + 1][];
    parts[0] = hashOf(type);
    for (int i = 0; i < words.length; i++) {
      if (words[i].length != WORD) {
        throw new IllegalArgumentException(
            "member %d of %s has %d bytes, 32 wanted".formatted(i, type, words[i].length));
      }
      parts[i + 1] = words[i];
    }
    return keccak256(parts);
  }

  /// A number as one word, big-endian.
  ///
  /// @throws IllegalArgumentException if it is negative or needs more than 256 bits
  public static byte[] word(BigInteger number) {
    if (number.signum() < 0) {
      throw new IllegalArgumentException("an unsigned number wanted, found " + number);
    }
    return BigIntegers.asUnsignedByteArray(WORD, number);
  }

  /// A number as one word, big-endian.
  ///
  /// @throws IllegalArgumentException if it is negative
  public static byte[] word(long number) {
    return word(BigInteger.valueOf(number));
  }

  /// An address as one word: zeros, then its 20 bytes.
  public static byte[] word(EvmAddress address) {
    byte[] word = new byte[WORD];
    System.arraycopy(address.raw(), 0, word, WORD - EvmAddress.BYTES, EvmAddress.BYTES);
    return word;
  }

  /// A string member: the hash of its UTF-8 form.
  public static byte[] hashOf(String text) {
    return keccak256(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Keccak-256 of the parts, one after another: the hash of EVM chains, with the padding from
  /// before SHA-3 became a standard.
  public static byte[] keccak256(byte[]... parts) {
    KeccakDigest digest = new KeccakDigest(8 * WORD);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] hash = new byte[WORD];
    digest.doFinal(hash, 0);
    return hash;
  }

  /// The address of an uncompressed public key: the last 20 bytes of the hash of its coordinates.
  ///
  /// @param coordinates x and y, 32 bytes each
  static EvmAddress addressOf(byte[] coordinates) {
    byte[] hash = keccak256(coordinates);
    return EvmAddress.of(Arrays.copyOfRange(hash, WORD - EvmAddress.BYTES, WORD));
  }
}
