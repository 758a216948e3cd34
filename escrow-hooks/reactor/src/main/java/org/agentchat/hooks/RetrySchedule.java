package org.agentchat.hooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// How long a hook waits after each failure, until it gives up.
///
/// @param pauses after the first failure, the second, and so on; after one more the intent is dead
public record RetrySchedule(List<Duration> pauses) {
  /// Most pauses of a schedule.
  public static final int MAX_PAUSES = 20;

  /// Longest pause, also when the other side asks for more.
  public static final Duration LONGEST = Duration.ofHours(24);

  /// 5 s, 30 s, 2 min, 10 min, 30 min.
  public static final RetrySchedule DEFAULT =
      new RetrySchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofMinutes(30)));

  /// A pause is made longer by up to this part of it, so that what failed together does not come
  /// back together.
  private static final double JITTER = 0.2;

  /// @throws IllegalArgumentException if there are too many pauses, or one is out of range
  public RetrySchedule {
    pauses = List.copyOf(pauses);
    if (pauses.size() > MAX_PAUSES) {
      throw new IllegalArgumentException(
          "at most %d pauses wanted, found %d".formatted(MAX_PAUSES, pauses.size()));
    }
    for (Duration pause : pauses) {
      if (!pause.isPositive() || pause.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "a pause of more than nothing and at most 24 h wanted, found " + pause);
      }
    }
  }

  /// What becomes of an intent that has failed once more.
  ///
  /// @param wished how long the other side wants to be left alone; zero if it did not say
  public Outcome failed(
      Intent intent, String note, Duration wished, Instant now, RandomGenerator random) {
    if (intent.attempts() >= pauses.size()) {
      return new Outcome.Dead(
          "given up after %d attempts: %s".formatted(intent.attempts() + 1, note));
    }
    Duration pause = pauses.get(intent.attempts());
    long jitter = (long) (pause.toMillis() * JITTER * random.nextDouble());
    Duration longer = wished.compareTo(pause) > 0 ? wished : pause;
    Duration bounded = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    return new Outcome.Retry(now.plus(bounded).plusMillis(jitter), note);
  }
}
