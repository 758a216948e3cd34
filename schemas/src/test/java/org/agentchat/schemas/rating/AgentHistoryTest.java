package org.agentchat.schemas.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Sha256;
import org.junit.jupiter.api.Test;

class AgentHistoryTest {
  private static final List<AgentHistory.Link> LINKS =
      LongStream.of(0, 3, 4, 1L << 40).mapToObj(AgentHistoryTest::link).toList();

  private static AgentHistory.Link link(long index) {
    return new AgentHistory.Link(index, LeafHash.of(new byte[] {(byte) index}));
  }

  @Test
  void chainIsTheHashOfThePreviousTheIndexAndTheLeaf() {
    LeafHash leaf = LeafHash.of(new byte[0]);
    byte[] index = ByteBuffer.allocate(8).putLong(258).array();

    assertThat(AgentHistory.EMPTY.head()).isEqualTo("00".repeat(32));
    assertThat(AgentHistory.EMPTY.with(258, leaf).head())
        .isEqualTo(HexFormat.of().formatHex(Sha256.of(new byte[32], index, leaf.raw())));
  }

  @Test
  void sameEntriesGiveTheSameHistory() {
    AgentHistory history = AgentHistory.of(LINKS);

    assertThat(history.events()).isEqualTo(4);
    assertThat(AgentHistory.of(LINKS)).isEqualTo(history);
    assertThat(AgentHistory.claimed(4, history.head())).isEqualTo(history);
    assertThat(AgentHistory.claimed(5, history.head())).isNotEqualTo(history);
  }

  @Test
  void omittedAddedMovedAndChangedEntriesShow() {
    AgentHistory history = AgentHistory.of(LINKS);
    for (int i = 0; i < LINKS.size(); i++) {
      List<AgentHistory.Link> without = new ArrayList<>(LINKS);
      AgentHistory.Link gone = without.remove(i);
      assertThat(AgentHistory.of(without)).isNotEqualTo(history);

      List<AgentHistory.Link> moved = new ArrayList<>(LINKS);
      moved.set(i, new AgentHistory.Link(gone.index() + (i == 1 ? -1 : 1), gone.hash()));
      assertDiffers(moved, history);
      List<AgentHistory.Link> changed = new ArrayList<>(LINKS);
      changed.set(i, new AgentHistory.Link(gone.index(), LeafHash.of(new byte[2])));
      assertThat(AgentHistory.of(changed)).isNotEqualTo(history);
      List<AgentHistory.Link> twice = new ArrayList<>(LINKS);
      twice.add(i, gone);
      assertDiffers(twice, history);
    }
    List<AgentHistory.Link> more = new ArrayList<>(LINKS);
    more.add(1, link(1));
    assertThat(AgentHistory.of(more)).isNotEqualTo(history);
  }

  private static void assertDiffers(List<AgentHistory.Link> links, AgentHistory history) {
    try {
      assertThat(AgentHistory.of(links)).isNotEqualTo(history);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("after entry");
    }
  }

  @Test
  void entriesOutOfOrderAreNoHistory() {
    assertThatThrownBy(() -> AgentHistory.of(LINKS.reversed()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
