package org.agentchat.escrow.chain;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The store of one chain in SQLite or PostgreSQL, in tables that [ChainSchema] made. Methods with
/// a connection take part in a transaction of the caller's.
public final class JdbcTransactionStore implements TransactionStore {
  /// Some reading and writing on one connection.
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// Runs work in a transaction: all of it is recorded or nothing.
  @FunctionalInterface
  public interface Transactions {
    <T> T run(Work<T> work) throws SQLException;
  }

  private static final String SELECT =
      """
      SELECT id, key, generation, sender, recipient, value, data, stage, nonce, mined_hash,
             block_number, block_hash, succeeded, created, error_name, error_detail, error_data,
             version
      FROM chain_request
      """;

  private static final String INSERT =
      """
      INSERT INTO chain_request
        (chain_id, key, generation, sender, recipient, value, data, stage, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', 0)
      ON CONFLICT DO NOTHING
      """;

  private static final String UPDATE =
      """
      UPDATE chain_request
      SET stage = ?, nonce = ?, mined_hash = ?, block_number = ?, block_hash = ?, succeeded = ?,
          created = ?, error_name = ?, error_detail = ?, error_data = ?, version = version + 1
      WHERE id = ? AND version = ?
      """;

  private static final String PUT_ATTEMPT =
      """
      INSERT INTO chain_attempt
        (request_id, ordinal, hash, raw, max_fee, tip, gas_limit, sent_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (request_id, ordinal) DO UPDATE SET sent_at = excluded.sent_at
      """;

  private static final String PUT_NEXT =
      """
      INSERT INTO chain_sender (chain_id, sender, next_nonce) VALUES (?, ?, ?)
      ON CONFLICT (chain_id, sender) DO UPDATE SET next_nonce = excluded.next_nonce
      """;

  private static final String PUT_CURSOR =
      """
      INSERT INTO chain_cursor (chain_id, contract, number, hash) VALUES (?, ?, ?, ?)
      ON CONFLICT (chain_id, contract)
      DO UPDATE SET number = excluded.number, hash = excluded.hash
      """;

  private final long chainId;
  private final Transactions transactions;

  /// @param chainId the chain that it is about (EIP-155)
  public JdbcTransactionStore(long chainId, Transactions transactions) {
    this.chainId = chainId;
    this.transactions = transactions;
  }

  @Override
  public Tracked plan(Request request) throws SQLException {
    return transactions.run(connection -> plan(connection, request));
  }

  /// As [#plan(Request)], in the caller's transaction.
  public Tracked plan(Connection connection, Request request) throws SQLException {
    Optional<Tracked> found = find(connection, request.key());
    if (found.isPresent() && !(found.get().stage() instanceof Stage.Replaced)) {
      return found.get();
    }
    return insert(connection, request, found.map(Tracked::generation).orElse(-1) + 1);
  }

  @Override
  public Tracked planAgain(Request request) throws SQLException {
    return transactions.run(connection -> {
      Optional<Tracked> found = find(connection, request.key());
      if (found.isPresent() && found.get().stage() instanceof Stage.Reverted) {
        return insert(connection, request, found.get().generation() + 1);
      }
      return plan(connection, request);
    });
  }

  @Override
  public Tracked planAfter(Tracked over, Request request) throws SQLException {
    return transactions.run(connection -> insert(connection, request, over.generation() + 1));
  }

