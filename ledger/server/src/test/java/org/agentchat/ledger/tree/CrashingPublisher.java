package org.agentchat.ledger.tree;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;

/// A process that publishes the tree of a log which grows all the time, until somebody kills it.
/// The log is the same at every start: what its entries are depends on their index alone, and how
/// many there are on the clock.
final class CrashingPublisher {
  private CrashingPublisher() {}

  /// Publishes.
  ///
  /// @param arguments the folder, and when the log began, milliseconds since 1970
  public static void main(String[] arguments) throws InterruptedException {
    Path folder = Path.of(arguments[0]);
    LogSource log = new ClockedLog(Long.parseLong(arguments[1]));
    Publisher publisher =
        new Publisher(
            new TreeFolder(folder), log, LogKey.in(folder.resolve("key")), Cosigning.NONE);
    publisher.start();
    while (publisher.trouble().isEmpty()) {
      Thread.sleep(Duration.ofMillis(100));
    }
    System.err.println(publisher.trouble().get());
    System.exit(1);
  }

  static byte[] entry(long index) {
    return EventCodec.encode(
        index == 0
            ? new Event.Genesis(1, "relay", "example.com/log")
            : new Event.Tick(index, "relay"));
  }

  private record ClockedLog(long began) implements LogSource {
    @Override
    public long size() {
      return 1 + (System.currentTimeMillis() - began) / 3;
    }

    @Override
    public List<LogRecord> read(long from, int limit) {
      List<LogRecord> records = new ArrayList<>();
      long end = Math.min(size(), from + Math.min(limit, MAX_READ_RECORDS));
      for (long index = from; index < end; index++) {
        records.add(new LogRecord(index, entry(index)));
      }
      return records;
    }

    @Override
    public Tail tail(long from) {
      return new Tail() {
        private long next = from;

        @Override
        public List<LogRecord> poll(Duration wait) {
          List<LogRecord> records = read(next, MAX_READ_RECORDS);
          next += records.size();
          return records;
        }

        @Override
        public void close() {}
      };
    }
  }
}
