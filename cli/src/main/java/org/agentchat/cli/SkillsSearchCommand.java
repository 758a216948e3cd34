package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.SkillListing;
import org.agentchat.schemas.message.SkillQuery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "search",
    description = "Find who offers what, best rated first.",
    mixinStandardHelpOptions = true)
final class SkillsSearchCommand implements Runnable {
  @Mixin private RelayOptions relay;

  @Option(
      names = {"-c", "--capability"},
      paramLabel = "<part>",
      description = "Part of a skill's name.")
  private @Nullable String capability;

  @Option(names = "--max-rate", paramLabel = "<n>", description = "Leave out who asks for more.")
  private @Nullable JsonNumber maxRate;

  @Option(
      names = "--currency",
      paramLabel = "<code>",
      description = "Leave out who asks in another currency.")
  private @Nullable String currency;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "<n>",
      converter = CountConverter.class,
      description = "At most so many (default: 50, most: 100).")
  private @Nullable Integer limit;

  @Mixin private Output output;

  @Override
  public void run() {
    SkillQuery query = SkillQuery.of(capability, maxRate, currency, limit);
    try (AgentChatClient client = relay.connect(null, output)) {
      ServerMessage.SearchResults found = Refusals.done(client.searchSkills(query));
      output.print(found.results(), lines(found));
    }
  }

  static List<String> lines(ServerMessage.SearchResults found) {
    List<String> lines = new ArrayList<>();
    lines.add("Found %d skill(s) (%d total):".formatted(found.results().size(), found.total()));
    lines.add("");
    for (SkillListing listing : found.results()) {
      lines.add("  " + listing.agentId());
      lines.addAll(SkillLines.of(listing.skill()));
      lines.add(
          "    Rating: %d (%d deal(s))"
              .formatted(listing.skillRating(), listing.skillTransactions()));
      lines.add("");
    }
    return lines;
  }
}
