package org.agentchat.relay;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// A question that a program which understands text answers at once, and one that only repeats
/// frames does not (protocol.md section 6). The wording is part of the protocol: existing clients
/// recognise it.
///
/// @param others answers that are right as well
record CaptchaQuestion(String question, String hint, String answer, List<String> others) {
  private static final String NUMBER = "Respond with just the number.";
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]{1,18}(?:\\.[0-9]{0,18})?|\\.[0-9]{1,18})");
  private static final List<String> WORDS =
      List.of(
          "agent",
          "chat",
          "protocol",
          "server",
          "client",
          "hello",
          "world",
          "network",
          "verify",
          "connect");

  private static final List<CaptchaQuestion> LOGIC =
      List.of(
          of("What is the next number in the sequence: 2, 4, 6, 8, ?", NUMBER, "10"),
          of("What is the next number in the sequence: 1, 3, 5, 7, ?", NUMBER, "9"),
          of("Is 17 a prime number? Answer yes or no.", "Respond with yes or no.", "yes", "true"),
          of("Is 15 a prime number? Answer yes or no.", "Respond with yes or no.", "no", "false"),
          of(
              "What is the third item in this list: [apple, banana, cherry, date]?",
              "Respond with just the item.",
              "cherry"),
          of("How many vowels are in the word \"communication\"?", NUMBER, "6"));

  private static final List<CaptchaQuestion> PROTOCOL =
      List.of(
          of(
              "In the AgentChat protocol, what character starts channel names?",
              "Respond with just the character.",
              "#",
              "hash",
              "hashtag",
              "pound"),
          of(
              "In the AgentChat protocol, what character prefixes agent IDs?",
              "Respond with just the character.",
              "@",
              "at",
              "at sign"),
          of(
              "What protocol is this server running? Hint: it is in the name.",
              "Respond with the protocol name.",
              "agentchat",
              "agent chat"),
          of(
              "What message type do you send first when connecting? (IDENTIFY, JOIN, or MSG)",
              "Respond with the message type.",
              "IDENTIFY"));

  /// Copies the list.
  CaptchaQuestion {
    others = List.copyOf(others);
  }

  private static CaptchaQuestion of(String question, String hint, String answer, String... others) {
    return new CaptchaQuestion(question, hint, answer, List.of(others));
  }

  /// A question, of any of the four kinds.
  static CaptchaQuestion any(RandomGenerator random, CaptchaRules.Difficulty difficulty) {
    return switch (random.nextInt(4)) {
      case 0 -> arithmetic(random, difficulty);
      case 1 -> spelling(random);
      case 2 -> one(random, LOGIC);
      default -> one(random, PROTOCOL);
    };
  }

  private static CaptchaQuestion arithmetic(
      RandomGenerator random, CaptchaRules.Difficulty difficulty) {
    return switch (difficulty) {
      case EASY -> sum(random, 1 + random.nextInt(20), "+", 1 + random.nextInt(20));
      case MEDIUM ->
          sum(
              random,
              10 + random.nextInt(50),
              one(random, List.of("+", "-")),
              1 + random.nextInt(50));
      case HARD ->
          sum(
              random,
              10 + random.nextInt(90),
              one(random, List.of("+", "-", "*")),
              10 + random.nextInt(90));
    };
  }

  private static CaptchaQuestion sum(RandomGenerator random, int a, String sign, int b) {
    int result =
        switch (sign) {
          case "+" -> a + b;
          case "-" -> a - b;
          default -> a * b;
        };
    String term = a + " " + sign + " " + b;
    String question =
        one(
            random,
            List.of("What is " + term + "?", "Calculate: " + term, "Solve this: " + term + " = ?"));
    return of(question, NUMBER, Integer.toString(result));
  }

  private static CaptchaQuestion spelling(RandomGenerator random) {
    String word = one(random, WORDS);
    String quoted = "\"" + word + "\"";
    return switch (random.nextInt(5)) {
      case 0 ->
          of(
              "What is the reverse of the word " + quoted + "?",
              "Respond with just the reversed word.",
              new StringBuilder(word).reverse().toString());
      case 1 ->
          of(
              "How many characters are in the word " + quoted + "?",
              NUMBER,
              Integer.toString(word.length()));
      case 2 ->
          of(
              "What is the first letter of " + quoted + "?",
              "Respond with just the letter.",
              word.substring(0, 1));
      case 3 ->
          of(
              "What is the last letter of " + quoted + "?",
              "Respond with just the letter.",
              word.substring(word.length() - 1));
      default ->
          of(
              "Convert " + quoted + " to uppercase.",
              "Respond with the uppercase word.",
              word.toUpperCase(Locale.ROOT));
    };
  }

  private static <T> T one(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// Whether this answers it: the same word in any case, or the same number in any form.
  boolean isAnsweredBy(String given) {
    String word = normal(given);
    return word.equals(normal(answer))
        || isSameNumber(word, normal(answer))
        || others.stream().anyMatch(other -> normal(other).equals(word));
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isSameNumber(String one, String other) {
    return DECIMAL.matcher(one).matches()
        && DECIMAL.matcher(other).matches()
        && Double.parseDouble(one) == Double.parseDouble(other);
  }
}
