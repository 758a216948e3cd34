package org.agentchat.hooks.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.agentchat.hooks.Secret;
import org.agentchat.hooks.exec.ExecSettings;

/// Reads the section `exec` of a hook.
final class ExecReader {
  private static final List<String> KEYS = List.of("command", "directory", "env", "timeout");
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_VARIABLES = 64;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final String RESERVED = "AGENTCHAT_";

  private ExecReader() {}

  /// @throws HooksFileException saying what cannot be
  static ExecSettings read(Section hook, HookReader common) {
    Section section = hook.requiredSection("exec", KEYS);
    List<String> command = section.texts("command", "a list: the program and its arguments");
    if (command.isEmpty() || command.size() > ExecSettings.MAX_WORDS) {
      throw section.wrong(
          "command",
          "a list of 1 to %d words, the program and its arguments,"
              .formatted(ExecSettings.MAX_WORDS));
    }
    return new ExecSettings(
        common.name(),
        common.filter(),
        command,
        section.path("directory", "the path of a folder"),
        environment(section),
        section.duration("timeout", SHORTEST, LONGEST, DEFAULT_TIMEOUT),
        common.retries(),
        common.retention());
  }

  private static Map<String, Secret> environment(Section section) {
    Map<String, Secret> variables =
        section.namedTexts("env", "names of variables, each with a text or a secret,");
    if (variables.size() > MAX_VARIABLES) {
      throw section.wrong("env", "at most %d variables".formatted(MAX_VARIABLES));
    }
    for (String name : variables.keySet()) {
      if (!VARIABLE.matcher(name).matches() || name.startsWith(RESERVED)) {
        throw section.wrong(
            "env",
            "names of variables, of letters, digits and _, that do not begin with %s,"
                .formatted(RESERVED));
      }
    }
    return variables;
  }
}
