package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.agentchat.database.Database;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.server.LedgerServer;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.ledger.server.RowDump;
import org.agentchat.ledger.server.Store;
import org.agentchat.log.LogFile;

/// The rows of a database that no process has open.
final class Rows {
  private Rows() {}

  static RowDump of(String database) throws SQLException {
    try (Database opened = Store.database(database)) {
      return RowDump.of(opened);
    }
  }

  /// The rows that an exported log gives in a database without tables.
  ///
  /// @param stateHash what folding it must give on the way
  static RowDump replayed(Path exported, long size, String stateHash, String database)
      throws SQLException, InterruptedException, TimeoutException {
    try (LogFile log = LogFile.open(exported);
        LedgerServer ledger =
            LedgerServer.start(
                LedgerSettings.of(database).withPort(0), log, new VerifiedEvents())) {
      ledger.awaitSize(size, ServeProcess.PATIENCE);
      LedgerApi api =
          new LedgerApi(URI.create("http://localhost:" + ledger.address().getPort()).toString());
      assertThat(api.stats().path("state_hash").asString()).isEqualTo(stateHash);
    }
    return of(database);
  }
}
