package org.agentchat.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// Lets the state be changed for the length of one question: what [Ledger#check] lets happen, it
/// takes back. Whatever keeps state notes how to restore what it changes.
final class Undo {
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private boolean recording;

  /// Notes how a change is taken back, if it is to be.
  void note(Runnable back) {
    if (recording) {
      steps.push(back);
    }
  }

  /// Answers the question, then takes back, last first, every change that answering it made.
  <T> T around(Supplier<T> question) {
    recording = true;
    try {
      return question.get();
    } finally {
      recording = false;
      while (!steps.isEmpty()) {
        steps.pop().run();
      }
    }
  }
}
