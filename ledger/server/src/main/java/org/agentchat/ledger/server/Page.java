package org.agentchat.ledger.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Some items of a longer list, in order, and where the next page begins.
///
/// @param size entries that the rows had read
/// @param next what `from` must be for the next page; null when this was the last
record Page<T>(long size, List<T> items, @Nullable Object next) {
  /// Cuts what was read to a page.
  ///
  /// @param read one item more than wanted, if there was one; or fewer, if they grew too large
  /// @param tooLarge whether reading stopped because of that
  static <T> Page<T> of(
      long size, List<T> read, int limit, boolean tooLarge, ToLongFunction<T> index) {
    if (read.size() > limit) {
      return new Page<>(size, read.subList(0, limit), index.applyAsLong(read.get(limit)));
    }
    return new Page<>(size, read, tooLarge ? index.applyAsLong(read.getLast()) + 1 : null);
  }

  /// The same where several items may have one index: `from` cannot lead into the midst of them, so
  /// the page ends before those whose rest may not have been read.
  ///
  /// @return empty when only items of one index were read and there may be more of it
  static <T> Optional<Page<T>> ofGroups(
      long size, List<T> read, int limit, boolean tooLarge, ToLongFunction<T> index) {
    if (read.size() <= limit && !tooLarge) {
      return Optional.of(new Page<>(size, read, null));
    }
    long last = index.applyAsLong(read.getLast());
    List<T> whole = read.stream().filter(item -> index.applyAsLong(item) < last).toList();
    return whole.isEmpty() ? Optional.empty() : Optional.of(new Page<>(size, whole, last));
  }

  /// The page as it is served.
  ///
  /// @param name what the items are called
  Map<String, Object> named(String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("size", size);
    json.put(name, items);
    // Null is written: a reader sees that this is the end.
    json.put("next", next);
    return json;
  }
}
