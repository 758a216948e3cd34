package org.agentchat.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseTest {
  private static final Tenant TENANT = new Tenant("test", Tenant.Rows.MADE_AGAIN);

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:mysql://user:secret@db/x", "jdbc:h2:mem:x?password=secret", "jdbc:nonsense"})
  void otherDatabasesAreRefusedWithoutQuotingTheirSecrets(String location) {
    assertThatThrownBy(() -> Database.open(location, TENANT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql:")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", ":memory:", "jdbc:sqlite::memory:", "jdbc:sqlite:", "x.db?mode=ro"})
  void sqliteNeedsAFile(String location) {
    assertThatThrownBy(() -> Database.open(location, TENANT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path of a file");
  }
}
