package org.agentchat.hooks.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.agentchat.hooks.Secret;

/// Fetches secrets from where the hooks' file says they are: it never holds one itself.
///
/// @param folder what relative paths begin at: that of the hooks' file
/// @param environment of this process
record Secrets(Path folder, Map<String, String> environment) {
  /// Largest secret, in bytes.
  private static final long MAX_BYTES = 16 * 1024;

  /// The content of a file, without the line end that editors put there.
  ///
  /// @throws IOException if there is none, saying why
  Secret file(String path) throws IOException {
    Path file = folder.resolve(path);
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it has more than " + MAX_BYTES + " bytes");
    }
    String text = Files.readString(file).stripTrailing();
    if (text.isEmpty()) {
      throw new IOException("it is empty");
    }
    return new Secret(text, "the file " + file);
  }

  /// The value of a variable.
  ///
  /// @throws IOException if it is not set
  Secret variable(String name) throws IOException {
    String text = environment.getOrDefault(name, "");
    if (text.isEmpty()) {
      throw new IOException("the environment variable " + name + " is not set");
    }
    return new Secret(text, "the environment variable " + name);
  }
}
