package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The servers that we know: those of a file `servers.json`, and the defaults that the file has not
/// removed. The address in `AGENTCHAT_URL` is a default too, and the first one.
///
/// The file is `{version, updated_at, servers:[{name, url, description, region}]}`, which existing
/// tools read, and `removed`, the defaults that are not wanted. Writing replaces it in one step; of
/// two who write at once the last one wins.
final class ServerDirectory {
  /// More servers than anybody looks through; each costs a request.
  static final int MAX_SERVERS = 1_000;

  private static final int VERSION = 1;

  /// Longest file, in bytes: so many servers with a line or two for each.
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final ServerEntry LOCAL =
      new ServerEntry("AgentChat Local", "ws://localhost:6667", "Local AgentChat server", "local");

  /// What is in the file.
  private record Stored(
      int version,
      String updatedAt,
      List<ServerEntry> servers,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> removed) {}

  private final Path file;
  private final Map<String, ServerEntry> defaults;
  private final Map<String, ServerEntry> servers = new LinkedHashMap<>();
  private final Set<String> removed = new LinkedHashSet<>();

  private ServerDirectory(Path file, Map<String, ServerEntry> defaults) {
    this.file = file;
    this.defaults = defaults;
  }

  /// Reads the file; without one there are the defaults.
  ///
  /// @param own the address in `AGENTCHAT_URL`
  /// @throws CommandFailure if the file cannot be read or is no directory; it stays as it is
  static ServerDirectory read(Path file, Optional<ServerAddress> own) {
    Map<String, ServerEntry> defaults = new LinkedHashMap<>();
    own.ifPresent(address ->
        defaults.put(
            address.url(),
            new ServerEntry("AGENTCHAT_URL", address.url(), "Named by AGENTCHAT_URL", "")));
    defaults.putIfAbsent(LOCAL.url(), LOCAL);
    ServerDirectory directory = new ServerDirectory(file, defaults);
    directory.load();
    return directory;
  }

  private void load() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw broken("it has more than " + MAX_BYTES + " bytes");
      }
      load(Json.parse(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      // The defaults are all there is.
    } catch (JacksonException e) {
      throw broken(e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw broken(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure("DIRECTORY", Exit.FAILED, "Cannot read " + file + ": " + e, e);
    }
  }

  private void load(JsonNode stored) {
    JsonNode version = stored.path("version");
    if (!version.isInt() || version.intValue() != VERSION) {
      throw new IllegalArgumentException("\"version\": " + VERSION + " wanted");
    }
    JsonNode listed = stored.path("servers");
    if (!listed.isArray() || listed.size() > MAX_SERVERS) {
      throw new IllegalArgumentException(
          "\"servers\": a list of at most " + MAX_SERVERS + " wanted");
    }
    for (JsonNode url : stored.path("removed")) {
      removed.add(ServerAddress.of(text(url)).url());
    }
    for (JsonNode server : listed) {
      ServerEntry entry = entry(server);
      servers.put(entry.url(), entry);
    }
  }

  private static ServerEntry entry(JsonNode server) {
    ServerAddress address = ServerAddress.of(text(server.path("url")));
    String name = text(server.path("name"));
    return new ServerEntry(
        name.isEmpty() ? address.authority() : name,
        address.url(),
        text(server.path("description")),
        text(server.path("region")));
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw new IllegalArgumentException("a text wanted, found " + Json.excerpt("" + value, 80));
    }
    return value.stringValue();
  }

  private CommandFailure broken(String why) {
    return new CommandFailure(
        "DIRECTORY",
        Exit.FAILED,
        "%s is not a server directory (%s); mend it, move it away or name another with --directory"
            .formatted(file, why));
  }

  /// The defaults first, then the others in the order in which they were added.
  List<ServerEntry> servers() {
    Map<String, ServerEntry> all = new LinkedHashMap<>();
    defaults.forEach((url, entry) -> {
      if (servers.containsKey(url)) {
        all.put(url, servers.getOrDefault(url, entry));
      } else if (!removed.contains(url)) {
        all.put(url, entry);
      }
    });
    servers.forEach(all::putIfAbsent);
    return List.copyOf(all.values());
  }

  /// Lists a server, in place of what was listed under its address.
  ///
  /// @throws CommandFailure if there are too many, or the file cannot be written
  void add(ServerEntry entry, Instant now) {
    if (servers.size() >= MAX_SERVERS && !servers.containsKey(entry.url())) {
      throw new CommandFailure(
          "TOO_MANY",
          Exit.FAILED,
          "%s lists %d servers already, which is the most".formatted(file, MAX_SERVERS));
    }
    servers.put(entry.url(), entry);
    removed.remove(entry.url());
    write(now);
  }

  /// Lists a server no more; a default stays away.
  ///
  /// @return false when it was not listed
  /// @throws CommandFailure if the file cannot be written
  boolean remove(ServerAddress address, Instant now) {
    boolean listed = servers().stream().anyMatch(entry -> entry.url().equals(address.url()));
    if (listed) {
      servers.remove(address.url());
      if (defaults.containsKey(address.url()) || address.url().equals(LOCAL.url())) {
        removed.add(address.url());
      }
      write(now);
    }
    return listed;
  }

  private void write(Instant now) {
    Stored stored =
        new Stored(
            VERSION,
            IsoTime.of(now.toEpochMilli()),
            new ArrayList<>(servers.values()),
            new ArrayList<>(removed));
    try {
      Path folder = file.toAbsolutePath().normalize().getParent();
      if (folder == null) {
        throw new IOException("it is not a file's path");
      }
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, ".servers", ".tmp");
      try {
        writeDurably(draft, PrettyJson.of(stored) + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new CommandFailure("DIRECTORY", Exit.FAILED, "Cannot write " + file + ": " + e, e);
    }
  }

  private static void writeDurably(Path draft, String json) throws IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// Where the directory is kept.
  Path file() {
    return file;
  }
}
