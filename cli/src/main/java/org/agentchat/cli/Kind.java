package org.agentchat.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// What the value of a [Setting] may be.
sealed interface Kind {
  /// Yes or no, in the words that people use.
  List<String> YES = List.of("true", "1", "yes", "on");

  /// The opposite.
  List<String> NO = List.of("false", "0", "no", "off");

  /// What is wanted, for an error: `a whole number from 0 to 65535`.
  String wanted();

  /// Whether the text, which is not empty, is one.
  boolean fits(String text);

  /// A whole number, bounds included.
  record Whole(long min, long max) implements Kind {
    @Override
    public String wanted() {
      return "a whole number from " + min + " to " + max;
    }

    @Override
    public boolean fits(String text) {
      try {
        long value = Long.parseLong(text);
        return value >= min && value <= max;
      } catch (NumberFormatException _) {
        return false;
      }
    }
  }

  /// Yes or no.
  record Truth() implements Kind {
    @Override
    public String wanted() {
      return "true or false";
    }

    @Override
    public boolean fits(String text) {
      String word = text.toLowerCase(Locale.ROOT);
      return YES.contains(word) || NO.contains(word);
    }
  }

  /// Any text.
  ///
  /// @param maxChars its longest
  record Text(int maxChars) implements Kind {
    @Override
    public String wanted() {
      return "at most " + maxChars + " characters";
    }

    @Override
    public boolean fits(String text) {
      return text.length() <= maxChars;
    }
  }

  /// A text that is never shown.
  record Secret(int maxChars) implements Kind {
    @Override
    public String wanted() {
      return "at most " + maxChars + " characters";
    }

    @Override
    public boolean fits(String text) {
      return text.length() <= maxChars;
    }
  }

  /// One of some words, in any case.
  record Choice(List<String> words) implements Kind {
    @Override
    public String wanted() {
      return "one of " + String.join(", ", words);
    }

    @Override
    public boolean fits(String text) {
      return words.contains(text.toLowerCase(Locale.ROOT));
    }
  }

  /// Something with a form of its own.
  record Form(String wanted, Predicate<String> test) implements Kind {
    @Override
    public boolean fits(String text) {
      return test.test(text);
    }
  }

  /// Several, separated by commas.
  ///
  /// @param wanted what each is
  record Several(String wanted, Predicate<String> test) implements Kind {
    @Override
    public boolean fits(String text) {
      return parts(text).stream().allMatch(test);
    }

    static List<String> parts(String text) {
      return List.of(text.split(",")).stream()
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .toList();
    }
  }
}
