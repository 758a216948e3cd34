package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EvmHash;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private final List<Reconciler.Entry> entries = new ArrayList<>();
  private final List<Integer> parts = new ArrayList<>();
  private final List<Long> heights = new ArrayList<>();
  private final FakeReader reader = new FakeReader();
  private final Comparison always = every(Duration.ofNanos(1));

  /// A reader that counts how often it was sent back.
  private static final class FakeReader implements Comparison.Reader {
    private OptionalLong caughtUpTo = OptionalLong.of(90);
    private boolean ours = true;
    private int readAgain;

    @Override
    public OptionalLong caughtUpTo() {
      return caughtUpTo;
    }

    @Override
    public boolean observes(String proposalId) {
      return ours;
    }

    @Override
    public void readAgain() {
      readAgain++;
    }
  }

  private Comparison every(Duration pause) {
    return new Comparison("money", pause, () -> List.copyOf(entries), this::compare, reader);
  }

  /// Every escrow is locked on this chain.
  private List<Difference> compare(List<Reconciler.Entry> part, long block) throws ChainException {
    parts.add(part.size());
    heights.add(block);
    List<Difference> differences = new ArrayList<>();
    for (Reconciler.Entry entry : part) {
      if (entry.proposalId().equals("bad")) {
        throw new IllegalStateException("nonsense");
      }
      Difference.kind(entry.phase(), EscrowState.LOCKED)
          .ifPresent(kind ->
              differences.add(
                  new Difference(
                      entry.proposalId(),
                      entry.escrow(),
                      entry.phase(),
                      EscrowState.LOCKED,
                      kind)));
    }
    return differences;
  }

  private void add(int deals, Escrow.Phase phase) {
    for (int i = 0; i < deals; i++) {
      add("prop_" + entries.size(), phase);
    }
  }

  private void add(String id, Escrow.Phase phase) {
    entries.add(new Reconciler.Entry(id, new EvmHash("0x%064x".formatted(entries.size())), phase));
  }

  @Test
  void chainIsReadAgainOnceForADifference() throws ChainException {
    add(1, Escrow.Phase.AWAITED);
    always.look(100);
    always.look(100);
    always.look(100);
    assertThat(reader.readAgain).isEqualTo(1);
    add(1, Escrow.Phase.AWAITED);
    always.look(100);
    always.look(100);
    assertThat(reader.readAgain).isEqualTo(2);
  }

  @Test
  void readingThatIsStillUnderWayIsNotBegunAnew() throws ChainException {
    add(1, Escrow.Phase.AWAITED);
    reader.caughtUpTo = OptionalLong.empty();
    always.look(100);
    always.look(100);
    assertThat(reader.readAgain).isZero();
    reader.caughtUpTo = OptionalLong.of(90);
    always.look(100);
    assertThat(reader.readAgain).isEqualTo(1);
  }

  @Test
  void whatIsForAnotherObserverToSayIsNotReadAgain() throws ChainException {
    add(1, Escrow.Phase.AWAITED);
    reader.ours = false;
    always.look(100);
    always.look(100);
    assertThat(reader.readAgain).isZero();
  }

  @Test
  void whatTheReaderHasNotComeToIsNoDifferenceYet() throws ChainException {
    add(1, Escrow.Phase.LOCKED);
    always.look(100);
    assertThat(heights).containsExactly(90L);
  }

  @Test
  void manyDealsAreComparedInParts() throws ChainException {
    add(2 * Comparison.MAX_PART + 1, Escrow.Phase.LOCKED);
    Comparison rare = every(Duration.ofDays(1));
    for (int look = 0; look < 5; look++) {
      rare.look(100);
    }
    assertThat(parts).containsExactly(Comparison.MAX_PART, Comparison.MAX_PART, 1);
  }

  /// One answer that is nonsense must keep neither the others from being compared nor the node
  /// busy.
  @Test
  void partThatFailsIsLeftOutUntilTheNextRound() throws ChainException {
    add("bad", Escrow.Phase.LOCKED);
    add(Comparison.MAX_PART, Escrow.Phase.LOCKED);
    Comparison rare = every(Duration.ofDays(1));
    assertThatThrownBy(() -> rare.look(100)).hasMessage("nonsense");
    rare.look(100);
    rare.look(100);
    assertThat(parts).containsExactly(Comparison.MAX_PART, 1);
  }
}
