package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogFinding;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.junit.jupiter.api.Test;

class EntryPipelineTest {
  private static final WrittenLog LOG = WrittenLog.of(6);

  private final List<String> told = new ArrayList<>();

  private static EntryReader reader() {
    return new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  }

  private EntryPipeline noticing(LogSource source) {
    LogFinding finding = new LogFinding(1, 0, 0, "junk");
    return new EntryPipeline(
        source, () -> Stream.of(finding), _ -> told.add("finding"), reader(), 0, _ -> false);
  }

  /// A log that fails from an index on.
  private record Failing(long from, Error failure) implements LogSource {
    @Override
    public long size() {
      return LOG.size();
    }

    @Override
    public List<LogRecord> read(long first, int limit) {
      if (first >= from) {
        throw failure;
      }
      return LOG.read(first, (int) Math.min(limit, from - first));
    }

    @Override
    public Tail tail(long first) {
      return LOG.tail(first);
    }
  }

  private void readAll(EntryPipeline pipeline) {
    for (List<Entry> page = pipeline.next(); !page.isEmpty(); page = pipeline.next()) {
      page.forEach(entry -> told.add(String.valueOf(entry.index())));
    }
  }

  @Test
  void findingsComeBeforeTheEntriesOfTheirPageAndTheEndComesAgain() {
    try (EntryPipeline pipeline = noticing(LOG.inPagesOf(2))) {
      readAll(pipeline);
      assertThat(told).startsWith("finding", "0", "finding", "1", "2", "finding", "3");
      assertThat(told).endsWith(String.valueOf(LOG.size() - 1), "finding");
      int before = told.size();
      assertThat(pipeline.next()).isEmpty();
      assertThat(told).hasSize(before);
    }
  }

  @Test
  void failureComesAfterWhatWasReadAsItWasThrownAndComesAgain() {
    OutOfMemoryError failure = new OutOfMemoryError("no room");
    try (EntryPipeline pipeline = noticing(new Failing(5, failure))) {
      assertThatThrownBy(() -> readAll(pipeline)).isSameAs(failure);
      assertThat(told).contains("4").doesNotContain("5").endsWith("finding");
      assertThatThrownBy(pipeline::next).isSameAs(failure);
    }
  }
}
