package org.agentchat.escrow.chain;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest extends StoreContract {
  @TempDir private Path folder;

  @Override
  OneWriter open() throws SQLException {
    return OneWriter.sqlite(folder.resolve("chain.db"));
  }
}
