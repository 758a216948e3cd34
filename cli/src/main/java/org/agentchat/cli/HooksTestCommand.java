package org.agentchat.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "test",
    description = {
      "Try a hook now with a sample, and say what came back.",
      "A webhook or a command gets an event with \"test\": true; nothing is recorded."
    },
    mixinStandardHelpOptions = true)
final class HooksTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<hook>", description = "Its name in the hooks' file.")
  private String name = "";

  @Mixin private OutboxOption hooks;
  @Mixin private Output output;

  private record Answer(String hook, boolean worked, String note) {}

  @Override
  public Integer call() throws InterruptedException {
    List<Hook> all;
    try {
      all = HooksConfig.settings(hooks.path()).hooks();
    } catch (ConfigurationException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
    try {
      Outcome outcome = find(all).handler().test();
      boolean worked = outcome instanceof Outcome.Done;
      output.print(
          new Answer(name, worked, outcome.note()),
          List.of((worked ? "It works: " : "It does not work: ") + Printable.of(outcome.note())));
      return worked ? Exit.OK : Exit.FAILED;
    } finally {
      all.forEach(hook -> hook.handler().close());
    }
  }

  private Hook find(List<Hook> all) {
    return all.stream()
        .filter(hook -> hook.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                "NOT_FOUND",
                Exit.FAILED,
                "There is no hook '%s' in %s, only %s"
                    .formatted(
                        Printable.of(name),
                        hooks.path(),
                        all.stream().map(Hook::name).collect(Collectors.joining(", ")))));
  }
}