  /// Adds a generation unless it is there.
  private Tracked insert(Connection connection, Request request, int generation)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      new Columns(insert)
          .add(chainId)
          .add(request.key())
          .add(generation)
          .add(request.sender().hex())
          .add(request.to().map(Address::hex).orElse(null))
          .add(request.value().toString())
          .add(request.data());
      insert.executeUpdate();
    }
    return find(connection, request.key())
        .orElseThrow(() -> new SQLException("a row that was just written is not there"));
  }

  @Override
  public boolean cancel(Tracked planned) throws SQLException {
    String sql = "DELETE FROM chain_request WHERE id = ? AND stage = 'planned'";
    return transactions.run(connection -> {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        new Columns(delete).add(planned.id());
        return delete.executeUpdate() == 1;
      }
    });
  }

  @Override
  public Optional<Tracked> find(String key) throws SQLException {
    return transactions.run(connection -> find(connection, key));
  }

  /// As [#find(String)], in the caller's transaction.
  public Optional<Tracked> find(Connection connection, String key) throws SQLException {
    String sql = SELECT + "WHERE chain_id = ? AND key = ? ORDER BY generation DESC LIMIT 1";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      new Columns(select).add(chainId).add(key);
      return read(connection, select).stream().findFirst();
    }
  }

  @Override
  public List<Tracked> underWay(Address sender) throws SQLException {
    String sql =
        SELECT
            + """
            WHERE chain_id = ? AND sender = ? AND stage IN ('planned', 'signed', 'sent', 'mined')
            ORDER BY CASE WHEN nonce IS NULL THEN 1 ELSE 0 END, nonce, id
            """;
    return transactions.run(connection -> {
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        new Columns(select).add(chainId).add(sender.hex());
        return read(connection, select);
      }
    });
  }

  @Override
  public List<Tracked> reopen(Address sender, long nonce) throws SQLException {
    String sql =
        SELECT
            + """
            WHERE chain_id = ? AND sender = ? AND stage IN ('final', 'reverted') AND nonce >= ?
            ORDER BY nonce
            """;
    return transactions.run(connection -> {
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        new Columns(select).add(chainId).add(sender.hex()).add(nonce);
        List<Tracked> over = read(connection, select);
        for (Tracked each : over) {
          long own = each.stage() instanceof Stage.Final done ? done.nonce() : refused(each);
          save(connection, each, new Stage.Sent(own, attempts(connection, each.id())));
        }
        return over;
      }
    });
  }

  private static long refused(Tracked tracked) {
    return ((Stage.Reverted) tracked.stage()).nonce().orElseThrow();
  }

  @Override
  public Tracked sign(Tracked planned, long mined, long pending, Signing signing)
      throws SQLException {
    return transactions.run(connection -> {
      Address sender = planned.request().sender();
      Nonces nonces = nonces(connection, sender, mined, pending);
      long nonce = nonces.next();
      Attempt attempt = signing.sign(nonce);
      try (PreparedStatement put = connection.prepareStatement(PUT_NEXT)) {
        new Columns(put).add(chainId).add(sender.hex()).add(Math.max(nonces.stored(), nonce + 1));
        put.executeUpdate();
      }
      return save(connection, planned, new Stage.Signed(nonce, List.of(attempt)));
    });
  }

  @Override
  public Tracked save(Tracked before, Stage after) throws SQLException {
    return transactions.run(connection -> save(connection, before, after));
  }

  private static Tracked save(Connection connection, Tracked before, Stage after)
      throws SQLException {
    StageRow row = StageRow.of(after);
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      row.fill(new Columns(update)).add(before.id()).add(before.version());
      if (update.executeUpdate() != 1) {
        throw new SQLException(
            "request %s was changed by somebody else: one process writes for a sender at a time"
                .formatted(before.request().key()));
      }
    }
    List<Attempt> attempts = StageRow.attempts(after);
    for (int ordinal = 0; ordinal < attempts.size(); ordinal++) {
      put(connection, before.id(), ordinal, attempts.get(ordinal));
    }
    return before.at(after);
  }

  private static void put(Connection connection, long id, int ordinal, Attempt attempt)
      throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT_ATTEMPT)) {
      new Columns(put)
          .add(id)
          .add(ordinal)
          .add(attempt.hash().hex())
          .add(attempt.raw())
          .add(attempt.fees().max().toString())
          .add(attempt.fees().tip().toString())
          .add(attempt.gasLimit())
          .add(attempt.sentAt().isPresent() ? attempt.sentAt().getAsLong() : null);
      put.executeUpdate();
    }
  }

  @Override
  public Nonces nonces(Address sender, long mined, long pending) throws SQLException {
    return transactions.run(connection -> nonces(connection, sender, mined, pending));
  }

  private Nonces nonces(Connection connection, Address sender, long mined, long pending)
      throws SQLException {
    String stored = "SELECT next_nonce FROM chain_sender WHERE chain_id = ? AND sender = ?";
    String ours =
        """
        SELECT nonce FROM chain_request
        WHERE chain_id = ? AND sender = ? AND nonce >= ? AND stage <> 'replaced'
        """;
    List<Long> next;
    try (PreparedStatement select = connection.prepareStatement(stored)) {
      new Columns(select).add(chainId).add(sender.hex());
      next = numbers(select);
    }
    try (PreparedStatement select = connection.prepareStatement(ours)) {
      new Columns(select).add(chainId).add(sender.hex()).add(mined);
      return new Nonces(
          next.isEmpty() ? 0 : next.getFirst(), mined, pending, new TreeSet<>(numbers(select)));
    }
  }

  private static List<Long> numbers(PreparedStatement select) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  @Override
  public Hash genesis(Hash found) throws SQLException {
    return transactions.run(connection -> {
      String insert = "INSERT INTO chain (id, genesis) VALUES (?, ?) ON CONFLICT DO NOTHING";
      try (PreparedStatement statement = connection.prepareStatement(insert)) {
        new Columns(statement).add(chainId).add(found.hex());
        statement.executeUpdate();
      }
      String select = "SELECT genesis FROM chain WHERE id = ?";
      try (PreparedStatement statement = connection.prepareStatement(select)) {
        new Columns(statement).add(chainId);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          return new Hash(row.getString(1));
        }
      }
    });
  }

  @Override
  public Optional<BlockRef> cursor(Address contract) throws SQLException {
    return transactions.run(connection -> {
      String sql = "SELECT number, hash FROM chain_cursor WHERE chain_id = ? AND contract = ?";
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        new Columns(select).add(chainId).add(contract.hex());
        try (ResultSet row = select.executeQuery()) {
          return row.next()
              ? Optional.of(new BlockRef(row.getLong(1), new Hash(row.getString(2))))
              : Optional.empty();
        }
      }
    });
  }

  /// Moves the cursor in the transaction in which what was read is recorded.
  public void moveCursor(Connection connection, Address contract, BlockRef to) throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT_CURSOR)) {
      new Columns(put).add(chainId).add(contract.hex()).add(to.number()).add(to.hash().hex());
      put.executeUpdate();
    }
  }

  private static List<Tracked> read(Connection connection, PreparedStatement select)
      throws SQLException {
    List<StageRow.Read> read = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        read.add(StageRow.read(rows));
      }
    }
    List<Tracked> tracked = new ArrayList<>();
    for (StageRow.Read row : read) {
      tracked.add(row.with(attempts(connection, row.id())));
    }
    return tracked;
  }

  private static List<Attempt> attempts(Connection connection, long id) throws SQLException {
    String sql =
        """
        SELECT hash, raw, max_fee, tip, gas_limit, sent_at FROM chain_attempt
        WHERE request_id = ? ORDER BY ordinal
        """;
    List<Attempt> attempts = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      new Columns(select).add(id);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          attempts.add(StageRow.attempt(rows));
        }
      }
    }
    return attempts;
  }
}
