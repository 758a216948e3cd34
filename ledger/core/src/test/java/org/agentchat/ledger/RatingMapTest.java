package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.rating.RatingPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatingMapTest {
  private static final int KEYS = 200;

  private static final byte[] VALUE = Sha256.of(new byte[] {7});

  // Fixed shapes, hashed by hand

  @Test
  void emptyMapHasTheRootOfZeros() {
    assertThat(map().root()).isEqualTo(new byte[32]);
  }

  @Test
  void onlyLeafIsTheRoot() {
    byte[] key = key(0b1010_0000);
    assertThat(map(key).root()).isEqualTo(Sha256.of(new byte[] {0}, key, VALUE));
  }

  @Test
  void leavesSitWhereTheirKeysPart() {
    byte[] left = key(0b0000_0000);
    byte[] low = key(0b1000_0000);
    byte[] high = key(0b1010_0000);

    // 0 | 1 -> 10 -> 100, 101; nothing is at 11.
    byte[] pair = node(leaf(low), leaf(high));
    assertThat(map(left, low, high).root()).isEqualTo(node(leaf(left), node(pair, new byte[32])));
  }

  @Test
  void keysThatDifferInTheirLastBitAreToldApart() {
    byte[] one = new byte[32];
    byte[] other = new byte[32];
    other[31] = 1;
    RatingMap<RatingMap.Value> map = map(one, other);

    assertThat(map.path(one).siblings()).hasSize(256);
    assertIncluded(map, one, VALUE);
    assertIncluded(map, other, VALUE);
  }

  @Test
  void keyOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> map(new byte[31])).isInstanceOf(IllegalArgumentException.class);
  }

  // Any shape

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void manyValuesAtOnceAreTheSameAsOneAfterAnother(long seed) {
    Random random = new Random(seed);
    List<byte[]> keys = keys(random, KEYS);
    // Neighbours, so that some part at the last bit only.
    keys.addAll(keys.subList(0, 20).stream().map(RatingMapTest::neighbour).toList());
    RatingMap<RatingMap.Value> single = RatingMap.empty();
    RatingMap<RatingMap.Value> batched = RatingMap.empty();
    for (int batch = 0; batch < 40; batch++) {
      byte[] value = Sha256.of(new byte[] {(byte) batch});
      Collections.shuffle(keys, random);
      List<RatingMap.Put<RatingMap.Value>> puts = new ArrayList<>();
      for (byte[] key : keys.subList(0, random.nextInt(keys.size()) / (1 + batch % 20))) {
        single = single.with(key, () -> value);
        puts.add(new RatingMap.Put<>(key, () -> value));
      }
      RatingMap<RatingMap.Value> before = batched;
      byte[] rootBefore = before.root();
      batched = batched.withAll(puts);
      assertThat(batched.root()).as("seed %d, batch %d", seed, batch).isEqualTo(single.root());
      assertThat(before.root()).isEqualTo(rootBefore);
      for (byte[] key : keys) {
        assertThat(batched.path(key)).isEqualTo(single.path(key));
      }
    }
  }

  private static byte[] neighbour(byte[] key) {
    byte[] neighbour = key.clone();
    neighbour[31] ^= 1;
    return neighbour;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sameContentHasTheSameRootInEveryOrder(long seed) {
    Random random = new Random(seed);
    List<byte[]> keys = keys(random, KEYS);
    byte[] root = map(keys).root();
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(keys, random);
      RatingMap<RatingMap.Value> map = RatingMap.empty();
      for (byte[] key : keys) {
        map = map.with(key, () -> Sha256.of(key));
        if (random.nextInt(4) == 0) {
          map.root();
        }
      }
      for (byte[] key : keys) {
        map = map.with(key, () -> VALUE);
      }
      assertThat(map.root()).as("seed %d", seed).isEqualTo(root);
    }
  }

  /// The map against its definition: a hash over the sorted keys, cut in two by bit after bit.
  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void rootIsThatOfTheDefinition(long seed) {
    Random random = new Random(seed);
    RatingMap<RatingMap.Value> map = RatingMap.empty();
    NavigableMap<String, byte[]> content = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      byte[] key = keys(random, 1).getFirst();
      byte[] value = Sha256.of(new byte[] {(byte) random.nextInt()});
      map = map.with(key, () -> value);
      content.put(hex(key), value);
      assertThat(map.root()).as("seed %d", seed).isEqualTo(root(content, 0));
    }
  }

  private static byte[] root(NavigableMap<String, byte[]> content, int depth) {
    if (content.isEmpty()) {
      return new byte[32];
    }
    if (content.size() == 1) {
      byte[] key = HexFormat.of().parseHex(content.firstKey());
      return Sha256.of(new byte[] {0}, key, content.firstEntry().getValue());
    }
    NavigableMap<String, byte[]> left = new TreeMap<>();
    NavigableMap<String, byte[]> right = new TreeMap<>();
    content.forEach((key, value) -> {
      int digit = Character.digit(key.charAt(depth / 4), 16);
      boolean one = (digit & (8 >> (depth % 4))) != 0;
      (one ? right : left).put(key, value);
    });
    return node(root(left, depth + 1), root(right, depth + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 9})
  void earlierMapsStayAsTheyWere(long seed) {
    Random random = new Random(seed);
    List<byte[]> keys = keys(random, KEYS);
    List<RatingMap<RatingMap.Value>> maps = new ArrayList<>(List.of(RatingMap.empty()));
    for (byte[] key : keys) {
      maps.add(maps.getLast().with(key, () -> VALUE));
    }
    for (int size = KEYS; size >= 0; size--) {
      assertThat(maps.get(size).root())
          .as("seed %d, %d keys", seed, size)
          .isEqualTo(map(keys.subList(0, size)).root());
      assertThat(maps.get(size).find(keys.get(KEYS - 1)).isPresent()).isEqualTo(size == KEYS);
    }
  }

  // Paths

  @ParameterizedTest
  @ValueSource(longs = {10, 11})
  void everyKeyHasAPathThatVerifies(long seed) {
    Random random = new Random(seed);
    for (int size : new int[] {0, 1, 2, 3, 40}) {
      List<byte[]> keys = keys(random, size);
      RatingMap<RatingMap.Value> map = map(keys);
      keys.forEach(key -> assertIncluded(map, key, VALUE));
      for (byte[] stranger : keys(random, 20)) {
        if (map.find(stranger).isEmpty()) {
          RatingPath path = map.path(stranger);
          assertThat(verifier(map).excludes(stranger, path)).as("seed %d", seed).isTrue();
          assertThat(verifier(map).includes(stranger, VALUE, path)).isFalse();
        }
      }
    }
  }

  private static void assertIncluded(RatingMap<RatingMap.Value> map, byte[] key, byte[] value) {
    RatingPath path = map.path(key);
    assertThat(verifier(map).includes(key, value, path)).isTrue();
    assertThat(verifier(map).excludes(key, path)).isFalse();
  }

  @Test
  void onePlaceIsNoProofForAnother() {
    List<byte[]> keys = keys(new Random(12), 40);
    RatingMap<RatingMap.Value> map = map(keys);
    for (byte[] key : keys) {
      for (byte[] other : keys) {
        if (other != key) {
          assertThat(verifier(map).includes(key, VALUE, map.path(other))).isFalse();
          assertThat(verifier(map).excludes(key, map.path(other))).isFalse();
        }
      }
    }
  }

  /// A leaf of the map that sits elsewhere says nothing of a key that does not lead to it.
  @Test
  void leafElsewhereDoesNotShowAbsence() {
    byte[] left = key(0b0000_0000);
    byte[] right = key(0b1000_0000);
    byte[] absent = key(0b1100_0000);
    RatingMap<RatingMap.Value> map = map(left, right);

    assertThat(verifier(map).excludes(absent, map.path(absent))).isTrue();
    assertThat(verifier(map).excludes(absent, map.path(left))).isFalse();
  }

  @Test
  void everyFlippedBitOfAPathIsNoticed() {
    List<byte[]> keys = keys(new Random(13), 12);
    RatingMap<RatingMap.Value> map = map(keys.subList(0, 10));
    for (byte[] key : keys) {
      RatingPath path = map.path(key);
      for (RatingPath flipped : flipped(path)) {
        assertThat(verifier(map).includes(key, VALUE, flipped)).isFalse();
        assertThat(verifier(map).excludes(key, flipped)).isFalse();
      }
    }
  }

  @Test
  void everyFlippedBitOfKeyValueAndRootIsNoticed() {
    List<byte[]> keys = keys(new Random(14), 10);
    RatingMap<RatingMap.Value> map = map(keys);
    byte[] key = keys.getFirst();
    RatingPath path = map.path(key);
    for (int bit = 0; bit < 256; bit++) {
      assertThat(verifier(map).includes(flip(key, bit), VALUE, path)).isFalse();
      assertThat(verifier(map).includes(key, flip(VALUE, bit), path)).isFalse();
      RatingPathVerifier other = new RatingPathVerifier(hex(flip(map.root(), bit)));
      assertThat(other.includes(key, VALUE, path)).isFalse();
    }
  }

  @Test
  void pathThatIsCutOrStretchedIsNoticed() {
    List<byte[]> keys = keys(new Random(15), 12);
    RatingMap<RatingMap.Value> map = map(keys.subList(0, 10));
    for (byte[] key : keys) {
      RatingPath path = map.path(key);
      List<String> siblings = path.siblings();
      List<String> longer = new ArrayList<>(siblings);
      longer.addFirst("00".repeat(32));
      List<String> higher = new ArrayList<>(siblings);
      higher.addLast("00".repeat(32));
      for (List<String> changed :
          List.of(siblings.subList(1, siblings.size()), longer, higher, siblings.reversed())) {
        if (!changed.equals(siblings)) {
          assertNoProof(map, key, new RatingPath(path.occupant(), changed));
        }
      }
      assertNoProof(map, key, new RatingPath(null, siblings.subList(0, siblings.size() - 1)));
    }
  }

  private static void assertNoProof(RatingMap<RatingMap.Value> map, byte[] key, RatingPath path) {
    assertThat(verifier(map).includes(key, VALUE, path)).isFalse();
    assertThat(verifier(map).excludes(key, path)).isFalse();
  }

  private static List<RatingPath> flipped(RatingPath path) {
    List<RatingPath> flipped = new ArrayList<>();
    for (int bit = 0; bit < 256; bit++) {
      for (int i = 0; i < path.siblings().size(); i++) {
        List<String> siblings = new ArrayList<>(path.siblings());
        siblings.set(i, flip(siblings.get(i), bit));
        flipped.add(new RatingPath(path.occupant(), siblings));
      }
      RatingPath.Occupant there = path.occupant();
      if (there != null) {
        flipped.add(with(path, flip(there.key(), bit), there.valueHash()));
        flipped.add(with(path, there.key(), flip(there.valueHash(), bit)));
      }
    }
    return flipped;
  }

  private static RatingPath with(RatingPath path, String key, String valueHash) {
    return new RatingPath(new RatingPath.Occupant(key, valueHash), path.siblings());
  }

  @Test
  void pathOfAnotherShapeIsRefused() {
    String hash = "0a".repeat(32);
    for (String wrong : List.of("", "0a", hash + "0a", hash.toUpperCase(Locale.ROOT))) {
      assertThatThrownBy(() -> new RatingPath(null, List.of(wrong)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new RatingPath.Occupant(hash, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new RatingPath(null, Collections.nCopies(257, hash)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("257");
  }

  private static RatingPathVerifier verifier(RatingMap<RatingMap.Value> map) {
    return new RatingPathVerifier(hex(map.root()));
  }

  private static RatingMap<RatingMap.Value> map(byte[]... keys) {
    return map(List.of(keys));
  }

  private static RatingMap<RatingMap.Value> map(List<byte[]> keys) {
    RatingMap<RatingMap.Value> map = RatingMap.empty();
    for (byte[] key : keys) {
      map = map.with(key, () -> VALUE);
    }
    return map;
  }

  /// Half of them begin with the same bits as another.
  private static List<byte[]> keys(Random random, int count) {
    List<byte[]> keys = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(i -> {
          byte[] key = new byte[32];
          random.nextBytes(key);
          if (i > 0 && random.nextBoolean()) {
            int bit = random.nextInt(30);
            key = flip(keys.get(random.nextInt(i)), bit);
            key[31] = (byte) i;
            key[30] = (byte) random.nextInt();
          }
          keys.add(key);
        });
    return keys;
  }

  private static byte[] key(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return key;
  }

  private static byte[] leaf(byte[] key) {
    return Sha256.of(new byte[] {0}, key, VALUE);
  }

  private static byte[] node(byte[] left, byte[] right) {
    return Sha256.of(new byte[] {1}, left, right);
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    return flipped;
  }

  private static String flip(String hex, int bit) {
    return hex(flip(HexFormat.of().parseHex(hex), bit));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
