package org.agentchat.cli;

import java.util.Collections;
import java.util.List;

/// How far an audit that has not come to its end has verified a log's signatures. It speaks of
/// exactly the bytes that have the root, so it is of use for a log only once the fold has found the
/// same root at the same size. Public because JSON is read into it.
///
/// @param format [#FORMAT]
/// @param program which program has verified them, see [ProgramDigest]
/// @param origin the log's name
/// @param size of the log's first so many entries, at least 1
/// @param root of the tree of those entries (RFC 6962), 64 hexadecimal digits
/// @param forged those of them whose signatures are not valid, by index; of all others they are
public record VerifiedPrefix(
    String format, String program, String origin, long size, String root, List<Long> forged) {
  static final String FORMAT = "agentchat-audit-progress/1";

  /// Most entries with false signatures that are remembered. A log with more of them is rubbish
  /// anyway, and an audit of it that is interrupted starts again from there.
  static final int MAX_FORGED = 1_000;

  /// Copies the list, in order.
  public VerifiedPrefix {
    forged = forged.stream().sorted().toList();
  }

  /// Whether the signature of the entry at the index, if it has one, was found valid.
  boolean covers(long index) {
    return index < size && Collections.binarySearch(forged, index) < 0;
  }
}
