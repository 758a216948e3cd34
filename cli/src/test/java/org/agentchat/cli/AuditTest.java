package org.agentchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Finding;
import org.agentchat.ledger.Publication;
import org.agentchat.log.LogSource;
import org.junit.jupiter.api.Test;

/// A log held against the ledger's own copy of it, entry by entry.
final class AuditTest {
  private static final WrittenLog HONEST = WrittenLog.of(6);
  private static final Publication PUBLISHED = HONEST.publication();

  @Test
  void honestLogHolds() {
    Auditor auditor = audit(HONEST).run(HONEST, _ -> {});
    assertThat(auditor.findings()).isEmpty();
    assertThat(auditor.isCompared()).isTrue();
  }

  @Test
  void firstEntryThatDiffersIsNamedWhateverThePagesOfEitherSide() {
    int tick = 8; // no signature and no receipt speaks for it
    WrittenLog tampered =
        HONEST.with(
            tick, "{\"at\":1800000002004,\"relay\":\"relay\",\"type\":\"TICK\"}".getBytes(UTF_8));
    for (int ours : new int[] {1, 4, 1000}) {
      for (int theirs : new int[] {1, 3, 1000}) {
        Auditor auditor = audit(HONEST.inPagesOf(theirs)).run(tampered.inPagesOf(ours), _ -> {});
        assertThat(auditor.firstDifference().orElseThrow())
            .as("pages of %d and %d", ours, theirs)
            .extracting(Finding::kind, Finding::index)
            .containsExactly(Finding.Kind.ENTRY_DIFFERS, (long) tick);
      }
    }
  }

  @Test
  void entryDroppedDoubledOrSwappedAnywhereIsNamed() {
    for (int i = 0; i < HONEST.size(); i++) {
      List<byte[]> dropped = new ArrayList<>(HONEST.events());
      dropped.remove(i);
      assertFirst(dropped, i);
      List<byte[]> doubled = new ArrayList<>(HONEST.events());
      doubled.add(i, HONEST.events().get(i));
      if (i + 1 < HONEST.size()) {
        assertFirst(doubled, i + 1);
        List<byte[]> swapped = new ArrayList<>(HONEST.events());
        Collections.swap(swapped, i, i + 1);
        assertFirst(swapped, i);
      }
    }
  }

  private static void assertFirst(List<byte[]> tampered, long index) {
    Auditor auditor = audit(HONEST).run(new WrittenLog(tampered), _ -> {});
    assertThat(auditor.firstDifference().orElseThrow().index()).isEqualTo(index);
  }

  @Test
  void logThatHasGrownSinceItWasPublishedHolds() {
    WrittenLog grown = WrittenLog.of(7);
    Auditor auditor = audit(grown).run(grown, _ -> {});
    assertThat(auditor.findings()).isEmpty();
    assertThat(auditor.ledger().size()).isEqualTo(grown.size());
  }

  private static Audit audit(LogSource ledgersCopy) {
    return new Audit(Optional.of(PUBLISHED), ledgersCopy);
  }
}
