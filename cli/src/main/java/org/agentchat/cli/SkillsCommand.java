package org.agentchat.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "skills",
    description = "Skills: say what we offer, find who offers what.",
    mixinStandardHelpOptions = true,
    subcommands = {SkillsAnnounceCommand.class, SkillsSearchCommand.class, SkillsListCommand.class})
final class SkillsCommand implements Runnable {
  private static final String TEXT =
      """
      Skill Commands:

        agentchat skills announce <server> -c <capability>   Say what we offer
        agentchat skills search <server> -c <part of it>     Find who offers it
        agentchat skills list [agent]                        What the log says\
      """;

  @Mixin private Output output;

  private record Actions(List<String> actions) {}

  @Override
  public void run() {
    output.print(new Actions(List.of("announce", "search", "list")), TEXT.lines().toList());
  }
}
