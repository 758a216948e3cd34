package org.agentchat.ledger;

import java.util.Locale;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.KeyStatement;
import org.jspecify.annotations.Nullable;

/// The time of one key in an account, in log indexes. A statement is the account's when its key's
/// tenure covers the statement's index, so everything that was ever signed stays verifiable under
/// the key of its time.
///
/// @param from index of the entry that named the account's first key; of a later key, that of the
///   [KeyStatement.RotateKey] which brought it
/// @param end how the tenure ended, or null while it lasts
public record Tenure(AgentKey key, long from, @Nullable End end) {
  /// The end of a tenure.
  ///
  /// @param index of the statement that ended it: the last one that the key could sign
  public record End(Kind kind, long index) {}

  /// How a tenure can end.
  public enum Kind {
    /// Another key took its place.
    ROTATED,
    /// It is not to be trusted any more.
    REVOKED;

    /// The word in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The key's short name.
  public AgentId id() {
    return key.id();
  }

  /// Whether the key could sign for its account at the index.
  public boolean covers(long index) {
    return index >= from && (end == null || index <= end.index());
  }

  Tenure ended(Kind kind, long index) {
    return new Tenure(key, from, new End(kind, index));
  }

  void digest(StateDigest digest) {
    digest.add(key.raw()).add(from);
    digest.add(end == null ? "" : end.kind().word()).add(end == null ? -1 : end.index());
  }
}
