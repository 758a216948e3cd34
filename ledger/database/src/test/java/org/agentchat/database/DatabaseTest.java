package org.agentchat.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
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

  /// A command looks into the file while the server makes it, each with readers that open by
  /// themselves.
  @RepeatedTest(100)
  void newFileIsSharedFromTheFirstMoment(@TempDir Path folder) throws Exception {
    String file = folder.resolve("new.db").toString();
    CyclicBarrier together = new CyclicBarrier(2);
    try (Database server = Database.open(file, TENANT);
        Database visitor = Database.visit(file, TENANT);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> writes =
          List.of(
              threads.submit(() -> makeTable(server, "a", together)),
              threads.submit(() -> makeTable(visitor, "b", together)));
      for (Future<?> write : writes) {
        write.get();
      }
    }
  }

  private static @Nullable Void makeTable(Database database, String name, CyclicBarrier together)
      throws Exception {
    together.await();
    database.transaction(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE " + name + " (number INTEGER)");
      }
    });
    return null;
  }
}
