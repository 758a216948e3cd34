package org.agentchat.client;

import java.time.Duration;

/// Values in the words of a message to a person.
final class Texts {
  private Texts() {}

  /// Seconds where they are whole, else milliseconds.
  static String of(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }

  /// What went wrong below, also where the platform leaves the message out.
  static String of(Throwable problem) {
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }
}
