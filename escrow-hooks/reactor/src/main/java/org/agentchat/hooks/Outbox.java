package org.agentchat.hooks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.agentchat.database.Database;
import org.agentchat.database.Parameters;
import org.agentchat.database.Tenant;
import org.agentchat.escrow.chain.ChainSchema;

/// What the hooks mean to do and what became of it: tables in SQLite or PostgreSQL. Every method is
/// one transaction; any thread may call any of them, one after another.
public final class Outbox {
  /// Done intents that are forgotten in one transaction at the most.
  private static final int MAX_FORGOTTEN = 1_000;

  private static final Tenant TENANT = new Tenant("hooks", Tenant.Rows.NOWHERE_ELSE);
  private static final String HISTORY = "hooks_schema_history";

  private static final String INSERT_HOOK =
      """
      INSERT INTO hook (name, kind, next_index, disabled) VALUES (?, ?, ?, NULL)
      ON CONFLICT (name) DO UPDATE SET kind = excluded.kind
      """;

  private static final String INSERT_INTENT =
      """
      INSERT INTO intent (hook, key, lane, event, payload, entry_index, planned_at, state, waiting,
        attempts, due_at, changed_at, note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)
      ON CONFLICT (key) DO NOTHING
      """;

  private static final String MOVE_HOOK =
      """
      UPDATE hook SET next_index = ? WHERE name = ? AND next_index < ?
      """;

  private static final String MOVE_POSITION =
      """
      UPDATE reactor SET next_index = ?, root_hash = ?, origin = ? WHERE id = 1 AND next_index < ?
      """;

  private static final String COLUMNS =
      "id, hook, key, lane, event, payload, entry_index, planned_at, attempts";

  /// Only the oldest open intent of a lane can be due.
  static final String SELECT_DUE =
      """
      SELECT %s FROM intent i
      WHERE hook = ? AND state = 'open' AND due_at <= ? AND NOT EXISTS (
        SELECT 1 FROM intent e
        WHERE e.hook = i.hook AND e.lane = i.lane AND e.state = 'open' AND e.id < i.id)
      ORDER BY due_at, id LIMIT ?
      """
          .formatted(COLUMNS);

  private static final String END_ATTEMPT =
      """
      UPDATE intent SET state = ?, waiting = ?, attempts = attempts + ?, due_at = ?,
        changed_at = ?, note = ?
      WHERE id = ? AND state = 'open'
      """;

  /// What an intent was stuck at says more than what became of it.
  private static final String SELECT_STUCK =
      """
      SELECT note FROM intent WHERE id = ? AND state = 'open' AND waiting = 2
      """;

  private static final String SELECT_SUMMARIES =
      """
      SELECT h.name, h.kind, h.next_index, h.disabled,
        COALESCE(SUM(CASE WHEN i.state = 'open' THEN i.number ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN i.state = 'open' AND i.failing = 1 THEN i.number ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN i.state = 'open' AND i.waiting > 0 THEN i.number ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN i.state = 'open' AND i.waiting = 2 THEN i.number ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN i.state = 'dead' THEN i.number ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN i.state = 'done' THEN i.number ELSE 0 END), 0),
        MIN(CASE WHEN i.state = 'open' THEN i.oldest END),
        (SELECT t.note FROM intent t
         WHERE t.hook = h.name AND t.state = 'open'
           AND (t.waiting = 2 OR (t.attempts > 0 AND t.waiting = 0))
         ORDER BY t.changed_at DESC, t.id DESC LIMIT 1)
      FROM hook h LEFT JOIN (
        SELECT hook, state, waiting,
          CASE WHEN attempts > 0 AND waiting = 0 THEN 1 ELSE 0 END AS failing,
          COUNT(*) AS number, MIN(planned_at) AS oldest
        FROM intent
        GROUP BY hook, state, waiting, CASE WHEN attempts > 0 AND waiting = 0 THEN 1 ELSE 0 END
      ) i ON i.hook = h.name
      GROUP BY h.name, h.kind, h.next_index, h.disabled
      ORDER BY h.name
      """;

  private final ReentrantLock lock = new ReentrantLock();
  private final Database database;

  /// @param database stays its owner's to close
  public Outbox(Database database) {
    this.database = database;
  }

  /// Opens the database of the one reactor that keeps it.
  ///
  /// @param location see [Database#open]
  /// @throws org.agentchat.database.DatabaseInUseException when another one has it
  public static Database database(String location) {
    return Database.open(location, TENANT);
  }

