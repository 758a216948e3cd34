package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.tlog.Vectors.Consistency;
import org.agentchat.tlog.Vectors.Inclusion;
import org.agentchat.tlog.Vectors.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What others say is a proof, and what is not: each published vector decides here as it does
/// there.
class PublishedVectorsTest {
  private static final Function<String, TreeHash> AS_READ = Vectors::hash;

  /// Published as valid, with two equal "hashes" of 12 bytes: that verifier compares any bytes. A
  /// hash of ours has 32, so these never become proofs.
  private static final Set<String> OF_NO_HASHES =
      Set.of(
          "consistency/additional/sizes-are-equal-one-and-proof-is-empty",
          "consistency/additional/sizes-are-equal-zero-and-proof-is-empty");

  private final Vectors.Reference reference = Vectors.reference();
  private final Prover prover = new Prover(Trees.subtrees(reference.leaves()));

  static List<Inclusion> inclusion() {
    return Vectors.inclusion();
  }

  static List<Consistency> consistency() {
    return Vectors.consistency();
  }

  @ParameterizedTest
  @MethodSource("inclusion")
  void inclusionIsDecidedAsPublished(Inclusion vector) {
    Verdict wrong = vector.wellFormed() ? Verdict.NOT_PROVED : Verdict.MALFORMED;
    assertThat(vector.verdict(AS_READ)).isEqualTo(vector.valid() ? Verdict.PROVED : wrong);
  }

  @ParameterizedTest
  @MethodSource("consistency")
  void consistencyIsDecidedAsPublished(Consistency vector) {
    Verdict wrong = vector.wellFormed() ? Verdict.NOT_PROVED : Verdict.MALFORMED;
    boolean proved = vector.valid() && !OF_NO_HASHES.contains(vector.toString());
    assertThat(vector.verdict(AS_READ)).isEqualTo(proved ? Verdict.PROVED : wrong);
  }

  @Test
  void vectorsOfNoHashesAreDecidedAsPublishedOnceTheyHaveSome() {
    List<Consistency> vectors =
        consistency().stream().filter(one -> OF_NO_HASHES.contains(one.toString())).toList();

    assertThat(vectors).hasSameSizeAs(OF_NO_HASHES);
    assertThat(vectors)
        .allSatisfy(one ->
            assertThat(one.verdict(PublishedVectorsTest::madeAHash)).isEqualTo(Verdict.PROVED));
  }

