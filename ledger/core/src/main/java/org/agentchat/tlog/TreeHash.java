package org.agentchat.tlog;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.agentchat.schemas.identity.Sha256;

/// A hash in a Merkle tree, 32 bytes: of a leaf, of a subtree, or of the whole (RFC 6962 section
/// 2.1, with SHA-256). Immutable.
public final class TreeHash {
  /// Length, in bytes.
  public static final int BYTES = Sha256.BYTES;

  /// The hash of a tree without leaves.
  public static final TreeHash EMPTY = new TreeHash(Sha256.of());

  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private final byte[] raw;

  private TreeHash(byte[] raw) {
    this.raw = raw;
  }

  /// A hash from its bytes.
  ///
  /// @throws IllegalArgumentException if there are not 32
  public static TreeHash of(byte[] raw) {
    if (raw.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + raw.length);
    }
    return new TreeHash(raw.clone());
  }

  /// The hash that starts at `offset` in a run of hashes.
  static TreeHash at(byte[] hashes, int offset) {
    return new TreeHash(Arrays.copyOfRange(hashes, offset, offset + BYTES));
  }

  /// A hash from standard base64 with padding, 44 characters.
  ///
  /// @throws IllegalArgumentException if the text is not exactly that
  public static TreeHash ofBase64(String text) {
    TreeHash hash = of(Base64.getDecoder().decode(text));
    if (!hash.base64().equals(text)) {
      throw new IllegalArgumentException("not the canonical base64 of a hash: " + text);
    }
    return hash;
  }

  /// The hash of a leaf: of an entry's bytes after a zero byte.
  public static TreeHash ofLeaf(byte[] entry) {
    return new TreeHash(Sha256.of(LEAF, entry));
  }

  /// The hash of a node with two children: of both hashes after a one byte.
  public static TreeHash node(TreeHash left, TreeHash right) {
    return new TreeHash(Sha256.of(NODE, left.raw, right.raw));
  }

  /// A copy of the 32 bytes.
  public byte[] raw() {
    return raw.clone();
  }

  /// Standard base64 with padding, the form of checkpoints and proofs.
  public String base64() {
    return Base64.getEncoder().encodeToString(raw);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeHash hash && Arrays.equals(raw, hash.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(raw);
  }
}
