package org.agentchat.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "discover",
    description = "List the servers that we know and how they are, or add and remove one.",
    mixinStandardHelpOptions = true)
final class DiscoverCommand implements Runnable {
  /// At most one of these; none lists the servers.
  static final class Change {
    @Option(
        names = "--add",
        paramLabel = "<url>",
        description = "Add a server, or describe it anew.")
    private @Nullable String add;

    @Option(names = "--remove", paramLabel = "<url>", description = "Remove a server.")
    private @Nullable String remove;
  }

  private record Changed(String added, ServerEntry server, String directory) {}

  private record Removed(String removed, String directory) {}

  @ArgGroup private Change change = new Change();

  @Option(
      names = "--name",
      paramLabel = "<name>",
      description = "With --add: its name (default: host and port).")
  private @Nullable String name;

  @Option(
      names = "--description",
      paramLabel = "<text>",
      description = "With --add: what it is for.")
  private @Nullable String description;

  @Option(names = "--region", paramLabel = "<region>", description = "With --add: where it is.")
  private @Nullable String region;

  @Option(names = "--online", description = "List only servers that answer.")
  private boolean online;

  @Option(names = "--no-check", description = "List without asking the servers how they are.")
  private boolean unchecked;

  @Option(
      names = "--directory",
      paramLabel = "<file>",
      description = "The directory file (default: servers.json in --home).")
  private @Nullable Path directory;

  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public void run() {
    if (change.add == null && (name != null || description != null || region != null)) {
      throw output.usage("--name, --description and --region describe a server that --add adds");
    }
    if (online && unchecked) {
      throw output.usage("--online needs the check that --no-check leaves out");
    }
    Path file =
        directory == null
            ? home.path().resolve("servers.json")
            : directory.toAbsolutePath().normalize();
    ServerDirectory known = ServerDirectory.read(file, own());
    if (change.add != null) {
      add(known, address(change.add));
    } else if (change.remove != null) {
      remove(known, address(change.remove));
    } else {
      list(known);
    }
  }

  private Optional<ServerAddress> own() {
    String url = System.getenv("AGENTCHAT_URL");
    return url == null || url.isBlank() ? Optional.empty() : Optional.of(address(url));
  }

  private ServerAddress address(String text) {
    try {
      return ServerAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private void add(ServerDirectory known, ServerAddress address) {
    ServerEntry entry = entry(address);
    known.add(entry, Instant.now());
    output.print(
        new Changed(address.url(), entry, known.file().toString()),
        List.of("Added server: " + address));
  }

  private ServerEntry entry(ServerAddress address) {
    try {
      return new ServerEntry(
          name == null || name.isBlank() ? address.authority() : name,
          address.url(),
          description == null ? "" : description,
          region == null ? "" : region);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private void remove(ServerDirectory known, ServerAddress address) {
    if (!known.remove(address, Instant.now())) {
      throw new CommandFailure(
          "SERVER_NOT_FOUND", Exit.FAILED, "Server not found: %s".formatted(address));
    }
    output.print(
        new Removed(address.url(), known.file().toString()), List.of("Removed server: " + address));
  }

  private void list(ServerDirectory known) {
    List<ServerHealth> servers = unchecked ? unasked(known) : asked(known);
    output.print(servers, lines(servers, known.file()));
  }

  private static List<ServerHealth> unasked(ServerDirectory known) {
    return known.servers().stream().map(ServerHealth::unknown).toList();
  }

  private List<ServerHealth> asked(ServerDirectory known) {
    output.err().println("Checking server status...");
    output.err().flush();
    return new HealthCheck(HealthCheck.WITHIN)
        .of(known.servers()).stream().filter(server -> !online || server.isOnline()).toList();
  }

  private static List<String> lines(List<ServerHealth> servers, Path file) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Found " + servers.size() + " server(s):");
    lines.add("");
    for (ServerHealth server : servers) {
      lines.add("  " + server.mark() + " " + Printable.of(server.name()));
      lines.add("    URL: " + server.url());
      lines.add("    Status: " + server.status());
      addIfSaid(lines, "Description", server.description());
      addIfSaid(lines, "Region", server.region());
      if (server.health() != null) {
        addIfSaid(lines, "Agents", number(server.health().path("agents").path("connected"), ""));
        addIfSaid(lines, "Uptime", number(server.health().path("uptime_seconds"), "s"));
      }
      addIfSaid(lines, "Error", server.error() == null ? "" : server.error());
      lines.add("");
    }
    lines.add("Directory: " + file);
    return lines;
  }

  private static String number(JsonNode value, String unit) {
    return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() + unit : "";
  }

  private static void addIfSaid(List<String> lines, String what, String text) {
    if (!text.isEmpty()) {
      lines.add("    " + what + ": " + Printable.of(text));
    }
  }
}
