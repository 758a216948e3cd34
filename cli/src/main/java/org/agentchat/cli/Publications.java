package org.agentchat.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.ledger.Publication;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what a ledger publishes and keeps it in files.
final class Publications {
  /// What a file is called behind the name of the exported log that it belongs to: the log's own,
  /// so that two exports in one folder do not speak for each other.
  static final String SUFFIX = ".published.json";

  private static final List<String> FIELDS =
      List.of("origin", "size", "root_hash", "state_hash", "agents", "receipts");

  private static final int TRIES = 5;
  private static final long PAUSE_MILLIS = 100;

  private Publications() {}

  /// Everything that the ledger publishes now. It may grow meanwhile: hashes and receipts are those
  /// of one size, the agents' those of another, which the publication tells.
  ///
  /// @throws CommandFailure if the ledger serves less than it says that it has
  static Publication of(LedgerApi api) throws InterruptedException {
    JsonNode stats = api.stats();
    long size = stats.path("size").asLong(0);
    LedgerApi.Pages<Publication.Standing> agents = agents(api, size);
    return new Publication(
        stats.path("origin").asString(""),
        size,
        stats.path("root_hash").asString(""),
        stats.path("state_hash").asString(""),
        agents.isOfOneSize() ? agents.items() : List.of(),
        receipts(api, size),
        agents.isOfOneSize() ? agents.least() : Publication.UNTOLD);
  }

  /// Pages that the ledger served as it grew are asked for again, some times.
  private static LedgerApi.Pages<Publication.Standing> agents(LedgerApi api, long size)
      throws InterruptedException {
    LedgerApi.Pages<Publication.Standing> agents = api.agentPages(Publications::standing);
    for (int i = 1; i < TRIES && (!agents.isOfOneSize() || agents.least() < size); i++) {
      Thread.sleep(PAUSE_MILLIS);
      agents = api.agentPages(Publications::standing);
    }
    requireAll(api, agents, size);
    return agents;
  }

  /// Receipts are never taken back, so those of a larger ledger contain those of a smaller one.
  private static List<Receipt> receipts(LedgerApi api, long size) {
    LedgerApi.Pages<Receipt> receipts = api.receiptPages();
    requireAll(api, receipts, size);
    return receipts.items().stream().filter(receipt -> receipt.index() < size).toList();
  }

  private static void requireAll(LedgerApi api, LedgerApi.Pages<?> pages, long size) {
    if (pages.least() < size) {
      throw new CommandFailure(
          "LEDGER_BEHIND",
          Exit.FAILED,
          "The ledger at %s says that it has %d entries and serves what came of %d; try again later"
              .formatted(api.url(), size, pages.least()));
    }
  }

  private static Publication.Standing standing(JsonNode agent) {
    return new Publication.Standing(
        AgentId.of(agent.path("id").asString("")),
        agent.path("rating").asInt(0),
        agent.path("transactions").asInt(0),
        agent.path("staked").asInt(0),
        agent.path("skills").isObject() ? skills(agent.path("skills")) : null);
  }

  private static SortedMap<String, Publication.Skill> skills(JsonNode served) {
    SortedMap<String, Publication.Skill> skills = new TreeMap<>();
    served.forEachEntry((capability, skill) ->
        skills.put(
            capability,
            new Publication.Skill(
                skill.path("rating").asInt(0), skill.path("transactions").asInt(0))));
    return skills;
  }

  /// Where what the ledger published of an exported log is kept.
  static Path besideOf(Path log) {
    return log.toAbsolutePath().resolveSibling(log.getFileName() + SUFFIX);
  }

  /// What the file beside an exported log says, if there is one.
  ///
  /// @throws IOException if it cannot be read or is not a publication
  static Optional<Publication> beside(Path log) throws IOException {
    Path file = besideOf(log);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  static Publication read(Path file) throws IOException {
    try {
      JsonNode json = Json.parse(Files.readString(file));
      for (String field : FIELDS) {
        require(json, field, file);
      }
      for (JsonNode agent : json.path("agents")) {
        require(agent, "id", file);
      }
      return Json.mapper().treeToValue(json, Publication.class);
    } catch (JacksonException e) {
      throw new IOException(file + " is not a publication: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not a publication: it is not UTF-8", e);
    }
  }

  private static void require(JsonNode json, String field, Path file) throws IOException {
    if (!json.hasNonNull(field)) {
      throw new IOException(file + " is not a publication: a " + field + " is missing");
    }
  }

  static void write(Path file, Publication publication) throws IOException {
    Files.writeString(file, Json.pretty(publication) + "\n");
  }
}
