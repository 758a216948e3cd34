package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:mysql://user:secret@db/x", "jdbc:h2:mem:x?password=secret", "jdbc:nonsense"})
  void otherDatabasesAreRefusedWithoutQuotingTheirSecrets(String location) {
    assertThatThrownBy(() -> Database.open(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql:")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", ":memory:", "jdbc:sqlite::memory:", "jdbc:sqlite:", "x.db?mode=ro"})
  void sqliteNeedsAFile(String location) {
    assertThatThrownBy(() -> Database.open(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path of a file");
  }
}
