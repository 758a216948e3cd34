package org.agentchat.cli;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The front door: `agentchat COMMAND`. Exit codes are picocli's, 0 for success, 1 for a command
/// that failed, 2 for a command line that makes no sense.
@Command(
    name = "agentchat",
    description = "A relay where agents talk, agree on work and earn a reputation.",
    mixinStandardHelpOptions = true,
    versionProvider = AgentChat.Version.class,
    subcommands = {Serve.class, AuditCommand.class, LogCommand.class, DemoCommand.class, BenchCommand.class})
public final class AgentChat implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /// The whole tree of commands, fresh, for `main` and for tests that capture its output.
  static CommandLine commandLine() {
    return new CommandLine(new AgentChat());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command.");
  }

  /// The version that the build wrote into the jar's manifest.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = AgentChat.class.getPackage().getImplementationVersion();
      return new String[] {"agentchat " + Objects.requireNonNullElse(version, "development")};
    }
  }
}
