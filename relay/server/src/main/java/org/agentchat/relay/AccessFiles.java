package org.agentchat.relay;

import java.io.IOException;

/// What is kept about who may come in and speak.
record AccessFiles(Allowlist allowlist, Bans bans, FirstSights sights) {
  /// @throws IOException if one is damaged
  static AccessFiles of(AccessRules rules) throws IOException {
    return new AccessFiles(
        new Allowlist(rules),
        new Bans(rules),
        new FirstSights(rules.folder(), FirstSights.MAX_KEYS));
  }
}
