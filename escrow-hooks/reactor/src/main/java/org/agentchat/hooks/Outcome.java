package org.agentchat.hooks;

import java.time.Instant;

/// How an attempt at an [Intent] ended. Every sentence is for the operator: it is stored, shown by
/// `agentchat hooks` and logged, so it holds no secret, and of what strangers sent only an excerpt.
public sealed interface Outcome {
  /// A sentence about it.
  String note();

  /// The action had its effect, now or already earlier. Nothing more is attempted.
  record Done(String note) implements Outcome {}

  /// The attempt failed; another one is made. It counts as an attempt.
  ///
  /// @param at not before
  record Retry(Instant at, String note) implements Outcome {}

  /// One step is done, or nothing can be done yet; the handler looks again. It does not count as an
  /// attempt, so an intent may wait for as long as it takes.
  ///
  /// @param recheck when to look again at the latest: [Workbench#wake] is earlier
  record Waiting(Instant recheck, String note) implements Outcome {}

  /// As [Waiting], but it waits for something that may never come by itself, such as money for gas
  /// or a node that answers: an operator is told.
  ///
  /// @param recheck as of [Waiting]
  /// @param reason one word for the matter, which stays the same as long as it does; each is told
  ///   once
  /// @param note the reason with its particulars
  record Stuck(Instant recheck, String reason, String note) implements Outcome {}

  /// The action will not succeed by itself: it goes to the dead letters, where it stays until an
  /// operator revives it. Later intents of its lane go on.
  record Dead(String note) implements Outcome {}

  /// As [Dead], and the hook is not wanted any more: everything else that it has planned, or will
  /// plan, goes to the dead letters too, until an operator enables it.
  record Disabled(String note) implements Outcome {}
}
