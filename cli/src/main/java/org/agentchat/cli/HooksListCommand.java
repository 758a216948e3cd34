package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.hooks.HookSummary;
import org.agentchat.hooks.Outbox;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = {
      "Show how each hook does: what is open, what has failed, what waits, what is stuck and dead.",
      "Asks the outbox; the reactor need not run."
    },
    mixinStandardHelpOptions = true)
final class HooksListCommand implements Runnable {
  /// A reactor that runs says so every 10 seconds.
  private static final Duration SILENT_AFTER = Duration.ofSeconds(60);

  private static final String ROW = "%-20s %-8s %8s %8s %8s %8s %8s %8s  %s";

  @Mixin private OutboxOption hooks;
  @Mixin private Output output;

  private record Seen(Outbox.Sighting reactor, List<HookSummary> hooks) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record HookLine(
      String name,
      String kind,
      boolean configured,
      long open,
      long failing,
      long waiting,
      long stuck,
      long dead,
      long done,
      long nextIndex,
      @Nullable Long oldestOpenAt,
      @Nullable String trouble,
      @Nullable String disabled) {}

  private record Answer(long read, long logSize, long lag, long seenAt, List<HookLine> hooks) {}

  @Override
  public void run() {
    Optional<List<String>> configured = hooks.names(output);
    Seen seen = hooks.ask(output, outbox -> new Seen(outbox.sighting(), outbox.summaries()));
    List<HookLine> all = seen.hooks().stream().map(summary -> line(summary, configured)).toList();
    Outbox.Sighting reactor = seen.reactor();
    long logSize = Math.max(reactor.logSize(), reactor.read());
    output.print(
        new Answer(
            reactor.read(), logSize, logSize - reactor.read(), reactor.at().toEpochMilli(), all),
        lines(reactor, all, Clock.systemUTC().instant()));
  }

  private static HookLine line(HookSummary summary, Optional<List<String>> configured) {
    String name = summary.state().name();
    return new HookLine(
        name,
        summary.state().kind(),
        configured.isEmpty() || configured.get().contains(name),
        summary.open(),
        summary.failing(),
        summary.waiting(),
        summary.stuck(),
        summary.dead(),
        summary.done(),
        summary.state().nextIndex(),
        summary.oldestOpenAt(),
        summary.trouble(),
        summary.state().disabled());
  }

  private static List<String> lines(Outbox.Sighting reactor, List<HookLine> hooks, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted("HOOK", "KIND", "OPEN", "FAILING", "WAITING", "STUCK", "DEAD", "OLDEST", ""));
    for (HookLine hook : hooks) {
      lines.add(
          ROW.formatted(
                  hook.name(),
                  hook.kind(),
                  hook.open(),
                  hook.failing(),
                  hook.waiting(),
                  hook.stuck(),
                  hook.dead(),
                  hook.oldestOpenAt() == null
                      ? "-"
                      : age(Instant.ofEpochMilli(hook.oldestOpenAt()), now),
                  state(hook))
              .stripTrailing());
    }
    lines.add("");
    lines.add(reactor(reactor, now));
    if (hooks.stream().anyMatch(hook -> hook.dead() > 0)) {
      lines.add("'agentchat hooks dead' says what was given up, and why.");
    }
    return lines;
  }

  private static String state(HookLine hook) {
    if (!hook.configured()) {
      return "not in the hooks' file: nobody works off what is open";
    }
    if (hook.disabled() != null) {
      return "disabled: " + Printable.of(hook.disabled());
    }
    return hook.trouble() == null ? "" : Printable.of(hook.trouble());
  }

  private static String reactor(Outbox.Sighting seen, Instant now) {
    if (seen.at().equals(Instant.EPOCH)) {
      return "No reactor has come as far as the end of the log yet.";
    }
    String read =
        "planned from %d of %d entries"
            .formatted(seen.read(), Math.max(seen.read(), seen.logSize()));
    String age = age(seen.at(), now);
    return Duration.between(seen.at(), now).compareTo(SILENT_AFTER) > 0
        ? "No reactor runs: it was last seen %s ago, and had %s.".formatted(age, read)
        : "The reactor was seen %s ago and had %s.".formatted(age, read);
  }

  /// The largest unit that is there at least once.
  private static String age(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.toDays() > 0) {
      return age.toDays() + "d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
  }
}
