package org.agentchat.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Publication;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what a ledger publishes, all of it at one size, and keeps it in files.
final class Publications {
  /// The name under which an export keeps what the ledger published of the log beside it.
  static final String FILE = "published.json";

  private static final List<String> FIELDS =
      List.of("origin", "size", "root_hash", "state_hash", "agents", "receipts");

  private static final int TRIES = 50;
  private static final long PAUSE_MILLIS = 100;

  private Publications() {}

  /// Everything that the ledger publishes now. A ledger that moves on meanwhile is asked again.
  static Publication of(LedgerApi api) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      JsonNode stats = api.stats();
      List<Publication.Standing> agents = api.agents(Publications::standing);
      List<Receipt> receipts = api.receipts();
      long size = stats.path("size").asLong(0);
      if (api.stats().path("size").asLong(-1) == size) {
        return new Publication(
            stats.path("origin").asString(""),
            size,
            stats.path("root_hash").asString(""),
            stats.path("state_hash").asString(""),
            agents,
            receipts);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new CommandFailure(
        "LEDGER_BUSY",
        Exit.FAILED,
        "The ledger at "
            + api.url()
            + " grows while it is read; audit an export of it instead (agentchat log export)");
  }

  private static Publication.Standing standing(JsonNode agent) {
    return new Publication.Standing(
        AgentId.of(agent.path("id").asString("")),
        agent.path("rating").asInt(0),
        agent.path("transactions").asInt(0),
        agent.path("staked").asInt(0));
  }

  /// What the file beside an exported log says, if there is one.
  ///
  /// @throws IOException if it cannot be read or is not a publication
  static Optional<Publication> beside(Path log) throws IOException {
    Path file = log.toAbsolutePath().resolveSibling(FILE);
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
