package org.agentchat.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// Reads policy files (C2SP tlog-policy, "Policy file syntax and structure"). Names are opaque
/// octets: they are read as such and shown as UTF-8.
final class PolicyReader {
  private static final Pattern WHITE = Pattern.compile("[ \t]+");
  private static final Pattern THRESHOLD = Pattern.compile("[1-9][0-9]{0,2}");
  private static final String NONE = "none";

  private final List<Policy.Log> logs = new ArrayList<>();
  private final List<Policy.Witness> witnesses = new ArrayList<>();
  private final Map<String, Policy.Quorum> defined = new LinkedHashMap<>();
  private final Set<String> members = new HashSet<>();
  private final Set<AgentKey> logKeys = new HashSet<>();
  private final Set<AgentKey> witnessKeys = new HashSet<>();
  private Policy.@Nullable Quorum quorum;

  private PolicyReader() {}

  static Policy read(byte[] file) {
    PolicyReader reader = new PolicyReader();
    List<String> lines = List.of(new String(file, StandardCharsets.ISO_8859_1).split("\n", -1));
    for (int i = 0; i < lines.size(); i++) {
      try {
        reader.line(lines.get(i));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    if (reader.quorum == null) {
      throw new IllegalArgumentException("no quorum line: \"quorum none\" if no witness is needed");
    }
    return new Policy(reader.logs, reader.witnesses, reader.quorum);
  }

  private void line(String line) {
    if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new IllegalArgumentException("a control character that is not a tab");
    }
    String bare = WHITE.matcher(line).replaceAll(" ").strip();
    if (bare.isEmpty() || bare.startsWith("#")) {
      return;
    }
    List<String> words = List.of(bare.split(" "));
    switch (words.getFirst()) {
      case "log" -> log(arguments(words, 1, 2, "log <vkey> [<url>]"));
      case "witness" -> witness(arguments(words, 2, 3, "witness <name> <vkey> [<url>]"));
      case "group" -> group(arguments(words, 3, Integer.MAX_VALUE, "group <name> <k> <name>..."));
      case "quorum" -> quorum(arguments(words, 1, 1, "quorum <name>"));
      default -> // the words of a file are open
          throw new IllegalArgumentException(
              "log, witness, group or quorum wanted, found: " + shown(words.getFirst()));
    }
  }

  private static List<String> arguments(List<String> words, int least, int most, String form) {
    List<String> arguments = words.subList(1, words.size());
    if (arguments.size() < least || arguments.size() > most) {
      throw new IllegalArgumentException(form + " wanted");
    }
    return arguments;
  }

  private void log(List<String> arguments) {
    VerifierKey key = key(arguments.getFirst(), VerifierKey.Type.ED25519);
    requireNew(logKeys.add(key.key()), "log", key.name());
    requireRoom(logs.size(), "logs");
    logs.add(new Policy.Log(key, arguments.size() > 1 ? shown(arguments.get(1)) : ""));
  }

  private void witness(List<String> arguments) {
    VerifierKey key = key(arguments.get(1), VerifierKey.Type.COSIGNATURE);
    requireNew(witnessKeys.add(key.key()), "witness", key.name());
    requireRoom(witnesses.size(), "witnesses");
    String name = arguments.getFirst();
    define(name, new Policy.Quorum.One(shown(name)));
    String url = arguments.size() > 2 ? shown(arguments.get(2)) : "";
    witnesses.add(new Policy.Witness(shown(name), key, url));
  }

  private static VerifierKey key(String vkey, VerifierKey.Type wanted) {
    VerifierKey key = VerifierKey.parse(shown(vkey));
    if (key.type() != wanted) {
      throw new IllegalArgumentException(
          "a key of type %s wanted, found %s: %s".formatted(wanted, key.type(), key));
    }
    return key;
  }

  private static void requireNew(boolean added, String what, String name) {
    if (!added) {
      throw new IllegalArgumentException(what + " " + name + ": its key is listed already");
    }
  }

  private static void requireRoom(int size, String what) {
    if (size >= Policy.MAX_OF_EACH) {
      throw new IllegalArgumentException("at most " + Policy.MAX_OF_EACH + " " + what);
    }
  }

  private void group(List<String> arguments) {
    List<String> names = arguments.subList(2, arguments.size());
    List<Policy.Quorum> quorums = new ArrayList<>();
    for (String name : names) {
      if (!members.add(name)) {
        throw new IllegalArgumentException(shown(name) + " is in a group already");
      }
      quorums.add(find(name));
    }
    requireRoom(defined.size() - witnesses.size(), "groups");
    int threshold = threshold(arguments.get(1), names.size());
    String name = arguments.getFirst();
    define(name, new Policy.Quorum.Group(shown(name), threshold, quorums));
  }

  private static int threshold(String word, int members) {
    int threshold =
        switch (word) {
          case "any" -> 1;
          case "all" -> members;
          default -> number(word); // the words of a file are open
        };
    if (threshold > members) {
      throw new IllegalArgumentException(
          "a threshold of %d with %d members".formatted(threshold, members));
    }
    return threshold;
  }

  private static int number(String word) {
    if (!THRESHOLD.matcher(word).matches()) {
      throw new IllegalArgumentException("all, any or a number wanted, found: " + shown(word));
    }
    return Integer.parseInt(word);
  }

  private void define(String name, Policy.Quorum meaning) {
    if (name.equals(NONE) || defined.putIfAbsent(name, meaning) != null) {
      throw new IllegalArgumentException("the name is taken: " + shown(name));
    }
  }

  private Policy.Quorum find(String name) {
    Policy.Quorum found = defined.get(name);
    if (found == null) {
      throw new IllegalArgumentException("not defined above: " + shown(name));
    }
    return found;
  }

  private void quorum(List<String> arguments) {
    if (quorum != null) {
      throw new IllegalArgumentException("a second quorum line");
    }
    String name = arguments.getFirst();
    quorum = name.equals(NONE) ? new Policy.Quorum.None() : find(name);
  }

  private static String shown(String octets) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
