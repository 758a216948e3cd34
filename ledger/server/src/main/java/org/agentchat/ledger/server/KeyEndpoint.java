package org.agentchat.ledger.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// What is asked about the keys of an account.
final class KeyEndpoint {
  /// An account has a bounded number of keys, so they come in one answer.
  private static final String KEYS = "SELECT * FROM agent_key WHERE agent = ? ORDER BY seq";

  /// One key as it is served.
  ///
  /// @param key PEM
  /// @param fromIndex of the entry that named the first key, or rotated to this one
  /// @param end `rotated` or `revoked`; null while the key is the account's, as the next two
  /// @param endIndex of the entry that ended it: the last one that the key could sign
  /// @param endEvent that entry, exactly as the log holds it
  private record KeyAnswer(
      String id,
      String key,
      long fromIndex,
      @Nullable String end,
      @Nullable Long endIndex,
      @Nullable String endEvent) {}

  private final Reads reads;

  KeyEndpoint(Reads reads) {
    this.reads = reads;
  }

  Answer keys(Call call) throws SQLException {
    String id = call.agent().toString();
    return reads.at((rows, size) -> {
      AgentAnswer agent = AgentEndpoints.find(rows, id);
      List<KeyAnswer> keys =
          rows.list(KEYS, parameters -> parameters.add(agent.firstId()), KeyEndpoint::key);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", agent.id());
      json.put("first_id", agent.firstId());
      json.put("size", size);
      json.put("keys", keys);
      return Answer.json(json);
    });
  }

  private static KeyAnswer key(ResultSet row) throws SQLException {
    byte[] raw = Base64.getDecoder().decode(row.getString("public_key"));
    String end = row.getString("end_kind");
    return new KeyAnswer(
        row.getString("id"),
        AgentKey.ofRaw(raw).pem(),
        row.getLong("from_index"),
        end,
        end == null ? null : row.getLong("end_index"),
        row.getString("end_event"));
  }
}