  /// Opens it beside the reactor that keeps it, for an operator's command.
  ///
  /// @param location see [Database#open]
  public static Database visit(String location) {
    return Database.visit(location, TENANT);
  }

  /// Makes the tables, or brings them up to date.
  public void migrate() throws SQLException {
    lock.lock();
    try {
      database.migrate("classpath:org/agentchat/hooks/migration", HISTORY);
      database.migrate(ChainSchema.LOCATION, ChainSchema.HISTORY);
    } finally {
      lock.unlock();
    }
  }

  /// Runs the work in a transaction.
  <T> T transaction(Workbench.Work<T> work) throws SQLException {
    lock.lock();
    try {
      List<T> result = new ArrayList<>(1);
      database.transaction(connection -> result.add(work.run(connection)));
      return result.getFirst();
    } finally {
      lock.unlock();
    }
  }

  /// How far the log was planned from.
  public ReadPosition position() throws SQLException {
    return transaction(connection -> {
      String sql = "SELECT next_index, root_hash, origin FROM reactor WHERE id = 1";
      try (PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("table reactor has no row");
        }
        return new ReadPosition(row.getLong(1), row.getString(2), row.getString(3));
      }
    });
  }

  /// Adds the hooks that are new. One that was known goes on where it was.
  ///
  /// @param now the index with which a new hook begins that does not begin at 0
  void register(List<Hook> hooks, long now) throws SQLException {
    transaction(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(INSERT_HOOK)) {
        for (Hook hook : hooks) {
          long first =
              switch (hook.from()) {
                case NOW -> now;
                case BEGINNING -> 0;
              };
          new Parameters(statement).add(hook.name()).add(hook.kind()).add(first);
          statement.executeUpdate();
        }
        return hooks.size();
      }
    });
  }

  /// What is known of each hook that ever was, by its name.
  Map<String, HookState> hooks() throws SQLException {
    return transaction(Outbox::hooks);
  }

  private static Map<String, HookState> hooks(Connection connection) throws SQLException {
    String sql = "SELECT name, kind, next_index, disabled FROM hook";
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      Map<String, HookState> hooks = new HashMap<>();
      while (rows.next()) {
        hooks.put(rows.getString(1), state(rows));
      }
      return hooks;
    }
  }

  private static HookState state(ResultSet row) throws SQLException {
    return new HookState(row.getString(1), row.getString(2), row.getLong(3), row.getString(4));
  }

  /// Records plans and how far the log was read, all of it or nothing. What is recorded already
  /// stays as it is, so it may be called again when it is not known whether it worked.
  ///
  /// @return how many intents are new
  int record(Plans plans, Instant now) throws SQLException {
    return transaction(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(MOVE_HOOK)) {
        for (String hook : plans.hooks()) {
          new Parameters(statement).add(plans.to().size()).add(hook).add(plans.to().size());
          statement.executeUpdate();
        }
      }
      try (PreparedStatement statement = connection.prepareStatement(MOVE_POSITION)) {
        new Parameters(statement)
            .add(plans.to().size())
            .add(plans.to().rootHash())
            .add(plans.to().origin())
            .add(plans.to().size());
        statement.executeUpdate();
      }
      return insert(connection, plans.plans(), now);
    });
  }

  private static int insert(Connection connection, List<Plans.Plan> plans, Instant now)
      throws SQLException {
    if (plans.isEmpty()) {
      return 0;
    }
    Map<String, HookState> hooks = hooks(connection);
    int added = 0;
    try (PreparedStatement statement = connection.prepareStatement(INSERT_INTENT)) {
      for (Plans.Plan plan : plans) {
        HookState hook = hooks.get(plan.hook());
        String disabled = hook == null ? null : hook.disabled();
        Action action = plan.action();
        new Parameters(statement)
            .add(plan.hook())
            .add(action.key())
            .add(action.lane())
            .add(action.event())
            .add(action.payload())
            .add(plan.entryIndex())
            .add(now.toEpochMilli())
            .add(disabled == null ? "open" : "dead")
            .add(now.toEpochMilli())
            .add(now.toEpochMilli())
            .add(disabled == null ? "" : "the hook is disabled: " + disabled);
        added += statement.executeUpdate();
      }
    }
    return added;
  }

  /// Open intents whose time has come, the longest due first, at most one of each lane.
  List<Intent> due(String hook, Instant now, int limit) throws SQLException {
    return transaction(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(SELECT_DUE)) {
        new Parameters(statement).add(hook).add(now.toEpochMilli()).add(limit);
        try (ResultSet rows = statement.executeQuery()) {
          List<Intent> due = new ArrayList<>();
          while (rows.next()) {
            due.add(intent(rows));
          }
          return due;
        }
      }
    });
  }

  private static Intent intent(ResultSet row) throws SQLException {
    return new Intent(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        Instant.ofEpochMilli(row.getLong(8)),
        row.getInt(9));
  }

  /// Records how an attempt ended.
  void end(Intent intent, Outcome outcome, Instant now) throws SQLException {
    transaction(connection -> {
      switch (outcome) {
        case Outcome.Done done -> end(connection, intent, "done", 0, 0, now, now, done);
        case Outcome.Retry retry -> end(connection, intent, "open", 0, 1, retry.at(), now, retry);
        case Outcome.Waiting waiting ->
            end(connection, intent, "open", 1, 0, waiting.recheck(), now, waiting);
        case Outcome.Stuck stuck ->
            end(connection, intent, "open", 2, 0, stuck.recheck(), now, stuck);
        case Outcome.Dead dead ->
            end(connection, intent, "dead", 0, 1, now, now, withStuck(connection, intent, dead));
        case Outcome.Disabled disabled -> {
          end(connection, intent, "dead", 0, 1, now, now, disabled);
          disable(connection, intent.hook(), disabled.note(), now);
        }
      }
      return intent;
    });
  }

  private static Outcome.Dead withStuck(Connection connection, Intent intent, Outcome.Dead dead)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_STUCK)) {
      new Parameters(statement).add(intent.id());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Outcome.Dead("%s (before that: %s)".formatted(dead.note(), row.getString(1)))
            : dead;
      }
    }
  }

  /// @param waiting 1 when the handler looks again by itself, 2 when an operator should know
  ///   besides
  private static void end(
      Connection connection,
      Intent intent,
      String state,
      int waiting,
      int failed,
      Instant due,
      Instant now,
      Outcome outcome)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END_ATTEMPT)) {
      new Parameters(statement)
          .add(state)
          .add(waiting)
          .add(failed)
          .add(due.toEpochMilli())
          .add(now.toEpochMilli())
          .add(outcome.note())
          .add(intent.id());
      statement.executeUpdate();
    }
  }

  private static void disable(Connection connection, String hook, String why, Instant now)
      throws SQLException {
    update(
        connection,
        "UPDATE hook SET disabled = ? WHERE name = ?",
        parameters -> parameters.add(why).add(hook));
    update(
        connection,
        "UPDATE intent SET state = 'dead', waiting = 0, changed_at = ?, note = ?"
            + " WHERE hook = ? AND state = 'open'",
        parameters ->
            parameters.add(now.toEpochMilli()).add("the hook is disabled: " + why).add(hook));
  }

  /// Makes every waiting intent of the hook due.
  void wake(String hook, Instant now) throws SQLException {
    String sql =
        "UPDATE intent SET due_at = ?"
            + " WHERE hook = ? AND state = 'open' AND waiting > 0 AND due_at > ?";
    transaction(connection ->
        update(
            connection,
            sql,
            parameters -> parameters.add(now.toEpochMilli()).add(hook).add(now.toEpochMilli())));
  }

  /// Forgets some of what was done before that time; the payload and the key go.
  ///
  /// @return how many; fewer than there are, if there are many
  int forget(String hook, Instant before) throws SQLException {
    String sql =
        "DELETE FROM intent WHERE id IN (SELECT id FROM intent"
            + " WHERE hook = ? AND state = 'done' AND changed_at < ? LIMIT "
            + MAX_FORGOTTEN
            + ")";
    return transaction(connection ->
        update(connection, sql, parameters -> parameters.add(hook).add(before.toEpochMilli())));
  }

  /// Notes that the reactor is alive, and how long the log is.
  void seen(long logSize, Instant now) throws SQLException {
    String sql = "UPDATE reactor SET log_size = ?, seen_at = ? WHERE id = 1";
    transaction(connection ->
        update(connection, sql, parameters -> parameters.add(logSize).add(now.toEpochMilli())));
  }

  /// What a reactor last noted of itself.
  ///
  /// @param read entries that it has read
  /// @param logSize entries in the log, as far as it knew
  /// @param at when; the epoch if never
  public record Sighting(long read, long logSize, Instant at) {}

  /// When a reactor was last alive here.
  public Sighting sighting() throws SQLException {
    return transaction(connection -> {
      String sql = "SELECT next_index, log_size, seen_at FROM reactor WHERE id = 1";
      try (PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("table reactor has no row");
        }
        return new Sighting(row.getLong(1), row.getLong(2), Instant.ofEpochMilli(row.getLong(3)));
      }
    });
  }

  /// How every hook does that ever was, by name.
  public List<HookSummary> summaries() throws SQLException {
    return transaction(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(SELECT_SUMMARIES);
          ResultSet rows = statement.executeQuery()) {
        List<HookSummary> summaries = new ArrayList<>();
        while (rows.next()) {
          long oldest = rows.getLong(11);
          Long oldestOpenAt = rows.wasNull() ? null : oldest;
          summaries.add(
              new HookSummary(
                  state(rows),
                  rows.getLong(5),
                  rows.getLong(6),
                  rows.getLong(7),
                  rows.getLong(8),
                  rows.getLong(9),
                  rows.getLong(10),
                  oldestOpenAt,
                  rows.getString(12)));
        }
        return summaries;
      }
    });
  }

  /// Dead letters, the oldest first.
  ///
  /// @param hook whose; empty: of all
  /// @param after only those with a higher number
  public List<Letter> dead(Optional<String> hook, long after, int limit) throws SQLException {
    String sql =
        "SELECT %s, changed_at, note FROM intent WHERE state = 'dead' AND id > ?%s ORDER BY id LIMIT ?"
            .formatted(COLUMNS, hook.isPresent() ? " AND hook = ?" : "");
    return transaction(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        Parameters parameters = new Parameters(statement).add(after);
        if (hook.isPresent()) {
          parameters.add(hook.get());
        }
        parameters.add(limit);
        try (ResultSet rows = statement.executeQuery()) {
          List<Letter> letters = new ArrayList<>();
          while (rows.next()) {
            letters.add(
                new Letter(
                    intent(rows), Instant.ofEpochMilli(rows.getLong(10)), rows.getString(11)));
          }
          return letters;
        }
      }
    });
  }

  /// Revives a dead letter, or makes an open intent due now. Its hook is enabled again.
  ///
  /// @return whether there is such an intent that is not done
  public boolean retry(long id, Instant now) throws SQLException {
    return transaction(connection -> {
      update(
          connection,
          "UPDATE hook SET disabled = NULL WHERE name = (SELECT hook FROM intent WHERE id = ?)",
          parameters -> parameters.add(id));
      return revive(connection, " AND id = ?", parameters -> parameters.add(id), now) == 1;
    });
  }

  /// The same with everything of a hook, or of all hooks, that is dead or has failed.
  ///
  /// @return how many intents
  public int retryAll(Optional<String> hook, Instant now) throws SQLException {
    return transaction(connection -> {
      if (hook.isPresent()) {
        update(
            connection,
            "UPDATE hook SET disabled = NULL WHERE name = ?",
            parameters -> parameters.add(hook.get()));
        return revive(connection, " AND hook = ?", parameters -> parameters.add(hook.get()), now);
      }
      update(connection, "UPDATE hook SET disabled = NULL", parameters -> parameters);
      return revive(connection, "", parameters -> parameters, now);
    });
  }

  private static int revive(Connection connection, String which, Binder binder, Instant now)
      throws SQLException {
    return update(
        connection,
        "UPDATE intent SET state = 'open', waiting = 0, attempts = 0, due_at = ?, changed_at = ?"
            + " WHERE (state = 'dead' OR (state = 'open' AND due_at > ?))"
            + which,
        parameters ->
            binder.bind(
                parameters
                    .add(now.toEpochMilli())
                    .add(now.toEpochMilli())
                    .add(now.toEpochMilli())));
  }

  /// Forgets a dead letter.
  ///
  /// @return whether there was one of that number
  public boolean discard(long id) throws SQLException {
    String sql = "DELETE FROM intent WHERE id = ? AND state = 'dead'";
    return transaction(
        connection -> update(connection, sql, parameters -> parameters.add(id)) == 1);
  }

  @FunctionalInterface
  private interface Binder {
    Parameters bind(Parameters parameters) throws SQLException;
  }

  private static int update(Connection connection, String sql, Binder binder) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Parameters _ = binder.bind(new Parameters(statement));
      return statement.executeUpdate();
    }
  }
}
