package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proofs between every pair of sizes of small trees, against the definition.
class ProverTest {
  private static final int SIZE = 70;
  private static final List<TreeHash> LEAVES = Trees.leaves(SIZE);
  private final Prover prover = new Prover(Trees.subtrees(LEAVES));

  private static TreeHash root(int size) {
    return Trees.root(LEAVES.subList(0, size));
  }

  @Test
  void headIsThatOfTheDefinition() {
    for (int size = 0; size <= SIZE; size++) {
      assertThat(prover.head(size)).isEqualTo(new TreeHead(size, root(size)));
    }
  }

  @Test
  void everyLeafIsProvedInEveryTreeAndNowhereElse() {
    for (int size = 1; size <= SIZE; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof proof = prover.inclusion(index, size);
        assertThat(proof.proves(LEAVES.get(index), root(size))).isTrue();
        assertThat(proof.proves(LEAVES.get((index + 1) % SIZE), root(size))).isFalse();
        assertThat(proof.proves(LEAVES.get(index), root(size - 1))).isFalse();
        if (index + 1 < size) {
          InclusionProof moved = new InclusionProof(index + 1, size, proof.path());
          assertThat(moved.proves(LEAVES.get(index), root(size))).isFalse();
        }
      }
    }
  }

  @Test
  void everyTreeIsProvedToHaveGrownFromEverySmallerOne() {
    for (int to = 0; to <= SIZE; to++) {
      for (int from = 0; from <= to; from++) {
        ConsistencyProof proof = prover.consistency(from, to);
        assertThat(proof.proves(root(from), root(to))).isTrue();
        if (from > 0) {
          assertThat(proof.proves(Trees.root(Trees.leaves(1)), TreeHash.EMPTY)).isFalse();
          assertThat(proof.proves(root(from - 1), root(to))).isFalse();
        }
      }
    }
  }

  @Test
  void proofWithAnyBitFlippedOrAnyHashLeftOutProvesNothing() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      int size = 2 + random.nextInt(SIZE - 2);
      int index = random.nextInt(size);
      InclusionProof proof = prover.inclusion(index, size);
      for (List<TreeHash> path : damaged(proof.path(), random)) {
        InclusionProof wrong = new InclusionProof(index, size, path);
        assertThat(wrong.proves(LEAVES.get(index), root(size))).isFalse();
      }
      int from = 1 + random.nextInt(size - 1);
      ConsistencyProof grown = prover.consistency(from, size);
      for (List<TreeHash> path : damaged(grown.path(), random)) {
        ConsistencyProof wrong = new ConsistencyProof(from, size, path);
        assertThat(wrong.proves(root(from), root(size))).isFalse();
      }
    }
  }

  private static List<List<TreeHash>> damaged(List<TreeHash> path, Random random) {
    int at = random.nextInt(path.size());
    List<TreeHash> flipped = new ArrayList<>(path);
    byte[] raw = path.get(at).raw();
    raw[random.nextInt(raw.length)] ^= (byte) (1 << random.nextInt(8));
    flipped.set(at, TreeHash.of(raw));
    List<TreeHash> shorter = new ArrayList<>(path);
    shorter.remove(at);
    List<TreeHash> longer = new ArrayList<>(path);
    longer.add(at, path.get(at));
    return List.of(flipped, shorter, longer);
  }

  @Test
  void nobodyCanAskForALeafThatIsNotThere() {
    assertThatThrownBy(() -> prover.inclusion(5, 5)).hasMessage("no leaf 5 in a tree of 5");
    assertThatThrownBy(() -> prover.consistency(6, 5))
        .hasMessage("no tree of 5 grew from one of 6");
  }
}
