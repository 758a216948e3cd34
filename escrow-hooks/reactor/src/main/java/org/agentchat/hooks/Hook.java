package org.agentchat.hooks;

import java.util.regex.Pattern;

/// A configured reaction.
///
/// @param name by which operators and the outbox know it; another name is another hook
/// @param kind what its handler does, in one word
/// @param handler closed by the reactor
/// @param from where in the log it begins when it is new
/// @param concurrency attempts at once, each of another lane
public record Hook(String name, String kind, Handler handler, From from, int concurrency) {
  /// Most attempts of one hook at once: one hook takes no more than its part of a machine.
  public static final int MAX_CONCURRENCY = 64;

  /// What a name may be.
  public static final String NAME_RULE =
      "1 to 64 of small letters, digits and -, beginning with a letter";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  /// Where in the log a new hook begins.
  public enum From {
    /// With what happens after it was added.
    NOW,
    /// With the first entry.
    BEGINNING
  }

  /// @throws IllegalArgumentException if a part is out of its range
  public Hook {
    if (!isName(name)) {
      throw new IllegalArgumentException("name: %s wanted, found %s".formatted(NAME_RULE, name));
    }
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "concurrency: 1 to %d wanted, found %d".formatted(MAX_CONCURRENCY, concurrency));
    }
  }

  /// Whether a hook may be called so.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
