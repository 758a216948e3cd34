package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.Letter;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

@Command(
    name = "dead",
    description = {
      "Show dead letters: what hooks have given up, the oldest first, and why.",
      "'agentchat hooks retry' revives them."
    },
    mixinStandardHelpOptions = true)
final class HooksDeadCommand implements Runnable {
  private static final int MAX_LIMIT = 1_000;

  @Option(names = "--hook", paramLabel = "NAME", description = "Only those of this hook.")
  private @Nullable String hook;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      converter = CountConverter.class,
      description = "How many at the most (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Only those with a higher number: the next page.")
  private long after;

  @Option(names = "--payload", description = "Show what was to be delivered, too.")
  private boolean payload;

  @Option(
      names = "--discard",
      paramLabel = "ID",
      description = "Forget this dead letter. May be repeated.")
  private List<Long> discarded = List.of();

  @Mixin private OutboxOption hooks;
  @Mixin private Output output;

  private record LetterLine(
      long id,
      String hook,
      String event,
      String subject,
      String key,
      long index,
      int attempts,
      String plannedAt,
      String diedAt,
      String reason,
      @Nullable JsonNode payload) {}

  private record Page(List<LetterLine> dead, @Nullable Long after) {}

  private record Discarded(List<Long> discarded) {}

  @Override
  public void run() {
    if (!discarded.isEmpty()) {
      discard();
      return;
    }
    int most = Math.min(limit, MAX_LIMIT);
    List<Letter> letters =
        hooks.ask(output, outbox -> outbox.dead(Optional.ofNullable(hook), after, most));
    List<LetterLine> lines = letters.stream().map(this::line).toList();
    Long next = letters.isEmpty() || letters.size() < most ? null : letters.getLast().intent().id();
    output.print(new Page(lines, next), printed(lines, next));
  }

  private void discard() {
    List<Long> gone =
        hooks.ask(
            output,
            outbox -> {
              List<Long> found = new ArrayList<>();
              for (long id : discarded) {
                if (outbox.discard(id)) {
                  found.add(id);
                }
              }
              return found;
            });
    List<Long> unknown = discarded.stream().filter(id -> !gone.contains(id)).toList();
    output.print(
        new Discarded(gone), List.of("Discarded %d dead letter(s).".formatted(gone.size())));
    if (!unknown.isEmpty()) {
      throw new CommandFailure(
          "NOT_FOUND", Exit.FAILED, "There is no dead letter " + HooksRetryCommand.joined(unknown));
    }
  }

  private LetterLine line(Letter letter) {
    Intent intent = letter.intent();
    return new LetterLine(
        intent.id(),
        intent.hook(),
        intent.event(),
        intent.lane(),
        intent.key(),
        intent.entryIndex(),
        intent.attempts(),
        IsoTime.of(intent.plannedAt().toEpochMilli()),
        IsoTime.of(letter.diedAt().toEpochMilli()),
        letter.note(),
        payload ? json(intent.payload()) : null);
  }

  /// Whatever a handler has recorded is shown, also what is no JSON.
  private static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (JacksonException _) {
      return StringNode.valueOf(text);
    }
  }

  private static List<String> printed(List<LetterLine> letters, @Nullable Long next) {
    if (letters.isEmpty()) {
      return List.of("No dead letters.");
    }
    List<String> lines = new ArrayList<>();
    for (LetterLine letter : letters) {
      lines.add(
          "%d  %s  %s of %s (entry %d)"
              .formatted(
                  letter.id(),
                  letter.hook(),
                  Printable.of(letter.event()),
                  Printable.of(letter.subject()),
                  letter.index()));
      lines.add("    " + Printable.of(letter.reason()));
      lines.add("    dead since %s, id %s".formatted(letter.diedAt(), Printable.of(letter.key())));
      if (letter.payload() != null) {
        lines.add("    " + Printable.of(Json.text(letter.payload())));
      }
    }
    lines.add("");
    lines.add("'agentchat hooks retry ID' tries one again, '--all' all of them.");
    if (next != null) {
      lines.add("There may be more: --after %d".formatted(next));
    }
    return lines;
  }
}
