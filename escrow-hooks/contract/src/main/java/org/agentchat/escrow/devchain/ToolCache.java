package org.agentchat.escrow.devchain;

import java.nio.file.Path;
import java.util.Map;

/// Where the build keeps the tools that it fetched, unpacked: `$XDG_CACHE_HOME/agentchat`, or
/// `~/.cache/agentchat`. `escrow-hooks/contract/tools.xml` puts them there.
public final class ToolCache {

  private ToolCache() {}

  /// The folder of one tool, whether or not it is there.
  ///
  /// @param tool name and version, such as `solc-0.8.37`
  public static Path folder(String tool) {
    return folder(System.getenv(), Path.of(System.getProperty("user.home")), tool);
  }

  static Path folder(Map<String, String> environment, Path home, String tool) {
    String caches = environment.get("XDG_CACHE_HOME");
    return (caches == null ? home.resolve(".cache") : Path.of(caches))
        .resolve("agentchat")
        .resolve(tool);
  }
}
