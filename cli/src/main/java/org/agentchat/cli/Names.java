package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;

/// The names that a home folder gives its relay and a log that it starts, made once at random and
/// kept in `names.json`, so that no two relays and no two logs in the world share one.
///
/// @param relay see [org.agentchat.schemas.event.Event#isRelayName]
/// @param origin see [org.agentchat.schemas.statement.LogOrigin]
record Names(String relay, String origin) {
  private static final String FILE = "names.json";

  /// Reads the names, or makes them.
  ///
  /// @throws IOException naming the file that cannot be read or written
  static Names in(Path home) throws IOException {
    Path file = home.resolve(FILE);
    try {
      return Json.mapper().readValue(Files.readString(file), Names.class);
    } catch (NoSuchFileException _) {
      Names names = new Names("relay-" + random(), "agentchat.local/" + random());
      Files.createDirectories(home);
      // In one step: a process that is killed on the way must not leave half a file for the next.
      Path whole = Files.writeString(home.resolve(FILE + ".new"), Json.pretty(names) + "\n");
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      return names;
    } catch (JacksonException e) {
      throw new IOException(file + " is broken: " + e.getOriginalMessage(), e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[6];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
