package org.agentchat.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--home`: the folder of everything that AgentChat keeps. Without it `AGENTCHAT_HOME`, without
/// that `.agentchat` in the working directory.
final class HomeFolder {
  private static final String DEFAULT = ".agentchat";

  @Option(
      names = "--home",
      paramLabel = "<dir>",
      defaultValue = "${env:AGENTCHAT_HOME:-" + DEFAULT + "}",
      description = "Where AgentChat keeps its files (AGENTCHAT_HOME, else ./.agentchat).")
  private Path folder = Path.of(DEFAULT);

  /// The folder, absolute; it need not exist.
  Path path() {
    Path given = folder.toString().isEmpty() ? Path.of(DEFAULT) : folder;
    return given.toAbsolutePath().normalize();
  }

  /// The agent's own identity.
  Path identity() {
    return path().resolve("identity.json");
  }
}
