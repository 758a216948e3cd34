package org.agentchat.hooks;

/// Where a reactor can die. Tests kill it there; nobody else listens.
enum Step {
  /// Intents are planned and not recorded.
  PLANNED,
  /// They are recorded, with how far the log was read.
  RECORDED,
  /// An attempt begins.
  ATTEMPTING,
  /// An attempt has ended and its outcome is not recorded.
  ATTEMPTED,
  /// The outcome is recorded.
  ENDED
}
