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

/// Who is let in no more, in `bans.json`: agents with a key by the name of one of their keys, and
/// agents without one, whose names change, by their network address. An account is banned once at
/// the most, under the name that was banned last; which names are one account's is for whoever asks
/// to say. Thread-safe; what is changed is on the disk before it counts.
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

    /// What an agent is told that is sent away for it.
    String words() {
      return reason.isEmpty() ? "Banned by admin" : reason;
    }

    /// What an agent is told that is not let in for it.
    String refusal() {
      return reason.isEmpty() ? "You are banned" : reason;
    }
  }

  /// The ban of an account, by its names.
  synchronized Optional<Ban> ofAny(List<AgentId> names) {
    return names.stream().filter(bans::containsKey).findFirst().map(bans::get);
  }

  /// The ban of the agents without a key that connect from there.
  ///
  /// @param network see [ClientAddress#network]
  synchronized Optional<Ban> ofNetwork(String network) {
    return bans.values().stream().filter(ban -> network.equals(ban.network())).findFirst();
  }

  synchronized boolean isFull() {
    return bans.size() >= MAX_ENTRIES;
  }

  /// Bans an agent; again, with another reason, if its account was banned before.
  ///
  /// @param names those of its account
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized void ban(Ban ban, List<AgentId> names) throws IOException {
    change(names, ban);
  }

  /// Lifts an account's ban; false when there was none.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized boolean unban(List<AgentId> names) throws IOException {
    boolean known = ofAny(names).isPresent();
    if (known) {
      change(names, null);
    }
    return known;
  }

  private void change(List<AgentId> names, @Nullable Ban ban) throws IOException {
    Map<AgentId, Ban> next = new LinkedHashMap<>(bans);
    names.forEach(next::remove);
    if (ban != null) {
      next.put(ban.agent(), ban);
    }
    if (file.isPresent()) {
      file.get().write(List.copyOf(next.values()));
    }
    bans.clear();
    bans.putAll(next);
  }
}
