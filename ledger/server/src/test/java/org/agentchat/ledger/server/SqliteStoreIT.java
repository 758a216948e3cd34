package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agentchat.database.Database;
import org.agentchat.database.DatabaseInUseException;
import org.junit.jupiter.api.Test;

final class SqliteStoreIT extends StoreContract {
  @Override
  Database open() {
    return Store.database(folder.resolve("rows/ledger.db").toString());
  }

  @Test
  void secondServerOnTheSameFileIsToldSo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseInUseException.class)
        .hasMessageContaining("ledger.db is in use by another ledger server");
  }
}
