package org.agentchat.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The times of the captured court, had it had the protocol's deadlines (section 12). It was
/// captured with seconds for them, so wherever it waited for one its clock is put forward by the
/// rest; and where a case was stuck that goes on here, by the time that this one takes.
final class CourtTime {
  private static final Duration RESPONSE = Duration.ofMinutes(30);
  private static final Duration EVIDENCE = Duration.ofHours(1);
  private static final Duration VOTES = Duration.ofHours(1);
  private static final Duration REVEAL = Duration.ofMinutes(10);
  private static final Duration CAPTURED_REVEAL = Duration.ofMillis(800);
  private static final Duration CAPTURED_HOUR = Duration.ofMillis(1_500);

  /// By how much the clock is put forward from a line on.
  private static final NavigableMap<Integer, Duration> LEAPS =
      new TreeMap<>(
          Map.of(
              83, EVIDENCE.minus(CAPTURED_HOUR),
              147, EVIDENCE,
              170, REVEAL.minus(CAPTURED_REVEAL),
              192, VOTES,
              274, EVIDENCE.minus(CAPTURED_HOUR),
              277, VOTES.minus(CAPTURED_HOUR)));

  /// Deadlines, by what is left until them when a frame names them.
  private static final Map<String, Duration> DEADLINES =
      Map.of("response_deadline", RESPONSE, "vote_deadline", VOTES);

  /// Numbers from here on are times.
  private static final long FIRST_TIME = 1_600_000_000_000L;

  private static final Pattern EVIDENCE_UNTIL =
      Pattern.compile("(?<=Evidence period open until )\\S+Z");

  private CourtTime() {}

  static List<Capture.Line> retimed(List<Capture.Line> lines) {
    return lines.stream().map(CourtTime::retimed).toList();
  }

  private static Capture.Line retimed(Capture.Line line) {
    return switch (line) {
      case Capture.Heard(int number, String who, ObjectNode frame) ->
          new Capture.Heard(number, who, retimed(frame, later(number)));
      case Capture.Heard _, Capture.Said _, Capture.Closed _, Capture.Note _ -> line;
    };
  }

  private static long later(int number) {
    return LEAPS.headMap(number, true).values().stream().mapToLong(Duration::toMillis).sum();
  }

  private static ObjectNode retimed(ObjectNode captured, long later) {
    long written = captured.path("ts").longValue() + later;
    ObjectNode frame = captured.deepCopy();
    captured
        .propertyStream()
        .filter(field -> field.getValue().isNumber() && field.getValue().longValue() > FIRST_TIME)
        .forEach(field -> {
          Duration left = DEADLINES.get(field.getKey());
          long time =
              left == null ? field.getValue().longValue() + later : written + left.toMillis();
          frame.put(field.getKey(), time);
        });
    String until = Instant.ofEpochMilli(written).plus(EVIDENCE).toString();
    String content = captured.path("content").asString("");
    if (EVIDENCE_UNTIL.matcher(content).find()) {
      frame.put("content", EVIDENCE_UNTIL.matcher(content).replaceFirst(until));
    }
    return frame;
  }
}
