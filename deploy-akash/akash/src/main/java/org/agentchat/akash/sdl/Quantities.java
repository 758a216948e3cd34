package org.agentchat.akash.sdl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts of machine: CPU in thousandths, memory and storage in bytes.
final class Quantities {
  private static final Pattern CPU = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(m?)");
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(k|Ki|[MGTPE]i?|)");

  /// The first letters of suffixes; K is in Ki only.
  private static final String POWERS = "kMGTPE";

  private Quantities() {}

  /// `0.5` and `500m` are 500.
  static long cpuMilli(YamlNode node, long min, long max) {
    Matcher matcher = CPU.matcher(node.scalar());
    if (!matcher.matches()) {
      throw node.wrong("an amount of CPU such as 0.5 or 500m");
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    return inRange(
        node,
        matcher.group(2).isEmpty() ? number.movePointRight(3) : number,
        min,
        max,
        "thousandths of a CPU");
  }

  /// `512Mi` is 536,870,912, `1k` is 1,000.
  static long bytes(YamlNode node, long min, long max) {
    Matcher matcher = SIZE.matcher(node.scalar());
    if (!matcher.matches()) {
      throw node.wrong("a size such as 512Mi or 10Gi");
    }
    return inRange(
        node,
        new BigDecimal(matcher.group(1)).multiply(factor(matcher.group(2))),
        min,
        max,
        "bytes");
  }

  private static BigDecimal factor(String suffix) {
    if (suffix.isEmpty()) {
      return BigDecimal.ONE;
    }
    BigInteger base = BigInteger.valueOf(suffix.length() == 2 ? 1024 : 1000);
    int power = 1 + POWERS.indexOf(suffix.equals("Ki") ? 'k' : suffix.charAt(0));
    return new BigDecimal(base.pow(power));
  }

  private static long inRange(YamlNode node, BigDecimal value, long min, long max, String unit) {
    boolean whole = value.stripTrailingZeros().scale() <= 0;
    if (!whole
        || value.compareTo(BigDecimal.valueOf(min)) < 0
        || value.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw node.wrong("a whole number of %s from %,d to %,d".formatted(unit, min, max));
    }
    return value.longValueExact();
  }
}
