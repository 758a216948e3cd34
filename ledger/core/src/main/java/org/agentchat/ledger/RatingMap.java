package org.agentchat.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.rating.RatingPath;
import org.jspecify.annotations.Nullable;

/// A Merkle map from 32-byte keys to values that have a hash: a binary trie in which a leaf sits at
/// the shortest prefix that no other key shares. The same content has the same root, whatever the
/// order in which it came.
///
/// Immutable, and safe to read from any thread: putting a value makes a new map that shares all but
/// the nodes above it. Hashes are computed when a root or a path is asked for, once for each node,
/// so a map costs no hashing until then. Hashes of nodes are [RatingHash]'s.
final class RatingMap<V extends RatingMap.Value> {
  /// Length of a key, in bytes.
  static final int KEY_BYTES = 32;

  private static final RatingMap<?> EMPTY = new RatingMap<>(new Node.Empty<>());

  private final Node<V> root;

  private RatingMap(Node<V> root) {
    this.root = root;
  }

  /// What a key leads to.
  interface Value {
    /// 32 bytes, always the same.
    byte[] hash();
  }

  /// A value to put.
  ///
  /// @param key 32 bytes, never changed afterwards
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Put<V extends Value>(byte[] key, V value) {}

  /// A place in the trie: nothing, a value, or two places.
  private sealed interface Node<V extends Value> {
    byte[] hash();

    record Empty<V extends Value>() implements Node<V> {
      @Override
      public byte[] hash() {
        return RatingHash.EMPTY;
      }
    }

    final class Leaf<V extends Value> implements Node<V> {
      private final byte[] key;
      private final V value;
      private volatile byte @Nullable [] hash;

      Leaf(byte[] key, V value) {
        this.key = key;
        this.value = value;
      }

      @Override
      public byte[] hash() {
        byte[] known = hash;
        if (known == null) {
          known = RatingHash.leaf(key, value.hash());
          hash = known;
        }
        return known;
      }
    }

    final class Inner<V extends Value> implements Node<V> {
      private final Node<V> left;
      private final Node<V> right;
      private volatile byte @Nullable [] hash;

      Inner(Node<V> left, Node<V> right) {
        this.left = left;
        this.right = right;
      }

      @Override
      public byte[] hash() {
        byte[] known = hash;
        if (known == null) {
          known = RatingHash.node(left.hash(), right.hash());
          hash = known;
        }
        return known;
      }
    }
  }

  /// The map of nothing.
  @SuppressWarnings("unchecked") // without values there are none of a wrong type
  static <V extends Value> RatingMap<V> empty() {
    return (RatingMap<V>) EMPTY;
  }

  /// The map in which the key leads to the value, whatever it led to before.
  ///
  /// @param key 32 bytes, never changed afterwards
  RatingMap<V> with(byte[] key, V value) {
    return new RatingMap<>(put(root, 0, leaf(key, value)));
  }

  /// The map in which each of the keys leads to its value, whatever it led to before. Makes each
  /// node above them once, where one value at a time would make those near the root again and
  /// again.
  ///
  /// @param values no key twice
  RatingMap<V> withAll(List<Put<V>> values) {
    List<Node.Leaf<V>> leaves = new ArrayList<>(values.size());
    values.forEach(put -> leaves.add(leaf(put.key(), put.value())));
    return new RatingMap<>(putAll(root, 0, leaves));
  }

  private static <V extends Value> Node.Leaf<V> leaf(byte[] key, V value) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
    }
    return new Node.Leaf<>(key, value);
  }

  private static <V extends Value> Node<V> putAll(
      Node<V> node, int depth, List<Node.Leaf<V>> added) {
    if (added.isEmpty()) {
      return node;
    }
    if (added.size() == 1) {
      return put(node, depth, added.getFirst());
    }
    List<Node.Leaf<V>> lefts = new ArrayList<>();
    List<Node.Leaf<V>> rights = new ArrayList<>();
    for (Node.Leaf<V> leaf : added) {
      (RatingHash.isRight(leaf.key, depth) ? rights : lefts).add(leaf);
    }
    return new Node.Inner<>(
        putAll(below(node, depth, false), depth + 1, lefts),
        putAll(below(node, depth, true), depth + 1, rights));
  }

  /// What is on one side of a place that is to be divided.
  private static <V extends Value> Node<V> below(Node<V> node, int depth, boolean right) {
    return switch (node) {
      case Node.Inner<V> inner -> right ? inner.right : inner.left;
      case Node.Leaf<V> leaf when RatingHash.isRight(leaf.key, depth) != right ->
          new Node.Empty<>();
      case Node.Leaf<V> _, Node.Empty<V> _ -> node;
    };
  }

  private static <V extends Value> Node<V> put(Node<V> node, int depth, Node.Leaf<V> added) {
    return switch (node) {
      case Node.Inner<V> inner ->
          RatingHash.isRight(added.key, depth)
              ? new Node.Inner<>(inner.left, put(inner.right, depth + 1, added))
              : new Node.Inner<>(put(inner.left, depth + 1, added), inner.right);
      case Node.Empty<V> _ -> added;
      case Node.Leaf<V> leaf ->
          Arrays.equals(leaf.key, added.key) ? added : parted(leaf, added, depth);
    };
  }

  /// Both leaves, each below the first bit that tells them apart.
  private static <V extends Value> Node<V> parted(
      Node.Leaf<V> present, Node.Leaf<V> added, int depth) {
    boolean right = RatingHash.isRight(added.key, depth);
    if (right != RatingHash.isRight(present.key, depth)) {
      return right ? new Node.Inner<>(present, added) : new Node.Inner<>(added, present);
    }
    Node<V> both = parted(present, added, depth + 1);
    return right
        ? new Node.Inner<>(new Node.Empty<>(), both)
        : new Node.Inner<>(both, new Node.Empty<>());
  }

  /// What the key leads to.
  Optional<V> find(byte[] key) {
    return end(key, new ArrayDeque<>()) instanceof Node.Leaf<V> leaf && Arrays.equals(leaf.key, key)
        ? Optional.of(leaf.value)
        : Optional.empty();
  }

  /// The root, 32 bytes; [RatingHash#EMPTY] of the empty map.
  byte[] root() {
    return root.hash().clone();
  }

  /// Shows what the key leads to, or that it leads to nothing.
  RatingPath path(byte[] key) {
    Deque<Node<V>> siblings = new ArrayDeque<>();
    Node<V> end = end(key, siblings);
    List<String> hashes = new ArrayList<>();
    siblings.forEach(sibling -> hashes.add(HexFormat.of().formatHex(sibling.hash())));
    return new RatingPath(occupant(end), hashes);
  }

  private static <V extends Value> RatingPath.@Nullable Occupant occupant(Node<V> end) {
    return end instanceof Node.Leaf<V> leaf
        ? new RatingPath.Occupant(
            HexFormat.of().formatHex(leaf.key), HexFormat.of().formatHex(leaf.value.hash()))
        : null;
  }

  /// Where the key leads to.
  ///
  /// @param siblings receives what is beside the way, the lowest first
  private Node<V> end(byte[] key, Deque<Node<V>> siblings) {
    Node<V> node = root;
    while (node instanceof Node.Inner<V> inner) {
      boolean right = RatingHash.isRight(key, siblings.size());
      siblings.push(right ? inner.left : inner.right);
      node = right ? inner.right : inner.left;
    }
    return node;
  }
}
