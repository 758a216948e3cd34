package org.agentchat.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must come of one act: who hears what, and whose connection ends how.
final class Expected {
  private final Map<Seat, List<String>> words = new LinkedHashMap<>();
  private final Map<Seat, List<String>> news = new LinkedHashMap<>();
  private final Map<Seat, String> ends = new LinkedHashMap<>();

  void hears(Seat seat, String word) {
    words.computeIfAbsent(seat, _ -> new ArrayList<>()).add(word);
  }

  /// What the log gives rise to, and who came in late may hear later.
  void learns(Seat seat, String word) {
    news.computeIfAbsent(seat, _ -> new ArrayList<>()).add(word);
  }

  /// @param end code and reason of the close frame
  void ends(Seat seat, String end) {
    ends.put(seat, end);
  }

  List<String> words(Seat seat) {
    return words.getOrDefault(seat, List.of());
  }

  /// What it must hear of the market; nothing once its connection ends.
  List<String> news(Seat seat) {
    return ends.containsKey(seat) ? List.of() : news.getOrDefault(seat, List.of());
  }

  /// How the seat's connection ends, or null when it goes on.
  @Nullable String end(Seat seat) {
    return ends.get(seat);
  }

  /// Whether it may hear that or not: that others go who go at the same time as it.
  boolean isOpen(Seat seat, String word) {
    return ends.containsKey(seat) && ends.size() > 1 && isFarewell(word);
  }

  private static boolean isFarewell(String word) {
    return word.startsWith("AGENT_LEFT ")
        || (word.startsWith("MSG @server ") && word.endsWith(" went offline"));
  }
}
