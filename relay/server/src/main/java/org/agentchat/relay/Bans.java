package org.agentchat.relay;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Who is let in no more, in `bans.json`: agents with a key by the id of that key, and agents
/// without one, whose ids change, by their network address. Thread-safe; what is changed is on the
/// disk before it counts.
final class Bans {
  /// Entries at the most: the file is written whole.
  static final int MAX_ENTRIES = 10_000;

  private final Optional<AtomicFile> file;
  private final Map<AgentId, Ban> bans = new LinkedHashMap<>();

  /// @throws IOException if the file is there and cannot be read
  Bans(AccessRules rules) throws IOException {
    this.file = rules.folder().map(folder -> new AtomicFile(folder.resolve("bans.json")));
    if (file.isPresent()) {
      for (Ban ban : file.get().read(Ban::of)) {
        bans.put(ban.agent(), ban);
      }
    }
  }

  /// One ban, as the file has it.
  ///
  /// @param agentId the short name without its `@`
  /// @param reason may be empty
  /// @param bannedAt ISO 8601, UTC
  /// @param network the network of an agent without a key, see [ClientAddress#network]
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Ban(
      @JsonProperty("agentId") String agentId,
      String reason,
      @JsonProperty("bannedAt") String bannedAt,
      @JsonProperty("bannedBy") String bannedBy,
      @Nullable String network) {

    private static Ban of(JsonNode entry) {
      String id = AtomicFile.text(entry, "agentId");
      return new Ban(
          new AgentId(id).name(),
          entry.path("reason").asString(""),
          AtomicFile.text(entry, "bannedAt"),
          entry.path("bannedBy").asString("admin"),
          entry.path("network").isString() ? entry.path("network").stringValue() : null);
    }

    AgentId agent() {
      return new AgentId(agentId);
    }
  }

  /// Why the agent may not come in: the words for it, when it is banned.
  synchronized Optional<String> refusal(Agent agent, String network) {
    Optional<Ban> ban =
        agent.key() != null
            ? Optional.ofNullable(bans.get(agent.id()))
            : bans.values().stream().filter(one -> network.equals(one.network())).findFirst();
    return ban.map(one -> one.reason().isEmpty() ? "You are banned" : one.reason());
  }

  synchronized boolean isFull() {
    return bans.size() >= MAX_ENTRIES;
  }

  /// Bans an agent; again, with another reason, if it was banned before.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized void ban(Ban ban) throws IOException {
    change(ban.agent(), ban);
  }

  /// Lifts a ban; false when there was none.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized boolean unban(AgentId agent) throws IOException {
    boolean known = bans.containsKey(agent);
    if (known) {
      change(agent, null);
    }
    return known;
  }

  private void change(AgentId agent, @Nullable Ban ban) throws IOException {
    Map<AgentId, Ban> next = new LinkedHashMap<>(bans);
    if (ban == null) {
      next.remove(agent);
    } else {
      next.put(agent, ban);
    }
    if (file.isPresent()) {
      file.get().write(List.copyOf(next.values()));
    }
    bans.clear();
    bans.putAll(next);
  }
}
