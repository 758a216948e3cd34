package org.agentchat.relay;

import java.util.random.RandomGenerator;

/// Names that nobody guesses and nobody needs to read.
final class RandomNames {
  private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";

  private RandomNames() {}

  /// So many of `[0-9a-z]`.
  static String base36(RandomGenerator random, int chars) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < chars; i++) {
      name.append(BASE36.charAt(random.nextInt(BASE36.length())));
    }
    return name.toString();
  }
}