  private static TreeHash madeAHash(String text) {
    return TreeHash.of(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The publishers' verifier refuses every proof from size 0. Ours does what C2SP tlog-witness
  /// asks: from nothing, with no path, and with the root of nothing.
  @Test
  void everyTreeGrewFromTheOneWithoutLeaves() {
    TreeHash root = reference.roots().getLast();

    assertThat(new ConsistencyProof(0, 8, List.of()).proves(TreeHash.EMPTY, root)).isTrue();
    assertThat(new ConsistencyProof(0, 8, List.of(root)).proves(TreeHash.EMPTY, root)).isFalse();
    assertThat(new ConsistencyProof(0, 8, List.of()).proves(root, root)).isFalse();
  }

  @Test
  void noVectorWasLost() {
    assertThat(inclusion()).hasSize(98).doesNotHaveDuplicates();
    assertThat(inclusion().stream().filter(Inclusion::valid)).hasSize(6);
    assertThat(consistency()).hasSize(98).doesNotHaveDuplicates();
    assertThat(consistency().stream().filter(Consistency::valid)).hasSize(7);
  }

  @Test
  void treeOfEightLeavesHasThePublishedRoots() {
    for (int size = 1; size <= 8; size++) {
      TreeHash root = reference.roots().get(size - 1);
      assertThat(prover.head(size)).isEqualTo(new TreeHead(size, root));
    }
  }

  @Test
  void proverMakesThePublishedProofs() {
    for (InclusionProof known : reference.inclusion()) {
      assertThat(prover.inclusion(known.index(), known.size())).isEqualTo(known);
      assertThat(known.proves(leaf(known), root(known.size()))).isTrue();
    }
    for (ConsistencyProof known : reference.consistency()) {
      assertThat(prover.consistency(known.from(), known.to())).isEqualTo(known);
      assertThat(known.proves(root(known.from()), root(known.to()))).isTrue();
    }
  }

  @Test
  void truncatedProofProvesNothing() {
    for (InclusionProof known : reference.inclusion()) {
      for (List<TreeHash> path : shortened(known.path())) {
        InclusionProof wrong = new InclusionProof(known.index(), known.size(), path);
        assertThat(wrong.proves(leaf(known), root(known.size()))).isFalse();
      }
    }
    for (ConsistencyProof known : reference.consistency()) {
      for (List<TreeHash> path : shortened(known.path())) {
        ConsistencyProof wrong = new ConsistencyProof(known.from(), known.to(), path);
        assertThat(wrong.proves(root(known.from()), root(known.to()))).isFalse();
      }
    }
  }

  /// All beginnings and all ends of the path, none of them whole.
  private static List<List<TreeHash>> shortened(List<TreeHash> path) {
    List<List<TreeHash>> parts = new ArrayList<>();
    for (int length = 0; length < path.size(); length++) {
      parts.add(path.subList(0, length));
      parts.add(path.subList(path.size() - length, path.size()));
    }
    return parts;
  }

  @Test
  void proofForOneIndexProvesNoOther() {
    for (InclusionProof known : reference.inclusion()) {
      for (long index = 0; index < known.size(); index++) {
        InclusionProof moved = new InclusionProof(index, known.size(), known.path());
        assertThat(moved.proves(leaf(known), root(known.size()))).isEqualTo(index == known.index());
      }
    }
  }

  /// A path fixes the size only as far as its length does: it is the checkpoint that binds size and
  /// root.
  @Test
  void proofForASizeWithAnotherPathLengthProvesNothing() {
    for (InclusionProof known : reference.inclusion()) {
      for (long size = known.index() + 1; size <= 70; size++) {
        InclusionProof moved = new InclusionProof(known.index(), size, known.path());
        boolean sameLength = length(known.index(), size) == known.path().size();
        assertThat(moved.proves(leaf(known), root(known.size())) && !sameLength).isFalse();
      }
    }
  }

  private static int length(long index, long size) {
    Prover anyTree = new Prover((_, _) -> TreeHash.EMPTY);
    return anyTree.inclusion(index, size).path().size();
  }

  @Test
  void proofFromAnotherSizeProvesNothing() {
    for (ConsistencyProof known : reference.consistency()) {
      for (long from = 0; from <= known.to(); from++) {
        ConsistencyProof moved = new ConsistencyProof(from, known.to(), known.path());
        assertThat(moved.proves(root(known.from()), root(known.to())))
            .isEqualTo(from == known.from());
      }
    }
  }

  @Test
  void anyFlippedBitOfAnInclusionProofIsSeen() {
    for (Inclusion vector : inclusion().stream().filter(Inclusion::valid).toList()) {
      InclusionProof known = vector.proof(AS_READ);
      for (int bit = 0; bit < 8 * TreeHash.BYTES; bit++) {
        assertThat(known.proves(flip(vector.leaf(), bit), vector.root())).isFalse();
        assertThat(known.proves(vector.leaf(), flip(vector.root(), bit))).isFalse();
        for (List<TreeHash> path : flipped(known.path(), bit)) {
          InclusionProof wrong = new InclusionProof(known.index(), known.size(), path);
          assertThat(wrong.proves(vector.leaf(), vector.root())).isFalse();
        }
      }
    }
  }

  @Test
  void anyFlippedBitOfAConsistencyProofIsSeen() {
    for (ConsistencyProof known : reference.consistency()) {
      TreeHash before = root(known.from());
      TreeHash after = root(known.to());
      for (int bit = 0; bit < 8 * TreeHash.BYTES; bit++) {
        assertThat(known.proves(flip(before, bit), after)).isFalse();
        assertThat(known.proves(before, flip(after, bit))).isFalse();
        for (List<TreeHash> path : flipped(known.path(), bit)) {
          ConsistencyProof wrong = new ConsistencyProof(known.from(), known.to(), path);
          assertThat(wrong.proves(before, after)).isFalse();
        }
      }
    }
  }

  /// The path once for each of its hashes, that hash with the bit flipped.
  private static List<List<TreeHash>> flipped(List<TreeHash> path, int bit) {
    List<List<TreeHash>> paths = new ArrayList<>();
    for (int at = 0; at < path.size(); at++) {
      List<TreeHash> wrong = new ArrayList<>(path);
      wrong.set(at, flip(path.get(at), bit));
      paths.add(wrong);
    }
    return paths;
  }

  private static TreeHash flip(TreeHash hash, int bit) {
    byte[] raw = hash.raw();
    raw[bit / 8] ^= (byte) (1 << (bit % 8));
    return TreeHash.of(raw);
  }

  @Test
  void proofOutsideItsTreeOrTooLongIsRefused() {
    List<TreeHash> endless = List.copyOf(Collections.nCopies(64, TreeHash.EMPTY));

    assertThatThrownBy(() -> new InclusionProof(-1, 8, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no leaf -1 in a tree of 8");
    assertThatThrownBy(() -> new InclusionProof(8, 8, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new InclusionProof(0, Long.MIN_VALUE, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new InclusionProof(0, Long.MAX_VALUE, endless))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConsistencyProof(8, 7, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConsistencyProof(1, Long.MAX_VALUE, endless))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The sizes that arithmetic gets wrong: no exception, no endless loop, nothing proved.
  @Test
  void proofForTheLargestTreesIsDecided() {
    List<TreeHash> path = Collections.nCopies(InclusionProof.MAX_PATH, TreeHash.EMPTY);
    long max = Long.MAX_VALUE;

    for (long index : new long[] {0, 1, max / 2, max - 2, max - 1}) {
      InclusionProof proof = new InclusionProof(index, max, path);
      assertThat(proof.proves(TreeHash.EMPTY, TreeHash.EMPTY)).isFalse();
    }
    for (long from : new long[] {1, 2, 1L << 62, max - 1}) {
      ConsistencyProof proof = new ConsistencyProof(from, max, path);
      assertThat(proof.proves(TreeHash.EMPTY, TreeHash.EMPTY)).isFalse();
    }
  }

  private TreeHash leaf(InclusionProof known) {
    return reference.leaves().get((int) known.index());
  }

  private TreeHash root(long size) {
    return reference.roots().get((int) size - 1);
  }
}
