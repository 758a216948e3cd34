package org.agentchat.schemas.rating;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;

class RatingLeafTest {
  private static final AgentKey KEY =
      AgentKey.ofBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  private static final AgentHistory ONCE = AgentHistory.EMPTY.with(3, LeafHash.of(new byte[0]));

  @Test
  void leafHasExactlyTheseBytes() {
    assertThat(new String(leaf("b\"\u2028", "a").bytes(), UTF_8))
        .isEqualTo(
            ("{'agent':'@7f2d9ed0b71b8e5a','capabilities':{'a':{'rating':1210,'transactions':3},"
                    + "'b\\'\u2028':{'rating':1210,'transactions':3}},'events':1,'history':'HEAD',"
                    + "'key':'11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=','rating':1234,"
                    + "'revoked':false,'staked':7,'transactions':5}")
                .replace('\'', '"')
                .replace("HEAD", ONCE.head()));
  }

  @Test
  void leafIsReadBackFromItsCanonicalBytesOnly() {
    RatingLeaf leaf = leaf("x", "\ud83d\ude00", "\uffee");
    byte[] bytes = leaf.bytes();

    assertThat(RatingLeaf.of(bytes)).isEqualTo(leaf);
    assertThat(bytes).isEqualTo(Json.canonical(Json.parse(bytes)));
    for (int i = 0; i < bytes.length; i++) {
      byte[] spaced = new byte[bytes.length + 1];
      System.arraycopy(bytes, 0, spaced, 0, i);
      spaced[i] = ' ';
      System.arraycopy(bytes, i, spaced, i + 1, bytes.length - i);
      assertNotThisLeaf(leaf, spaced);
    }
  }

  @Test
  void halfACharacterIsNoCapability() {
    String text = new String(leaf("x").bytes(), UTF_8).replace("\"x\"", "\"\\ud800\"");

    assertThatThrownBy(() -> RatingLeaf.of(text.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void changedBytesAreAnotherLeafOrNone() {
    RatingLeaf leaf = leaf("x");
    byte[] bytes = leaf.bytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertNotThisLeaf(leaf, flipped);
    }
  }

  private static void assertNotThisLeaf(RatingLeaf leaf, byte[] bytes) {
    try {
      assertThat(RatingLeaf.of(bytes)).isNotEqualTo(leaf);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void whatIsNotALeafIsRefused() {
    for (String text : List.of("", "5", "{}", "[]", "{\"agent\":\"@a\",\"more\":1}")) {
      assertThatThrownBy(() -> RatingLeaf.of(text.getBytes(UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void placeInTheMapIsTheHashOfTheNameAlone() {
    assertThat(HexFormat.of().formatHex(RatingLeaf.keyOf(KEY.id())))
        .isEqualTo("20a1d07113bf0acf5541f563f6c23dfea0947fd90e18af70ca2d956ca7a8a067");
  }

  private static RatingLeaf leaf(String... capabilities) {
    TreeMap<String, RatingLeaf.Capability> rated = new TreeMap<>();
    for (String capability : capabilities) {
      rated.put(capability, new RatingLeaf.Capability(1210, 3));
    }
    return new RatingLeaf(KEY.id(), rated, ONCE, KEY, 1234, false, 7, 5);
  }
}
