package org.agentchat.ledger;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Sha256;

/// The Merkle tree over the log's entries, kept as the roots of its full subtrees: enough to append
/// and to name the root, in memory that grows with the logarithm of the log (RFC 6962 section 2.1).
public final class MerkleFrontier {
  private static final byte[] NODE = {1};

  /// Roots of full subtrees, largest first; one for each bit set in `size`.
  private final List<byte[]> roots = new ArrayList<>();

  private final MessageDigest digest = Sha256.digest();
  private long size;

  /// How many entries the tree has.
  public long size() {
    return size;
  }

  /// Adds the next entry.
  public void append(LeafHash leaf) {
    byte[] node = leaf.raw();
    for (long bits = size; (bits & 1) == 1; bits >>= 1) {
      node = parent(roots.removeLast(), node);
    }
    roots.add(node);
    size++;
  }

  /// The root hash, 32 bytes; for no entries the hash of nothing.
  public byte[] root() {
    if (roots.isEmpty()) {
      return Sha256.of();
    }
    byte[] root = roots.getLast();
    for (int i = roots.size() - 2; i >= 0; i--) {
      root = parent(roots.get(i), root);
    }
    return root.clone();
  }

  private byte[] parent(byte[] left, byte[] right) {
    digest.update(NODE);
    digest.update(left);
    digest.update(right);
    return digest.digest();
  }
}
