package org.agentchat.ledger.server;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.agentchat.database.Database;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;

/// Says how many entries a second become rows. Not a test: run its `main`.
final class ProjectionSpeed {
  private static final int DEALS = 10_000;
  private static final int AGENTS = 1_000;

  /// The wall's clock and this process's, in nanoseconds: on a busy machine they differ much.
  private record Clocks(long wall, long cpu) {
    static Clocks now() {
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new Clocks(System.nanoTime(), system.getProcessCpuTime());
    }
  }

  private ProjectionSpeed() {}

  /// Prints a line for each way.
  ///
  /// @param arguments none
  public static void main(String[] arguments) throws Exception {
    Deals deals = Deals.many(1, AGENTS, DEALS);
    List<Entry> entries = deals.entries();
    Path folder = Files.createTempDirectory("speed");
    for (int round = 0; round < 2; round++) {
      Clocks start = Clocks.now();
      Ledger ledger = new Ledger();
      entries.forEach(ledger::apply);
      say("fold alone", entries.size(), start);
      for (int batch : new int[] {1, 10, 500, 4_000}) {
        try (Database database = Store.database(folder.resolve(round + "-" + batch).toString())) {
          rows(database, entries, batch);
        }
      }
      catchUp(folder.resolve(round + "-server.db").toString(), deals);
      postgresql(deals, entries);
    }
  }

  private static void postgresql(Deals deals, List<Entry> entries) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      for (int batch : new int[] {1, 10, 500, 4_000}) {
        try (Database database = Store.database(url)) {
          new Store(database).dropAll();
          rows(database, entries, batch);
        }
      }
      try (Database database = Store.database(url)) {
        new Store(database).dropAll();
      }
      catchUp(url, deals);
    }
  }

  private static void rows(Database database, List<Entry> all, int batch) throws SQLException {
    List<Entry> entries = all.subList(0, Math.min(all.size(), batch * 1_000));
    Store store = new Store(database);
    store.migrate();
    Projection projection = new Projection(store, store.position(), _ -> {});
    Clocks start = Clocks.now();
    for (int done = 0; done < entries.size(); ) {
      done += projection.apply(entries.subList(done, Math.min(done + batch, entries.size())));
    }
    say(database.dialect() + ", entries read before, " + batch + " a batch", entries.size(), start);
  }

  /// Everything: signatures, fold, rows.
  private static void catchUp(String database, Deals deals) throws Exception {
    FakeLog log = FakeLog.of(deals);
    for (String kind : List.of("all of it", "restart")) {
      Clocks start = Clocks.now();
      LedgerSettings settings = LedgerSettings.of(database).withPort(0);
      try (LedgerServer server = LedgerServer.start(settings, log, new VerifiedEvents())) {
        server.awaitCaughtUp(Duration.ofMinutes(5));
        say(kind + " with signatures, " + database.substring(0, 8), log.size(), start);
      }
    }
  }

  private static void say(String what, long entries, Clocks start) {
    Clocks end = Clocks.now();
    double seconds = (end.wall() - start.wall()) / 1e9;
    double cpu = (end.cpu() - start.cpu()) / 1e9;
    System.out.printf(
        "%-52s %,7d entries %6.2f s %,8.0f/s, this process %6.2f s of CPU%n",
        what, entries, seconds, entries / seconds, cpu);
  }
}
