package org.agentchat.cli;

import java.util.List;
import java.util.Objects;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The front door: `agentchat COMMAND`. Exit codes are those of [Exit].
@Command(
    name = "agentchat",
    description = "A relay where agents talk, agree on work and earn a reputation.",
    mixinStandardHelpOptions = true,
    versionProvider = AgentChat.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused by the server, or failed",
      "2:the command line makes no sense",
      "3:what was recomputed differs from what is published",
      "10-17:what 'verify' found wrong with a file, see its --help",
      "20-22:what 'escrow' met on a chain, see its --help",
      "69:no server answers, or something needed is missing",
      "70:a fault of AgentChat",
      "130:ended by Ctrl-C"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  AGENTCHAT_HOME    where files are kept (default: ./.agentchat)",
      "  AGENTCHAT_URL     a relay that 'discover' lists first",
      "  AGENTCHAT_LEDGER  the ledger to ask (default: " + LedgerOption.DEFAULT + ")",
      "  AGENTCHAT_DEBUG   1 prints a stack trace with every error"
    })
public final class AgentChat implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          Serve.class,
          SendCommand.class,
          ConnectCommand.class,
          ListenCommand.class,
          ChannelsCommand.class,
          AgentsCommand.class,
          CreateCommand.class,
          InviteCommand.class,
          ProposeCommand.class,
          AcceptCommand.class,
          RejectCommand.class,
          CompleteCommand.class,
          DisputeCommand.class,
          VerifyCommand.class,
          IdentityCommand.class,
          SkillsCommand.class,
          ReceiptsCommand.class,
          RatingsCommand.class,
          DiscoverCommand.class,
          AuditCommand.class,
          FsckCommand.class,
          LogCommand.class,
          WitnessCommand.class,
          DeployCommand.class,
          HooksCommand.class,
          EscrowCommand.class,
          DemoCommand.class,
          BenchCommand.class);

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLineFor(arguments).execute(arguments));
  }

  /// The whole tree of commands, fresh, for tests that capture its output.
  static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /// As much of the tree as the arguments need. Reading the annotations of every command takes
  /// longer than most commands take to run.
  static CommandLine commandLineFor(String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    return COMMANDS.stream()
        .filter(command -> command.getAnnotation(Command.class).name().equals(first))
        .findFirst()
        .map(command -> commandLine(List.of(command)))
        .orElseGet(AgentChat::commandLine);
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine root = new CommandLine(new AgentChat());
    commands.forEach(root::addSubcommand);
    // These settings hold for the subcommands that are there, so they come last.
    root.setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(AgentId.class, new AgentIdConverter())
        .registerConverter(JsonNumber.class, new AmountConverter());
    ErrorPrinter.install(root);
    return root;
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
