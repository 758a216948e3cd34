package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A listed server and how it is.
///
/// @param status `online`, `offline`, or `unknown` when it was not asked
/// @param health what the server said of itself; never looked at further than it is shown
/// @param error why it counts as offline
/// @param checkedAt ISO 8601
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "url",
  "name",
  "description",
  "region",
  "status",
  "health",
  "error",
  "checked_at"
})
record ServerHealth(
    String url,
    String name,
    String description,
    String region,
    String status,
    @Nullable JsonNode health,
    @Nullable String error,
    @Nullable String checkedAt) {
  private static final String ONLINE = "online";
  private static final String OFFLINE = "offline";

  static ServerHealth unknown(ServerEntry server) {
    return of(server, "unknown", null, null, null);
  }

  static ServerHealth online(ServerEntry server, JsonNode health, String checkedAt) {
    return of(server, ONLINE, health, null, checkedAt);
  }

  static ServerHealth offline(ServerEntry server, String error, String checkedAt) {
    return of(server, OFFLINE, null, error, checkedAt);
  }

  private static ServerHealth of(
      ServerEntry server,
      String status,
      @Nullable JsonNode health,
      @Nullable String error,
      @Nullable String checkedAt) {
    return new ServerHealth(
        server.url(),
        server.name(),
        server.description(),
        server.region(),
        status,
        health,
        error,
        checkedAt);
  }

  boolean isOnline() {
    return status.equals(ONLINE);
  }

  /// The sign in front of the name.
  char mark() {
    return switch (status) {
      case ONLINE -> '✓';
      case OFFLINE -> '✗';
      case String _ -> '?';
    };
  }
}
