package org.agentchat.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.database.Database;
import org.agentchat.hooks.Outbox;
import org.agentchat.hooks.config.HooksFile;
import org.agentchat.hooks.config.HooksFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `--config`: the hooks that a command is about, and their outbox, which it looks at beside the
/// process that works it off.
final class OutboxOption {
  @Mixin private HomeFolder home;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The hooks (default: hooks.yaml in --home).")
  private @Nullable Path config;

  /// What is done with an outbox.
  ///
  /// @param <T> its result
  @FunctionalInterface
  interface Work<T> {
    T run(Outbox outbox) throws SQLException;
  }

  /// The hooks' file that was named, or the usual one.
  Path path() {
    return config == null ? home.path().resolve(HooksFile.NAME) : config;
  }

  /// The names in the hooks' file; empty when there is no file and none was named.
  Optional<List<String>> names(Output output) {
    return read(output, HooksFile::names);
  }

  /// Something that the hooks' file says.
  private <T> Optional<T> read(Output output, Function<HooksFile, T> question) {
    if (config == null && !Files.exists(path())) {
      return Optional.empty();
    }
    try {
      return Optional.of(question.apply(HooksFile.read(path(), System.getenv())));
    } catch (HooksFileException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  /// Works with the outbox.
  ///
  /// @throws CommandFailure if there is none, or its database does not answer
  <T> T ask(Output output, Work<T> work) {
    try (Database database = Outbox.visit(location(output))) {
      return work.run(new Outbox(database));
    } catch (SQLException e) {
      throw new CommandFailure(
          "DATABASE",
          Exit.UNREACHABLE,
          "The hooks' database does not answer or refuses: " + e.getMessage(),
          e);
    }
  }

  private String location(Output output) {
    String location =
        read(output, HooksFile::database)
            .flatMap(Function.identity())
            .orElseGet(() -> HooksConfig.database(home.path()));
    Optional<Path> file = Database.fileOf(location);
    if (file.isPresent() && !Files.exists(file.get())) {
      throw new CommandFailure(
          "NO_HOOKS",
          Exit.FAILED,
          "No hooks have run here: there is no %s; 'agentchat serve hooks' starts them"
              .formatted(file.get()));
    }
    return location;
  }
}
