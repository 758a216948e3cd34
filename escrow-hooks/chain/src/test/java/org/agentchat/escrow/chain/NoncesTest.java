package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class NoncesTest {
  @Test
  void firstTransactionOfANewKeyHasNonceZero() {
    assertThat(nonces(0, 0, 0).next()).isZero();
  }

  @Test
  void keyThatWasUsedElsewhereGoesOnWhereTheNodeIs() {
    assertThat(nonces(0, 7, 9).next()).isEqualTo(9);
  }

  @Test
  void ownTransactionsThatNoNodeHasYetCount() {
    assertThat(nonces(5, 3, 3, 3, 4).next()).isEqualTo(5);
  }

  @Test
  void nonceThatNobodyHasATransactionForIsUsedFirst() {
    assertThat(nonces(6, 3, 3, 4, 5).gap()).contains(3L);
    assertThat(nonces(6, 3, 3, 4, 5).next()).isEqualTo(3);
    assertThat(nonces(6, 3, 3, 3, 5).next()).isEqualTo(4);
  }

  @Test
  void strangersThatWaitAtTheNodeAreNoGap() {
    assertThat(nonces(6, 3, 5, 5).gap()).isEmpty();
    assertThat(nonces(6, 3, 5, 5).next()).isEqualTo(6);
  }

  @Test
  void hugeStoredNonceDoesNotMakeTheSearchLong() {
    assertThat(nonces(Long.MAX_VALUE - 1, 0, 0).gap()).contains(0L);
  }

  @Test
  void nodeOutOfItsMindIsRefused() {
    assertThatThrownBy(() -> nonces(0, 5, 4)).hasMessageContaining("mined 5, pending 4");
  }

  private static Nonces nonces(long stored, long mined, long pending, long... ours) {
    return new Nonces(stored, mined, pending, new TreeSet<>(LongStream.of(ours).boxed().toList()));
  }
}
