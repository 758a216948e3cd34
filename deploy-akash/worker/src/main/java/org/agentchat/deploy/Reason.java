package org.agentchat.deploy;

import org.agentchat.schemas.json.Json;

/// Why something is so, as the log is told. It may repeat what strangers wrote: it is cut, and what
/// has no UTF-8 form is replaced, for otherwise it could not be signed.
final class Reason {
  /// Longest reason that is said in the log, in characters.
  private static final int MAX_CHARS = 1_000;

  private Reason() {}

  static String brief(String reason) {
    return Json.excerpt(reason, MAX_CHARS);
  }
}
