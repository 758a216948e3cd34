package org.agentchat.relay;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// One act for the audit log (protocol.md section 18): who did what to whom, from where, and with
/// which result. Never what was said, and never a key or a secret.
///
/// @param level `info` or `warn`
/// @param fields in the order in which they are written
record AuditEvent(String event, String level, Map<String, Object> fields) {
  private static AuditEvent of(String event, Connection connection) {
    Map<String, Object> fields = new LinkedHashMap<>();
    connection
        .agent()
        .ifPresent(agent -> {
          fields.put("agent", agent.id().toString());
          fields.put("name", agent.name());
        });
    AuditEvent audited = new AuditEvent(event, "info", fields);
    return audited.with("ip", connection.address());
  }

  private AuditEvent with(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  private AuditEvent warning() {
    return new AuditEvent(event, "warn", fields);
  }

  static AuditEvent serverStart(String relay) {
    return new AuditEvent("server_start", "info", new LinkedHashMap<>()).with("relay", relay);
  }

  static AuditEvent serverStop(String relay) {
    return new AuditEvent("server_stop", "info", new LinkedHashMap<>()).with("relay", relay);
  }

  static AuditEvent connected(Connection connection) {
    return of("connection", connection);
  }

  static AuditEvent refusedAddress(String ip) {
    return new AuditEvent("ip_connection_limit", "warn", new LinkedHashMap<>()).with("ip", ip);
  }

  static AuditEvent identified(Connection connection, Agent agent) {
    return of("identify", connection)
        .with("persistent", agent.key() != null)
        .with("verified", agent.verified());
  }

  static AuditEvent disconnected(Connection connection) {
    return of("disconnect", connection);
  }

  static AuditEvent silent(Connection connection) {
    return of("heartbeat_timeout", connection).warning();
  }

  static AuditEvent joined(Connection connection, String channel) {
    return of("join", connection).with("channel", channel);
  }

  static AuditEvent left(Connection connection, String channel) {
    return of("leave", connection).with("channel", channel);
  }

  static AuditEvent createdChannel(Connection connection, String channel) {
    return of("create_channel", connection).with("channel", channel);
  }

  /// @param msgId null for a message that has none
  /// @param contentLength in characters
  static AuditEvent said(
      Connection connection, String channel, @Nullable String msgId, int contentLength) {
    return of("channel_msg", connection)
        .with("channel", channel)
        .with("msg_id", msgId == null ? "" : msgId)
        .with("content_length", contentLength);
  }

  /// @param contentLength in characters
  static AuditEvent saidTo(
      Connection connection, AgentId to, @Nullable String msgId, int contentLength) {
    return of("dm_send", connection)
        .with("to", to.toString())
        .with("msg_id", msgId == null ? "" : msgId)
        .with("content_length", contentLength);
  }

  static AuditEvent redacted(Connection connection) {
    return of("secrets_redacted", connection).warning();
  }

  /// @param action `approve`, `revoke`, `kick`, `ban`, `unban`, `motd`, `verify` or `list`
  /// @param by who did it: an agent, or the shared key that was given
  /// @param target on whom, as the admin named it; empty when on nobody in particular
  /// @param names every name of the target's account
  /// @param result `done`, or why not
  static AuditEvent admin(
      Connection connection,
      String action,
      String by,
      Optional<AgentId> target,
      List<AgentId> names,
      String result) {
    AuditEvent audited = of("admin_" + action, connection).with("by", by);
    target.ifPresent(agent -> audited.with("target", agent.toString()));
    if (names.size() > 1) {
      audited.with("names", names.stream().map(AgentId::toString).toList());
    }
    return audited.ended(result);
  }

  /// Somebody asked over HTTP who is connected, and from where.
  ///
  /// @param by the shared key that was given, or `nobody`
  /// @param result `done`, or why not
  static AuditEvent askedForConnections(InetAddress client, String by, String result) {
    return new AuditEvent("admin_connections", "info", new LinkedHashMap<>())
        .with("ip", client.getHostAddress())
        .with("by", by)
        .ended(result);
  }

  private AuditEvent ended(String result) {
    with("result", result);
    return result.equals("done") ? this : warning();
  }

  /// Somebody was turned away, or sent away, for a ban of earlier.
  ///
  /// @param agent who came: of an agent without a key nobody else has heard the name
  /// @param ban which names whom the admin banned, perhaps by another key of the same account
  static AuditEvent banEnforced(Connection connection, Agent agent, Bans.Ban ban) {
    return new AuditEvent("ban_enforced", "warn", new LinkedHashMap<>())
        .with("agent", agent.id().toString())
        .with("name", agent.name())
        .with("ip", connection.address())
        .with("ban", ban.agent().toString());
  }
}
