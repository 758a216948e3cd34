package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agentchat.ledger.Elo;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// An agent as it is served.
///
/// @param id of the key that the agent has now, or had last
/// @param firstId of the key that it had first
/// @param revoked whether that last key was revoked
/// @param key PEM
/// @param available rating points that are free to be staked
/// @param updated when the rating moved last, ISO 8601 in UTC, log time; null before the first time
/// @param isNew whether no finished deal has moved the rating
/// @param firstIndex of the entry that named the agent first
/// @param registered what the agent says that it offers to do, or null; absent within a page
/// @param size entries that the rows had read; absent within a page, which has its own
record AgentAnswer(
    String id,
    String firstId,
    boolean revoked,
    String key,
    int rating,
    int transactions,
    int staked,
    int available,
    int kFactor,
    @Nullable String updated,
    boolean isNew,
    NavigableMap<String, Skill> skills,
    long firstIndex,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RawValue registered,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long size) {

  /// The columns that [#read] wants.
  static final String COLUMNS =
      "id, first_id, revoked, public_key, rating, transactions, staked, updated_at, first_index";

  /// A rating in one capability.
  ///
  /// @param updated when it moved last, ISO 8601 in UTC, log time
  record Skill(int rating, int transactions, String updated) {}

  static AgentAnswer read(ResultSet row) throws SQLException {
    int rating = row.getInt("rating");
    int transactions = row.getInt("transactions");
    int staked = row.getInt("staked");
    long updatedAt = row.getLong("updated_at");
    byte[] key = Base64.getDecoder().decode(row.getString("public_key"));
    return new AgentAnswer(
        row.getString("id"),
        row.getString("first_id"),
        row.getInt("revoked") == 1,
        AgentKey.ofRaw(key).pem(),
        rating,
        transactions,
        staked,
        Elo.available(rating, staked),
        Elo.kFactor(transactions),
        updatedAt == 0 ? null : Instant.ofEpochMilli(updatedAt).toString(),
        transactions == 0,
        new TreeMap<>(),
        row.getLong("first_index"),
        null,
        null);
  }

  AgentAnswer with(NavigableMap<String, Skill> all) {
    return with(all, null, null);
  }

  AgentAnswer with(NavigableMap<String, Skill> all, @Nullable RawValue offered, @Nullable Long at) {
    return new AgentAnswer(
        id,
        firstId,
        revoked,
        key,
        rating,
        transactions,
        staked,
        available,
        kFactor,
        updated,
        isNew,
        all,
        firstIndex,
        offered,
        at);
  }
}
