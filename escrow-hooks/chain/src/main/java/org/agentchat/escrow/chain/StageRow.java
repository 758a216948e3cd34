package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A stage as columns of a row, and back.
record StageRow(
    String stage, @Nullable Long nonce, @Nullable Inclusion where, @Nullable ContractError error) {

  static StageRow of(Stage stage) {
    return switch (stage) {
      case Stage.Planned _ -> new StageRow("planned", null, null, null);
      case Stage.Signed signed -> new StageRow("signed", signed.nonce(), null, null);
      case Stage.Sent sent -> new StageRow("sent", sent.nonce(), null, null);
      case Stage.Mined mined -> new StageRow("mined", mined.nonce(), mined.where(), null);
      case Stage.Final done -> new StageRow("final", done.nonce(), done.where(), null);
      case Stage.Reverted reverted ->
          new StageRow(
              "reverted",
              reverted.nonce().isPresent() ? reverted.nonce().getAsLong() : null,
              reverted.where().orElse(null),
              reverted.error());
      case Stage.Replaced replaced -> new StageRow("replaced", replaced.nonce(), null, null);
    };
  }

  static List<Attempt> attempts(Stage stage) {
    return switch (stage) {
      case Stage.Signed signed -> signed.attempts();
      case Stage.Sent sent -> sent.attempts();
      case Stage.Mined mined -> mined.attempts();
      case Stage.Final done -> done.attempts();
      case Stage.Planned _, Stage.Reverted _, Stage.Replaced _ -> List.of();
    };
  }

  Columns fill(Columns columns) throws SQLException {
    columns.add(stage).add(nonce);
    if (where == null) {
      columns.add((String) null).add((Long) null).add((String) null).add((Long) null);
      columns.add((String) null);
    } else {
      columns
          .add(where.attempt().hex())
          .add(where.block().number())
          .add(where.block().hash().hex());
      columns.add(where.succeeded() ? 1 : 0).add(where.created().map(Address::hex).orElse(null));
    }
    return error == null
        ? columns.add((String) null).add((String) null).add((String) null)
        : columns.add(error.name()).add(error.detail().orElse(null)).add(error.data());
  }

  /// A row of `chain_request`, whose attempts are in another table.
  record Read(long id, Request request, int generation, int version, StageRow row) {
    Tracked with(List<Attempt> attempts) {
      return new Tracked(id, request, generation, row.stage(attempts), version);
    }
  }

  static Read read(ResultSet row) throws SQLException {
    Request request =
        new Request(
            row.getString("key"),
            new Address(row.getString("sender")),
            Optional.ofNullable(row.getString("recipient")).map(Address::new),
            new BigInteger(row.getString("value")),
            row.getString("data"));
    StageRow stage =
        new StageRow(row.getString("stage"), optionalLong(row, "nonce"), where(row), error(row));
    return new Read(
        row.getLong("id"), request, row.getInt("generation"), row.getInt("version"), stage);
  }

  static Attempt attempt(ResultSet row) throws SQLException {
    Long sentAt = optionalLong(row, "sent_at");
    return new Attempt(
        new Hash(row.getString("hash")),
        row.getString("raw"),
        new Fees(new BigInteger(row.getString("max_fee")), new BigInteger(row.getString("tip"))),
        row.getLong("gas_limit"),
        sentAt == null ? OptionalLong.empty() : OptionalLong.of(sentAt));
  }

  private Stage stage(List<Attempt> attempts) {
    return switch (stage) {
      case "planned" -> new Stage.Planned();
      case "signed" -> new Stage.Signed(present(nonce), attempts);
      case "sent" -> new Stage.Sent(present(nonce), attempts);
      case "mined" -> new Stage.Mined(present(nonce), attempts, present(where));
      case "final" -> new Stage.Final(present(nonce), attempts, present(where));
      case "reverted" ->
          new Stage.Reverted(
              present(error),
              nonce == null ? OptionalLong.empty() : OptionalLong.of(nonce),
              Optional.ofNullable(where));
      case "replaced" -> new Stage.Replaced(present(nonce));
      default -> throw new IllegalStateException("a row has the stage '" + stage + "'");
    };
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a row lacks what its stage needs");
    }
    return value;
  }

  private static @Nullable Inclusion where(ResultSet row) throws SQLException {
    String hash = row.getString("mined_hash");
    if (hash == null) {
      return null;
    }
    return new Inclusion(
        new Hash(hash),
        new BlockRef(row.getLong("block_number"), new Hash(row.getString("block_hash"))),
        row.getLong("succeeded") == 1,
        Optional.ofNullable(row.getString("created")).map(Address::new));
  }

  private static @Nullable ContractError error(ResultSet row) throws SQLException {
    String name = row.getString("error_name");
    return name == null
        ? null
        : new ContractError(
            name, Optional.ofNullable(row.getString("error_detail")), row.getString("error_data"));
  }

  private static @Nullable Long optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
