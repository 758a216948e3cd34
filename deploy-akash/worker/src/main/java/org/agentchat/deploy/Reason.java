package org.agentchat.deploy;

import java.util.List;
import java.util.StringJoiner;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Statement;

/// Words of others, as the log is told them: what strangers and providers wrote is cut to a size
/// that a statement holds.
final class Reason {
  /// Longest reason that is said in the log, in characters.
  private static final int MAX_CHARS = 1_000;

  private Reason() {}

  /// Why something is so. What has no UTF-8 form is replaced, for it could not be signed.
  static String brief(String reason) {
    return Json.excerpt(reason, MAX_CHARS);
  }

  /// As many whole addresses as may be said, one space between them.
  static String addresses(List<String> uris) {
    StringJoiner said = new StringJoiner(" ");
    for (String uri : uris) {
      if (said.length() + 1 + uri.length() <= Statement.MAX_TEXT_CHARS) {
        said.add(uri);
      }
    }
    return said.toString();
  }
}
