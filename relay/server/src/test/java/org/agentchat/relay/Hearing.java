package org.agentchat.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What one client of a replay should hear, in order, and what it heard instead.
final class Hearing {
  /// How many frames may be missing in a row; frames further away are not looked at.
  private static final int LOOK_AHEAD = 40;

  /// Fields that say what a frame is about.
  private static final List<String> SUBJECT =
      List.of(
          "code", "message", "channel", "from", "to", "content", "agent", "action", "request_id");

  private final Names names;
  private final List<Item> items = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Item> missing = new ArrayList<>();
  private final List<Extra> extras = new ArrayList<>();
  private int next;
  private int last;

  Hearing(Names names) {
    this.names = names;
  }

  /// Something that should come.
  sealed interface Item {
    /// The captured line that it is, or comes after.
    int line();
  }

  record CapturedFrame(Capture.Heard heard) implements Item {
    @Override
    public int line() {
      return heard.number();
    }
  }

  record CapturedEnd(Capture.Closed closed) implements Item {
    @Override
    public int line() {
      return closed.number();
    }
  }

  /// A frame that only we send.
  ///
  /// @param label the type, and who hears it where the line is about somebody else
  record Ours(int line, String type, String label) implements Item {}

  /// A captured frame and the one that answers to it.
  record Pair(Capture.Heard wanted, JsonNode got) {}

  /// A frame that the capture does not have after the line.
  record Extra(int line, JsonNode got, String label) {}

  void expect(Item item) {
    items.add(item);
  }

  /// Notes that the client said the captured line.
  void said(int line) {
    last = Math.max(last, line);
  }

  /// Takes a frame that came.
  void hear(JsonNode got) {
    String type = got.path("type").asString("");
    int found =
        find(i ->
            switch (items.get(i)) {
              case CapturedFrame(Capture.Heard heard) -> isAbout(heard.frame(), got);
              case Ours(_, String ours, _) -> ours.equals(type);
              case CapturedEnd _ -> false;
            });
    boolean surely = found >= 0 && !(items.get(found) instanceof Ours);
    if (!surely && next < items.size() && isOfType(items.get(next), type)) {
      found = next; // what it names may be told to another client first, and be unknown yet
    }
    if (found < 0) {
      extras.add(new Extra(last, got, type));
      return;
    }
    missing.addAll(items.subList(next, found));
    next = found + 1;
    Item item = items.get(found);
    last = Math.max(last, item.line());
    switch (item) {
      case CapturedFrame(Capture.Heard heard) -> {
        pairs.add(new Pair(heard, got));
        names.learn(heard.frame(), got);
      }
      case Ours(int line, _, String label) -> extras.add(new Extra(line, got, label));
      case CapturedEnd _ -> {}
    }
  }

  private int find(IntPredicate wanted) {
    for (int i = next; i < Math.min(items.size(), next + LOOK_AHEAD); i++) {
      if (wanted.test(i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isOfType(Item item, String type) {
    return item instanceof CapturedFrame(Capture.Heard heard) && heard.type().equals(type);
  }

  private boolean isAbout(JsonNode captured, JsonNode got) {
    return captured.path("type").equals(got.path("type"))
        && SUBJECT.stream()
            .allMatch(
                field -> Comparison.same(names.translate(captured.path(field)), got.path(field)));
  }

  /// Takes the end of the socket; false when nobody expected it.
  boolean end(int code, String reason) {
    int found =
        find(i ->
            items.get(i) instanceof CapturedEnd(Capture.Closed closed)
                && closed.code() == code
                && closed.reason().equals(reason));
    if (found < 0) {
      return false;
    }
    missing.addAll(items.subList(next, found));
    next = found + 1;
    return true;
  }

  /// Whether everything has come that meets the condition, and so all before it.
  boolean has(Predicate<Item> wanted) {
    return items.stream().skip(next).noneMatch(wanted);
  }

  /// What has not come that meets the condition.
  Stream<Item> open(Predicate<Item> wanted) {
    return items.stream().skip(next).filter(wanted);
  }

  List<Pair> pairs() {
    return pairs;
  }

  List<Extra> extras() {
    return extras;
  }

  /// What never came. To be asked when nothing more will come.
  List<Item> missing() {
    return Stream.concat(missing.stream(), items.stream().skip(next)).toList();
  }
}
