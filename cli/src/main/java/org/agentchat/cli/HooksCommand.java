package org.agentchat.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "hooks",
    description = "Hooks: what is done on the log's facts, and how it goes.",
    mixinStandardHelpOptions = true,
    subcommands = {
      HooksListCommand.class,
      HooksDeadCommand.class,
      HooksRetryCommand.class,
      HooksTestCommand.class
    })
final class HooksCommand implements Runnable {
  private static final String TEXT =
      """
      Hook Commands:

        agentchat serve hooks        Run the hooks of hooks.yaml
        agentchat hooks list         How each hook does
        agentchat hooks dead         What was given up, and why
        agentchat hooks retry <id>   Try it again now
        agentchat hooks test <hook>  Send a sample now and say what came back

      docs/hooks.md says what to write into hooks.yaml.\
      """;

  @Mixin private Output output;

  private record Actions(List<String> actions) {}

  @Override
  public void run() {
    output.print(new Actions(List.of("list", "dead", "retry", "test")), TEXT.lines().toList());
  }
}
