package org.agentchat.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retry",
    description = {
      "Try again now: dead letters, and what waits for its next attempt.",
      "A hook that was disabled is enabled. A reactor that runs begins within a second."
    },
    mixinStandardHelpOptions = true)
final class HooksRetryCommand implements Runnable {
  @Parameters(
      paramLabel = "<id>",
      arity = "0..*",
      description = "Numbers, as 'agentchat hooks dead' shows them.")
  private List<Long> ids = List.of();

  @Option(names = "--all", description = "Everything that is dead or has failed.")
  private boolean all;

  @Option(names = "--hook", paramLabel = "NAME", description = "With --all: only of this hook.")
  private @Nullable String hook;

  @Mixin private OutboxOption hooks;
  @Mixin private Output output;

  private record Retried(int retried) {}

  @Override
  public void run() {
    if (all == !ids.isEmpty()) {
      throw output.usage("Either the numbers of some intents or --all wanted");
    }
    if (hook != null && !all) {
      throw output.usage("--hook goes with --all; a number is of one hook already");
    }
    if (all) {
      requireHook();
      say(
          hooks.ask(
              output,
              outbox -> outbox.retryAll(Optional.ofNullable(hook), Clock.systemUTC().instant())));
    } else {
      retryEach();
    }
  }

  private void requireHook() {
    String named = hook;
    if (named == null) {
      return;
    }
    boolean known =
        hooks.ask(
            output,
            outbox ->
                outbox.summaries().stream()
                    .anyMatch(summary -> summary.state().name().equals(named)));
    if (!known) {
      throw new CommandFailure("NOT_FOUND", Exit.FAILED, "There is no hook " + named);
    }
  }

  private void retryEach() {
    List<Long> unknown =
        hooks.ask(
            output,
            outbox -> {
              List<Long> missing = new ArrayList<>();
              for (long id : ids) {
                if (!outbox.retry(id, Clock.systemUTC().instant())) {
                  missing.add(id);
                }
              }
              return missing;
            });
    say(ids.size() - unknown.size());
    if (!unknown.isEmpty()) {
      throw new CommandFailure(
          "NOT_FOUND",
          Exit.FAILED,
          "Nothing to retry under %s: it is done, due already, or was never there"
              .formatted(joined(unknown)));
    }
  }

  private void say(int count) {
    output.print(new Retried(count), List.of("%d intent(s) are tried again.".formatted(count)));
  }

  static String joined(List<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
