package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "list",
    description = "List the skills that the log holds, of one agent or of all.",
    mixinStandardHelpOptions = true)
final class SkillsListCommand implements Runnable {
  @Parameters(arity = "0..1", paramLabel = "<agent>", description = "Whose, @id (default: all).")
  private @Nullable AgentId agent;

  @Mixin private LedgerOption ledger;
  @Mixin private Output output;

  @Override
  public void run() {
    LedgerApi api = ledger.api(output);
    List<JsonNode> lists = agent == null ? api.skills() : of(api, agent);
    output.print(lists, lines(lists));
  }

  private static List<JsonNode> of(LedgerApi api, AgentId agent) {
    return api
        .agent(agent)
        .map(found -> found.path("registered"))
        .filter(JsonNode::isObject)
        .stream()
        .toList();
  }

  static List<String> lines(List<JsonNode> lists) {
    List<String> lines = new ArrayList<>();
    int count = lists.stream().mapToInt(list -> list.path("skills").size()).sum();
    lines.add("Found %d skill(s):".formatted(count));
    lines.add("");
    for (JsonNode list : lists) {
      for (JsonNode skill : list.path("skills")) {
        lines.add("  " + Printable.of(list.path("agent").asString("")));
        lines.addAll(SkillLines.of(skill));
        lines.add("");
      }
    }
    return lines;
  }
}
