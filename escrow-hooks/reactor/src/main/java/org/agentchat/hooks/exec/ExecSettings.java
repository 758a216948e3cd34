package org.agentchat.hooks.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.hooks.NoticeFilter;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.hooks.Secret;

/// How one command is run.
///
/// @param hook the hook's name
/// @param filter what it is told of
/// @param command the program and its arguments, as they are: no shell looks at them
/// @param folder where it runs; absent: where this process runs
/// @param environment variables beside the few that every command has
/// @param timeout after which it is killed, with what it has started
/// @param retries what comes after a failure
/// @param retention for how long an intent is remembered that is done
public record ExecSettings(
    String hook,
    NoticeFilter filter,
    List<String> command,
    Optional<Path> folder,
    Map<String, Secret> environment,
    Duration timeout,
    RetrySchedule retries,
    Duration retention) {
  /// Most words of a command.
  public static final int MAX_WORDS = 64;

  /// Copies list and map.
  ///
  /// @throws IllegalArgumentException if there is no command, or it is too long
  public ExecSettings {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    if (command.isEmpty() || command.size() > MAX_WORDS) {
      throw new IllegalArgumentException(
          "a command of 1 to %d words wanted, found %d".formatted(MAX_WORDS, command.size()));
    }
  }
}
