package org.agentchat.ledger;

import org.agentchat.schemas.identity.Sha256;

/// The hashes of a rating map's nodes. The first byte tells leaf from node, as in RFC 6962 section
/// 2.1; a leaf's key is part of its hash, so it speaks for no other.
final class RatingHash {
  /// Of a place where nothing is: 32 zero bytes, which no leaf and no node has.
  static final byte[] EMPTY = new byte[Sha256.BYTES];

  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private RatingHash() {}

  /// SHA-256 of a zero byte, the key and the value's hash.
  static byte[] leaf(byte[] key, byte[] valueHash) {
    return Sha256.of(LEAF, key, valueHash);
  }

  /// SHA-256 of a one byte and both halves.
  static byte[] node(byte[] left, byte[] right) {
    return Sha256.of(NODE, left, right);
  }

  /// Whether the key leads right at the depth: its bits are read from the most significant on.
  static boolean isRight(byte[] key, int depth) {
    return ((key[depth / Byte.SIZE] >> (Byte.SIZE - 1 - depth % Byte.SIZE)) & 1) == 1;
  }
}
