package org.agentchat.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;
import org.junit.jupiter.api.Test;

class TileLogTest {
  private static final byte[] BUNDLE =
      EntryBundle.encode(Collections.nCopies(TilePath.FULL, new byte[EntryBundle.MAX_ENTRY_BYTES]));

  /// 16 MiB in each bundle.
  @Test
  void readOfLargestEntriesIsBoundedAndFetchesEachBundleOnce() {
    AtomicInteger fetched = new AtomicInteger();
    TileLog log =
        new TileLog(
            new TreeHead(2L * TilePath.FULL, TreeHash.EMPTY),
            _ -> {
              fetched.incrementAndGet();
              return Optional.of(BUNDLE);
            });
    long next = 0;
    List<LogRecord> page = log.read(next, LogSource.MAX_READ_RECORDS);
    while (!page.isEmpty()) {
      assertThat(page.getFirst().index()).isEqualTo(next);
      assertThat(page.stream().mapToLong(record -> record.value().length).sum())
          .isLessThan(LogSource.MAX_READ_BYTES + EntryBundle.MAX_ENTRY_BYTES);
      next = page.getLast().index() + 1;
      page = log.read(next, LogSource.MAX_READ_RECORDS);
    }
    assertThat(next).isEqualTo(2L * TilePath.FULL);
    assertThat(fetched).hasValue(2);
  }
}
