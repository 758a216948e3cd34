package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SqliteStoreIT extends StoreContract {
  @Override
  Database open() {
    return Database.open(folder.resolve("rows/ledger.db").toString());
  }

  @Test
  void secondServerOnTheSameFileIsToldSo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseInUseException.class)
        .hasMessageContaining("ledger.db is in use by another ledger server");
  }
}
