package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Pages of items of which several may have one index.
final class PageTest {
  private static Page<Long> page(int limit, boolean tooLarge, Long... read) {
    return Page.ofGroups(99, List.of(read), limit, tooLarge, Long::longValue).orElseThrow();
  }

  @Test
  void pageEndsBeforeAnIndexWhoseRestWasNotRead() {
    assertThat(page(3, false, 1L, 2L, 2L, 2L)).isEqualTo(new Page<>(99, List.of(1L), 2L));
    assertThat(page(3, false, 1L, 2L, 2L, 3L)).isEqualTo(new Page<>(99, List.of(1L, 2L, 2L), 3L));
    assertThat(page(9, true, 1L, 2L, 2L)).isEqualTo(new Page<>(99, List.of(1L), 2L));
  }

  @Test
  void lastPageIsWhole() {
    assertThat(page(3, false, 1L, 2L, 2L)).isEqualTo(new Page<>(99, List.of(1L, 2L, 2L), null));
    assertThat(page(3, false)).isEqualTo(new Page<>(99, List.of(), null));
  }

  @Test
  void oneIndexThatFillsThePageIsAskedForAlone() {
    assertThat(Page.ofGroups(99, List.of(5L, 5L), 1, false, Long::longValue)).isEmpty();
    assertThat(Page.ofGroups(99, List.of(5L), 9, true, Long::longValue)).isEmpty();
  }
}
