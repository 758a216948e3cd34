package org.agentchat.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what a service notes of its work out of the output of a command, which says the same in
/// its own words; warnings stay. Does nothing when `LOG_LEVEL` says what is wanted.
final class QuietLog {
  private QuietLog() {}

  static void begin() {
    if (System.getenv("LOG_LEVEL") == null
        && LoggerFactory.getLogger("org.agentchat") instanceof Logger ours
        && ours.getEffectiveLevel().equals(Level.INFO)) {
      ours.setLevel(Level.WARN);
    }
  }
}
