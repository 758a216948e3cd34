package org.agentchat.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Keys that an admin approved (protocol.md section 5), in `allowlist.json`. Thread-safe; what is
/// changed is on the disk before it counts.
final class Allowlist {
  /// Entries at the most: the file is written whole.
  static final int MAX_ENTRIES = 10_000;

  private final AccessRules.Allowlisting mode;
  private final Optional<AtomicFile> file;
  private final Map<AgentId, Entry> entries = new LinkedHashMap<>();

  /// @throws IOException if the file is there and cannot be read
  Allowlist(AccessRules rules) throws IOException {
    this.mode = rules.allowlist();
    this.file = rules.folder().map(folder -> new AtomicFile(folder.resolve("allowlist.json")));
    if (isOn() && file.isPresent()) {
      for (Entry entry : file.get().read(Entry::of)) {
        entries.put(entry.key().id(), entry);
      }
    }
  }

  /// One approval, as the file has it.
  ///
  /// @param agentId the short name without its `@`
  /// @param approvedAt ISO 8601, UTC
  record Entry(
      String pubkey,
      @JsonProperty("agentId") String agentId,
      @JsonProperty("approvedAt") String approvedAt,
      @JsonProperty("approvedBy") String approvedBy,
      String note) {

    private static Entry of(JsonNode entry) {
      AgentKey key = AgentKey.ofPem(AtomicFile.text(entry, "pubkey"));
      return new Entry(
          key.pem(),
          key.id().name(),
          AtomicFile.text(entry, "approvedAt"),
          entry.path("approvedBy").asString("admin"),
          entry.path("note").asString(""));
    }

    AgentKey key() {
      return AgentKey.ofPem(pubkey);
    }
  }

  boolean isOn() {
    return mode != AccessRules.Allowlisting.OFF;
  }

  boolean isStrict() {
    return mode == AccessRules.Allowlisting.STRICT;
  }

  /// Why the owner of the key, or an agent without one, may not come in.
  Optional<String> refusal(@Nullable AgentKey key) {
    if (!isStrict()) {
      return Optional.empty();
    }
    if (key == null) {
      return Optional.of("ephemeral connections blocked in strict mode");
    }
    return has(key.id()) ? Optional.empty() : Optional.of("pubkey not in allowlist");
  }

  synchronized boolean has(AgentId agent) {
    return entries.containsKey(agent);
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  synchronized boolean isFull() {
    return entries.size() >= MAX_ENTRIES;
  }

  /// Approves a key; again, with another note, if it was approved before.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized void approve(AgentKey key, String by, String note, long now) throws IOException {
    change(key.id(), new Entry(key.pem(), key.id().name(), IsoTime.of(now), by, note));
  }

  /// Takes an approval back; false when there was none.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized boolean revoke(AgentId agent) throws IOException {
    boolean known = entries.containsKey(agent);
    if (known) {
      change(agent, null);
    }
    return known;
  }

  private void change(AgentId agent, @Nullable Entry entry) throws IOException {
    Map<AgentId, Entry> next = new LinkedHashMap<>(entries);
    if (entry == null) {
      next.remove(agent);
    } else {
      next.put(agent, entry);
    }
    if (file.isPresent()) {
      file.get().write(List.copyOf(next.values()));
    }
    entries.clear();
    entries.putAll(next);
  }
}
