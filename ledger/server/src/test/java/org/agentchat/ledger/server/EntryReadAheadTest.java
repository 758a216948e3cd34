package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogFailures;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.ReadAhead;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class EntryReadAheadTest {
  private static final Duration WAIT = Duration.ofMillis(20);

  private final ForkJoinPool cores = new ForkJoinPool(2);
  private final FakeLog log = new FakeLog();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final ReadAhead<Entry> feed =
      new ReadAhead<>(log.tail(0), record -> reader.read(record.index(), record.value()), cores);

  @AfterEach
  void close() {
    feed.close();
    cores.close();
  }

  private static List<byte[]> rubbish(int count) {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
    return records;
  }

  private List<Long> drain() {
    List<Long> indexes = new ArrayList<>();
    for (List<Entry> some = feed.next(WAIT); !some.isEmpty(); some = feed.next(WAIT)) {
      assertThat(some.size()).isLessThanOrEqualTo(ReadAhead.MAX_ITEMS);
      some.forEach(entry -> indexes.add(entry.index()));
    }
    return indexes;
  }

  @Test
  void everyRecordComesOnceAndInOrder() {
    log.append(rubbish(11_111));
    List<Long> indexes = drain();
    log.append(rubbish(3));
    indexes.addAll(drain());
    log.append(rubbish(2_000));
    indexes.addAll(drain());
    assertThat(indexes).hasSize(13_114).doesNotHaveDuplicates().isSorted();
  }

  @Test
  @Timeout(120)
  void singleEntryIsHandedOverAtOnce() {
    log.append(rubbish(1));
    assertThat(feed.next(Duration.ofHours(1))).hasSize(1);
  }

  @Test
  void emptyLogIsWaitedForAndThenNothingComes() {
    assertThat(feed.next(WAIT)).isEmpty();
  }

  @Test
  void whatCameBeforeAFailureIsHandedOverFirst() {
    log.append(rubbish(6_000));
    int seen = feed.next(WAIT).size(); // has read ahead already
    log.fail(LogFailures.missing(6_000, 6_001));
    seen += feed.next(WAIT).size();
    assertThat(seen).isEqualTo(6_000);
    assertThatThrownBy(() -> feed.next(WAIT)).isInstanceOf(LogCorruptedException.class);
  }

  @Test
  void feedGoesOnWhenTheLogIsBack() {
    log.append(rubbish(100));
    log.fail(LogFailures.away());
    assertThatThrownBy(() -> feed.next(WAIT)).isInstanceOf(LogUnavailableException.class);
    log.fail(null);
    assertThat(drain()).hasSize(100);
  }

  @Test
  void entriesAreReadWithTheirSignaturesChecked() {
    Deals deals = Deals.many(5, 6, 60);
    log.append(deals.events());
    List<Entry> entries = new ArrayList<>();
    for (List<Entry> some = feed.next(WAIT); !some.isEmpty(); some = feed.next(WAIT)) {
      entries.addAll(some);
    }
    assertThat(entries).isEqualTo(deals.entries());
    assertThat(entries).allMatch(entry -> entry.content() instanceof Entry.Content.Sound);
  }
}
