package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Sha256;
import org.junit.jupiter.api.Test;

class MerkleFrontierTest {
  private static final HexFormat HEX = HexFormat.of();

  /// The leaves and roots that Certificate Transparency publishes (transparency-dev/merkle).
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void rootsAreThePublishedOnes() {
    MerkleFrontier tree = new MerkleFrontier();
    assertThat(HEX.formatHex(tree.root())).isEqualTo(ROOTS.getFirst());
    for (String leaf : LEAVES) {
      tree.append(LeafHash.of(HEX.parseHex(leaf)));
      assertThat(HEX.formatHex(tree.root())).isEqualTo(ROOTS.get((int) tree.size()));
    }
  }

  @Test
  void rootsAreThoseOfTheDefinition() {
    MerkleFrontier tree = new MerkleFrontier();
    List<byte[]> leaves = new ArrayList<>();
    for (int size = 0; size <= 300; size++) {
      assertThat(tree.size()).isEqualTo(size);
      assertThat(tree.root()).isEqualTo(definition(leaves));
      LeafHash leaf = LeafHash.of(new byte[] {(byte) size, (byte) (size >> 8)});
      tree.append(leaf);
      leaves.add(leaf.raw());
    }
  }

  @Test
  void callersCannotReachTheTree() {
    MerkleFrontier tree = new MerkleFrontier();
    tree.append(LeafHash.of(new byte[0]));
    tree.root()[0] ^= 1;

    assertThat(HEX.formatHex(tree.root())).isEqualTo(ROOTS.get(1));
  }

  /// RFC 6962 section 2.1, word for word.
  private static byte[] definition(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return Sha256.of();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    byte[] left = definition(leaves.subList(0, k));
    byte[] right = definition(leaves.subList(k, leaves.size()));
    return Sha256.of(new byte[] {1}, left, right);
  }
}
