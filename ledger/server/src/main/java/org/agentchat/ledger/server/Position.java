package org.agentchat.ledger.server;

import java.util.HexFormat;
import org.agentchat.schemas.identity.Sha256;
import org.jspecify.annotations.Nullable;

/// How far the rows have read the log, and which log that was.
///
/// @param size entries read: the index of the next one
/// @param rootHash of those entries (RFC 6962 section 2.1), 64 hexadecimal digits
/// @param origin the log's name, or null while it has none
/// @param clock the log's clock, milliseconds since 1970
public record Position(long size, String rootHash, @Nullable String origin, long clock) {
  /// Nothing is read yet.
  static final Position START = new Position(0, HexFormat.of().formatHex(Sha256.of()), null, 0);
}
