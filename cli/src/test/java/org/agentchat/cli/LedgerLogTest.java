package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is taken from a ledger that counts as it likes.
class LedgerLogTest {
  private CannedLedger ledger;
  private LedgerLog log;

  @BeforeEach
  void start() throws IOException {
    ledger = new CannedLedger();
    log = new LedgerLog(new LedgerApi(ledger.url()));
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  private void serves(long from, long... indexes) {
    String entries =
        LongStream.of(indexes)
            .mapToObj("{\"index\":%d,\"event\":\"{}\"}"::formatted)
            .collect(Collectors.joining(","));
    ledger.answering("/v1/log?from=" + from + "&limit=5", "{\"entries\":[" + entries + "]}");
  }

  private List<Long> indexes(long from) {
    return log.read(from, 5).stream().map(LogRecord::index).toList();
  }

  @Test
  void readsAsFarAsIndexesRunOn() {
    serves(3, 3, 4, 5);
    assertThat(indexes(3)).containsExactly(3L, 4L, 5L);
    serves(6, 6, 7, 9, 8);
    assertThat(indexes(6)).containsExactly(6L, 7L);
    serves(8);
    assertThat(indexes(8)).isEmpty();
  }

  @Test
  void entryInThePlaceOfAnotherIsRefused() {
    serves(8, 3);
    assertThatThrownBy(() -> log.read(8, 5))
        .isInstanceOf(LogCorruptedException.class)
        .hasMessage("the ledger serves entry 3 where entry 8 was wanted");
    serves(9, 10);
    assertThatThrownBy(() -> log.read(9, 5)).hasMessageContaining("entry 9 was wanted");
  }
}
