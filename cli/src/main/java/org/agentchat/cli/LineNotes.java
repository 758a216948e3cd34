package org.agentchat.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.agentchat.log.LogFinding;
import org.jspecify.annotations.Nullable;

/// What a lenient reader of a file notices of its lines, until somebody takes it: each thing once,
/// however often the reader begins anew. One thread at a time.
final class LineNotes {
  /// Findings that are kept as they are until they are taken; of more only the last is.
  private static final int MAX_KEPT = 1_000;

  private final List<LogFinding> kept = new ArrayList<>();
  private final Set<LogFinding> ofLine = new HashSet<>();
  private @Nullable LogFinding last;
  private int more;
  private long line;

  /// Notes a finding, unless it was noted before.
  void add(LogFinding finding) {
    if (finding.line() > line) {
      line = finding.line();
      ofLine.clear();
    }
    if (finding.line() < line || !ofLine.add(finding)) {
      return;
    }
    if (kept.size() < MAX_KEPT) {
      kept.add(finding);
    } else {
      last = finding;
      more++;
    }
  }

  /// What was noted since this was asked last; the last finding stands for those that were not
  /// kept.
  Stream<LogFinding> taken() {
    List<LogFinding> news = List.copyOf(kept);
    List<LogFinding> rest = last == null ? List.of() : Collections.nCopies(more, last);
    kept.clear();
    last = null;
    more = 0;
    return Stream.concat(news.stream(), rest.stream());
  }

  /// Forgets everything: the file is read once more.
  void restart() {
    taken();
    ofLine.clear();
    line = 0;
  }
}
