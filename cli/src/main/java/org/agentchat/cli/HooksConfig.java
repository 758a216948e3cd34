package org.agentchat.cli;

import java.nio.file.Path;
import org.agentchat.hooks.config.HooksFile;
import org.agentchat.hooks.config.HooksFileException;
import org.agentchat.hooks.config.HooksSettings;

/// Hooks' files as this command line reads them.
final class HooksConfig {
  private static final String DATABASE = "hooks.db";

  private HooksConfig() {}

  /// The whole file, with its secrets.
  ///
  /// @throws ConfigurationException if it cannot be used, saying where and why
  static HooksSettings settings(Path file) {
    try {
      return HooksFile.read(file, System.getenv()).settings();
    } catch (HooksFileException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  /// Where the outbox is unless the file says otherwise.
  static String database(Path home) {
    return home.resolve(DATABASE).toString();
  }
}
