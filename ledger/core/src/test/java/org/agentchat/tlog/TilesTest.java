package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TilesTest {
  @Test
  void pathIsThatOfTheSpecification() {
    TilePath tile = new TilePath(0, 1_234_067, TilePath.FULL);
    assertThat(tile).hasToString("tile/0/x001/x234/067");
    assertThat(new TilePath(TilePath.ENTRIES, 5, 7)).hasToString("tile/entries/005.p/7");
    assertThat(TilePath.parse("tile/0/x001/x234/067")).contains(tile);
    assertThat(TilePath.parse("tile/63/999.p/255")).contains(new TilePath(63, 999, 255));
  }

  @Test
  void onlyOneSpellingOfAPathIsRead() {
    for (String path :
        List.of(
            "",
            "tile/0/0",
            "tile/00/000",
            "tile/64/000",
            "tile/0/x000/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/01",
            "tile/-1/000",
            "tile/entries/../000",
            "/tile/0/000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999")) {
      assertThat(TilePath.parse(path)).as(path).isEmpty();
    }
  }

  @Test
  void treeOfSeventyThousandHasTheTilesOfTheSpecificationsExample() {
    assertThat(TilePath.in(70_000, 0, 272)).contains(new TilePath(0, 272, 256));
    assertThat(TilePath.in(70_000, 0, 273)).contains(new TilePath(0, 273, 112));
    assertThat(TilePath.in(70_000, 0, 274)).isEmpty();
    assertThat(TilePath.in(70_000, 1, 0)).contains(new TilePath(1, 0, 256));
    assertThat(TilePath.in(70_000, 1, 1)).contains(new TilePath(1, 1, 17));
    assertThat(TilePath.in(70_000, 2, 0)).contains(new TilePath(2, 0, 1));
    assertThat(TilePath.in(70_000, 3, 0)).isEmpty();
    assertThat(TilePath.in(70_000, 8, 0)).isEmpty();
    assertThat(TilePath.in(70_000, 0, 1L << 56)).isEmpty();
    assertThat(TilePath.in(0, 0, 0)).isEmpty();
  }

  @Test
  void proofsFromTilesAreThoseFromTheTree() {
    List<TreeHash> leaves = Trees.leaves(1_000);
    Random random = new Random(11);
    Prover plain = new Prover(Trees.subtrees(leaves));
    for (int round = 0; round < 60; round++) {
      int size = 1 + random.nextInt(leaves.size());
      Prover tiled = new Prover(new TiledSubtrees(size, path -> Trees.tile(leaves, path)));
      int from = random.nextInt(size);
      assertThat(tiled.head(size)).isEqualTo(plain.head(size));
      assertThat(tiled.inclusion(from, size)).isEqualTo(plain.inclusion(from, size));
      assertThat(tiled.consistency(from, size)).isEqualTo(plain.consistency(from, size));
    }
  }

  @Test
  void tileOfAnotherLengthIsRefused() {
    Tile tile = new Tile(Trees.leaves(3));
    assertThat(Tile.decode(tile.encode(), 3)).isEqualTo(tile);
    assertThatThrownBy(() -> Tile.decode(tile.encode(), 4))
        .hasMessage("a tile of 96 bytes, 128 wanted");
  }

  @Test
  void bundleGivesItsEntriesBackAndNothingElse() {
    List<byte[]> entries = new ArrayList<>();
    for (String text : List.of("", "a", "x".repeat(EntryBundle.MAX_ENTRY_BYTES))) {
      entries.add(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bundle = EntryBundle.encode(entries);

    assertThat(EntryBundle.decode(bundle, 3)).containsExactlyElementsOf(entries);
    assertThatThrownBy(() -> EntryBundle.decode(bundle, 2)).hasMessageContaining("2 wanted");
    assertThatThrownBy(() -> EntryBundle.decode(bundle, 4)).hasMessageContaining("4 wanted");
    assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 9, 1}, 1))
        .hasMessage("entry 0 of a bundle ends at 11 of 3");
    assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
        .hasMessage("an entry of 65536 bytes, at most 65535 wanted");
  }
}
