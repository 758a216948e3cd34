package org.agentchat.relay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares frames field by field. Times are the same when they are near each other: the replay's
/// clock follows the capture, but the capture shows when frames were written, not when the server
/// looked at its clock.
final class Comparison {
  private static final long NEAR_MILLIS = 2_000;

  /// Numbers from here on are times; nothing else in the captures is as large.
  private static final long FIRST_TIME = 1_600_000_000_000L;

  /// What is drawn by lot: any text will do.
  private static final Set<String> RANDOM =
      Set.of("CAPTCHA_CHALLENGE.question", "CAPTCHA_CHALLENGE.hint");

  private static final Pattern ISO =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  /// Fields that ours adds, by frame type (docs/protocol.md).
  private final Map<String, Set<String>> added;

  private final Set<String> usedAdditions = new TreeSet<>();

  Comparison(Map<String, Set<String>> added) {
    this.added = added;
  }

  /// One top-level field that is not the same.
  record Unequal(String field, String wanted, String got) {}

  /// What differs in the frame that came.
  List<Unequal> compare(JsonNode wanted, JsonNode got) {
    List<Unequal> unequal = new ArrayList<>();
    String type = got.path("type").asString("");
    wanted
        .propertyStream()
        .filter(field -> !isRandom(type, field.getKey(), got))
        .filter(field -> !same(field.getValue(), got.get(field.getKey())))
        .forEach(field ->
            unequal.add(
                new Unequal(
                    field.getKey(),
                    field.getValue().toString(),
                    String.valueOf(got.get(field.getKey())))));
    got.propertyStream()
        .filter(field -> !wanted.has(field.getKey()) && !isAddition(type, field.getKey()))
        .forEach(field ->
            unequal.add(new Unequal(field.getKey(), "nothing", field.getValue().toString())));
    return unequal;
  }

  private static boolean isRandom(String type, String field, JsonNode got) {
    return RANDOM.contains(type + "." + field) && got.path(field).isString();
  }

  private boolean isAddition(String type, String field) {
    boolean known = added.getOrDefault(type, Set.of()).contains(field);
    if (known) {
      usedAdditions.add(type + "." + field);
    }
    return known;
  }

  /// The additions that were seen, `TYPE.field`.
  Set<String> usedAdditions() {
    return usedAdditions;
  }

  /// Whether two values are the same but for times near each other.
  static boolean same(JsonNode wanted, @Nullable JsonNode got) {
    if (got == null) {
      return false;
    }
    if (wanted.isNumber() && got.isNumber()) {
      return sameNumber(wanted, got);
    }
    if (wanted.isString() && got.isString()) {
      return sameText(wanted.stringValue(), got.stringValue());
    }
    if (wanted.isArray() && got.isArray()) {
      return wanted.size() == got.size()
          && IntStream.range(0, wanted.size()).allMatch(i -> same(wanted.get(i), got.get(i)));
    }
    if (wanted.isObject() && got.isObject()) {
      return wanted.size() == got.size()
          && wanted
              .propertyStream()
              .allMatch(field -> same(field.getValue(), got.get(field.getKey())));
    }
    return wanted.equals(got);
  }

  private static boolean sameNumber(JsonNode wanted, JsonNode got) {
    return wanted.decimalValue().compareTo(got.decimalValue()) == 0
        || (wanted.longValue() > FIRST_TIME
            && Math.abs(wanted.longValue() - got.longValue()) <= NEAR_MILLIS);
  }

  private static boolean sameText(String wanted, String got) {
    if (wanted.equals(got)) {
      return true;
    }
    Matcher one = ISO.matcher(wanted);
    Matcher other = ISO.matcher(got);
    return one.find()
        && other.find()
        && near(one.group(), other.group())
        && one.replaceAll("T").equals(other.replaceAll("T"));
  }

  private static boolean near(String one, String other) {
    long apart = Instant.parse(one).toEpochMilli() - Instant.parse(other).toEpochMilli();
    return Math.abs(apart) <= NEAR_MILLIS;
  }
}
