package org.agentchat.hooks.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Finds what somebody meant to type.
final class Nearest {
  /// As much of a wrong word as is compared: no right one is longer.
  private static final int MAX_CHARS = 64;

  private Nearest() {}

  /// The known word that is nearest to the typed one.
  static String of(String typed, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(word -> distance(word, typed))).orElseThrow();
  }

  /// How many letters to insert, delete or replace (Levenshtein).
  private static int distance(String known, String typed) {
    int[] row = IntStream.rangeClosed(0, known.length()).toArray();
    for (int i = 1; i <= Math.min(typed.length(), MAX_CHARS); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= known.length(); j++) {
        int replaced = diagonal + (typed.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
      }
    }
    return row[known.length()];
  }
}
