package org.agentchat.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.agentchat.schemas.message.ServerMessage;

/// One question at a time, in the order of asking, for a relay whose answers do not say what they
/// answer. When one stays unanswered, its answer may still come; so the next question waits until
/// the relay has answered a PING, after which nothing older can come.
final class Turns {
  private final ReentrantLock turn = new ReentrantLock(true);
  private boolean outOfStep;

  /// Asks when the turn has come.
  ///
  /// @param ask puts one question and waits for its answer for the given time
  /// @throws NoAnswerException if the turn does not come in time (nothing was sent), or the answer
  <T> Reply<T> ask(Question<T> question, Duration timeout, Asking ask) {
    long start = System.nanoTime();
    if (!await(timeout)) {
      throw tooLate(question, timeout);
    }
    try {
      if (outOfStep) {
        Reply<ServerMessage.Pong> _ = ask.ask(Question.ping(), left(timeout, start));
      }
      // A statement that is sent when no time is left to hear its answer would be in doubt for
      // nothing.
      if (!left(timeout, start).isPositive()) {
        throw tooLate(question, timeout);
      }
      outOfStep = true;
      Reply<T> reply = ask.ask(question, left(timeout, start));
      outOfStep = false;
      return reply;
    } finally {
      turn.unlock();
    }
  }

  private static NoAnswerException tooLate(Question<?> question, Duration timeout) {
    return new NoAnswerException(
        question.name() + " was not sent: its turn did not come within " + Texts.of(timeout),
        false);
  }

  private static Duration left(Duration timeout, long start) {
    return timeout.minusNanos(System.nanoTime() - start);
  }

  private boolean await(Duration timeout) {
    try {
      return turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Puts one question and waits for its answer.
  interface Asking {
    /// Puts the question.
    ///
    /// @param timeout how long to wait for the answer
    <T> Reply<T> ask(Question<T> question, Duration timeout);
  }
}
