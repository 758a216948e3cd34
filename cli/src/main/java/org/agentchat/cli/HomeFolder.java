package org.agentchat.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The folder where AgentChat keeps what it keeps: `--home`, else the environment's
/// `AGENTCHAT_HOME`, else `.agentchat` in the working directory.
final class HomeFolder {
  /// The environment variable that moves the folder.
  static final String VARIABLE = "AGENTCHAT_HOME";

  private HomeFolder() {}

  /// @param option what `--home` said, if it was given
  static Path resolve(@Nullable Path option) {
    return resolve(option, System.getenv());
  }

  static Path resolve(@Nullable Path option, Map<String, String> environment) {
    if (option != null) {
      return option;
    }
    String variable = environment.getOrDefault(VARIABLE, "");
    return Path.of(variable.isBlank() ? ".agentchat" : variable);
  }
}
