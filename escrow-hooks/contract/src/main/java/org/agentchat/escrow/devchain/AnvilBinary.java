package org.agentchat.escrow.devchain;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where `anvil` is on this machine. Looked for in this order:
///
/// 1. the file that the environment's `AGENTCHAT_ANVIL` names;
/// 2. what the build fetched: `anvil-linux-amd64-1.7.1/bin/anvil` in the [ToolCache];
/// 3. `anvil` on the `PATH`, of whatever version.
///
/// So what was tested comes before what happens to be installed, and a person's word before both.
public final class AnvilBinary {

  /// Tells how to get one, for whoever looked in vain.
  public static final String MISSING =
      "no local chain: anvil is neither named by AGENTCHAT_ANVIL nor in ~/.cache/agentchat nor on"
          + " the PATH; on linux-amd64 a build with access to an npm registry fetches it";

  static final String VERSION = "1.7.1";

  private AnvilBinary() {}

  /// The first one that is there and executable; see above.
  public static Optional<Path> find() {
    return find(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Optional<Path> find(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault("AGENTCHAT_ANVIL", "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    Path fetched =
        ToolCache.folder(environment, home, "anvil-linux-amd64-" + VERSION).resolve("bin/anvil");
    Stream<Path> onPath =
        Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "anvil"));
    return Stream.concat(Stream.of(fetched), onPath).filter(Files::isExecutable).findFirst();
  }
}
