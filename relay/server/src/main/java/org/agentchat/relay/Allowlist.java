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

/// Keys that an admin approved (protocol.md section 5), in `allowlist.json`. An account has one
/// entry at the most, under the name that was approved last; which names are one account's is for
/// whoever asks to say. Thread-safe; what is changed is on the disk before it counts.
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

  /// Whether one of an account's names is on the list.
  synchronized boolean hasAny(List<AgentId> names) {
    return names.stream().anyMatch(entries::containsKey);
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  synchronized boolean isFull() {
    return entries.size() >= MAX_ENTRIES;
  }

  /// Approves a key; again, with another note, if its account was approved before.
  ///
  /// @param names those of the key's account
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized void approve(AgentKey key, List<AgentId> names, String by, String note, long now)
      throws IOException {
    change(names, new Entry(key.pem(), key.id().name(), IsoTime.of(now), by, note));
  }

  /// Takes an account's approval back; false when there was none.
  ///
  /// @throws IOException if that cannot be kept; then nothing has changed
  synchronized boolean revoke(List<AgentId> names) throws IOException {
    boolean known = hasAny(names);
    if (known) {
      change(names, null);
    }
    return known;
  }

  private void change(List<AgentId> names, @Nullable Entry entry) throws IOException {
    Map<AgentId, Entry> next = new LinkedHashMap<>(entries);
    names.forEach(next::remove);
    if (entry != null) {
      next.put(new AgentId(entry.agentId()), entry);
    }
    if (file.isPresent()) {
      file.get().write(List.copyOf(next.values()));
    }
    entries.clear();
    entries.putAll(next);
  }
}
