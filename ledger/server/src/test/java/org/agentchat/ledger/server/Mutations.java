package org.agentchat.ledger.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Breaks JSON files of several lines, seeded: their text, their lines, or one of their values.
final class Mutations {
  private static final String CHARACTERS =
      "0123456789abcdef{}[]\",:\\ \n\t+-.eE@_|=/uTn\u00e9\u2028";

  /// What may stand in a value's place; many of them are numbers that only look like another form
  /// of a good one.
  private static final List<String> VALUES =
      List.of(
          ("5 5.0 05 -5 -0 0 0.0 -0.0 0.5 0.50 5e-1 50e-2 25 26 1e2 1e21 1E21 1e+21 1e400 1e-400"
                  + " 1e-310 1e99999999999 1000000000000000000000 9007199254740993 2147483648"
                  + " 9223372036854775807 9223372036854775808 0.1000000000000000055 null true [] {}"
                  + " \"\" \"5\" \"\\ud800\" \"@x\" \"disputant\"")
              .split(" "));

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /// The file, broken once or twice; now and then it is as good as before.
  String of(String file) {
    String once = mutated(file);
    return random.nextInt(3) == 0 ? mutated(once) : once;
  }

  private String mutated(String file) {
    StringBuilder text = new StringBuilder(file);
    int at = random.nextInt(file.length());
    int end = Math.min(file.length(), at + 1 + random.nextInt(30));
    return switch (random.nextInt(8)) {
      case 0 -> {
        text.setCharAt(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        yield text.toString();
      }
      case 1 -> text.delete(at, end).toString();
      case 2 -> text.insert(at, file.substring(at, end)).toString();
      case 3 -> lines(file, true);
      case 4 -> lines(file, false);
      default -> value(file);
    };
  }

  /// Two lines change places, or one is lost.
  private String lines(String file, boolean swapped) {
    List<String> lines = new ArrayList<>(List.of(file.split("\n", -1)));
    int one = random.nextInt(lines.size());
    if (swapped) {
      Collections.swap(lines, one, random.nextInt(lines.size()));
    } else {
      lines.remove(one);
    }
    return String.join("\n", lines);
  }

  /// A field has another value.
  private String value(String file) {
    List<String> lines = new ArrayList<>(List.of(file.split("\n", -1)));
    int start = random.nextInt(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      int at = (start + i) % lines.size();
      String line = lines.get(at);
      int colon = line.indexOf(" : ");
      if (colon > 0 && !line.endsWith("{") && !line.endsWith("[")) {
        String other = VALUES.get(random.nextInt(VALUES.size()));
        lines.set(at, line.substring(0, colon + 3) + other + (line.endsWith(",") ? "," : ""));
        return String.join("\n", lines);
      }
    }
    return file;
  }
}
