package org.agentchat.cli;

import java.time.Duration;
import java.util.List;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;

/// The log as a ledger's HTTP API serves it.
record LedgerLog(LedgerApi api) implements LogSource {
  @Override
  public long size() {
    return api.stats().path("size").asLong(0);
  }

  /// {@inheritDoc}
  ///
  /// The ledger's word for an index is not believed: what it serves is what comes next, or nothing.
  @Override
  public List<LogRecord> read(long from, int limit) {
    List<LogRecord> page = api.log(from, limit);
    int inOrder = 0;
    while (inOrder < page.size() && page.get(inOrder).index() == from + inOrder) {
      inOrder++;
    }
    if (inOrder == 0 && !page.isEmpty()) {
      throw LogCorruptedException.unreadable(
          "the ledger serves entry %d where entry %d was wanted"
              .formatted(page.getFirst().index(), from),
          from);
    }
    return page.subList(0, inOrder);
  }

  /// Reads on, page by page; the API has no way to wait, so neither has this.
  @Override
  public Tail tail(long from) {
    return new Tail() {
      private long next = from;

      @Override
      public List<LogRecord> poll(Duration wait) {
        List<LogRecord> page = read(next, MAX_READ_RECORDS);
        next += page.size();
        return page;
      }

      @Override
      public void close() {}
    };
  }
}
