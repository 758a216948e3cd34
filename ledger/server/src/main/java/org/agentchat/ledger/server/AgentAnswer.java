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

/// An agent as it is served.
///
/// @param key PEM
/// @param available rating points that are free to be staked
/// @param updated when the rating moved last, ISO 8601 in UTC, log time; null before the first time
/// @param isNew whether no finished deal has moved the rating
/// @param firstIndex of the entry that named the agent first
/// @param size entries that the rows had read; absent within a page, which has its own
record AgentAnswer(
    String id,
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long size) {

  /// The columns that [#read] wants.
  static final String COLUMNS =
      "id, public_key, rating, transactions, staked, updated_at, first_index";

  /// A rating in one capability.
  record Skill(int rating, int transactions) {}

  static AgentAnswer read(ResultSet row) throws SQLException {
    int rating = row.getInt("rating");
    int transactions = row.getInt("transactions");
    int staked = row.getInt("staked");
    long updatedAt = row.getLong("updated_at");
    byte[] key = Base64.getDecoder().decode(row.getString("public_key"));
    return new AgentAnswer(
        row.getString("id"),
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
        null);
  }

  AgentAnswer with(NavigableMap<String, Skill> all, @Nullable Long at) {
    return new AgentAnswer(
        id,
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
        at);
  }
}
