package org.agentchat.schemas.message;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// ADMIN_* frames, read in the order of the protocol's checks, and written.
///
/// A missing `admin_key` is no fault of form: an admin named by its public key sends none.
final class AdminReader {
  private AdminReader() {}

  /// The message, or empty when the type is no admin's.
  static Optional<AdminMessage> read(String type, Fields fields) {
    return switch (type) {
      case "ADMIN_APPROVE" -> Optional.of(approve(fields));
      case "ADMIN_REVOKE" -> Optional.of(revoke(fields));
      case "ADMIN_LIST" -> Optional.of(new AdminMessage.ListApproved(adminKey(fields)));
      case "ADMIN_KICK" ->
          Optional.of(new AdminMessage.Kick(agent(fields), adminKey(fields), reason(fields)));
      case "ADMIN_BAN" ->
          Optional.of(new AdminMessage.Ban(agent(fields), adminKey(fields), reason(fields)));
      case "ADMIN_UNBAN" -> Optional.of(new AdminMessage.Unban(agent(fields), adminKey(fields)));
      case "ADMIN_MOTD" -> Optional.of(motd(fields));
      case "ADMIN_VERIFY" -> Optional.of(vouch(fields));
      default -> Optional.empty();
    };
  }

  private static AdminMessage approve(Fields fields) {
    AgentKey key =
        key(fields.required("pubkey", "Missing or invalid pubkey"), "Missing or invalid pubkey");
    return new AdminMessage.Approve(key, adminKey(fields), text(fields, "note"));
  }

  private static AdminMessage revoke(Fields fields) {
    String complaint = "Missing pubkey or agent_id";
    String pem = fields.optional("pubkey", complaint);
    String id = fields.optional("agent_id", complaint);
    if (pem == null && id == null) {
      throw new InvalidStatementException(complaint);
    }
    return new AdminMessage.Revoke(
        pem == null ? null : key(pem, complaint),
        id == null ? null : agent(id, complaint),
        adminKey(fields));
  }

  private static AdminMessage motd(Fields fields) {
    AdminKey key = adminKey(fields);
    String text = fields.optional("motd", "motd must be a string or null");
    if (text != null && text.length() > AdminMessage.MAX_MOTD_CHARS) {
      throw new InvalidStatementException(
          "motd too long (max " + AdminMessage.MAX_MOTD_CHARS + " chars)");
    }
    String shown = text == null || text.isEmpty() ? null : text;
    JsonNode kick = fields.get("kick");
    if (kick != null && !kick.isBoolean()) {
      throw new InvalidStatementException("kick must be a boolean");
    }
    return new AdminMessage.SetMotd(key, shown, kick == null ? null : kick.booleanValue());
  }

  private static AdminMessage vouch(Fields fields) {
    String complaint = "Missing agent_id";
    AgentId agent = agent(fields.required("agent_id", complaint), complaint);
    AdminKey key = adminKey(fields);
    JsonNode verified = fields.get("verified");
    if (verified == null || !verified.isBoolean()) {
      throw new InvalidStatementException("verified must be a boolean");
    }
    return new AdminMessage.Vouch(agent, key, verified.booleanValue());
  }

  private static AgentKey key(String pem, String complaint) {
    try {
      return AgentKey.ofPem(pem);
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException(complaint);
    }
  }

  private static AgentId agent(Fields fields) {
    String complaint = "Missing or invalid agent_id";
    return agent(fields.required("agent_id", complaint), complaint);
  }

  /// With or without its `@`.
  private static AgentId agent(String text, String complaint) {
    return AgentId.parse(text.startsWith("@") ? text : "@" + text)
        .orElseThrow(() -> new InvalidStatementException(complaint));
  }

  private static @Nullable AdminKey adminKey(Fields fields) {
    String text = fields.optional("admin_key", "Missing admin_key");
    if (text == null) {
      return null;
    }
    try {
      return AdminKey.of(text);
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException("Missing admin_key");
    }
  }

  private static @Nullable String reason(Fields fields) {
    return text(fields, "reason");
  }

  private static @Nullable String text(Fields fields, String name) {
    String text = fields.optional(name, name + " must be a string");
    if (text != null && text.length() > AdminMessage.MAX_TEXT_CHARS) {
      throw new InvalidStatementException(
          name + " too long (max " + AdminMessage.MAX_TEXT_CHARS + " chars)");
    }
    return text;
  }

  static void write(ObjectNode frame, AdminMessage message) {
    switch (message) {
      case AdminMessage.Approve(AgentKey key, AdminKey _, String note) -> {
        frame.put("type", "ADMIN_APPROVE").put("pubkey", key.pem());
        put(frame, "note", note);
      }
      case AdminMessage.Revoke(AgentKey key, AgentId agent, AdminKey _) -> {
        frame.put("type", "ADMIN_REVOKE");
        put(frame, "pubkey", key == null ? null : key.pem());
        put(frame, "agent_id", agent == null ? null : agent.name());
      }
      case AdminMessage.ListApproved _ -> frame.put("type", "ADMIN_LIST");
      case AdminMessage.Kick(AgentId agent, AdminKey _, String reason) -> {
        frame.put("type", "ADMIN_KICK").put("agent_id", agent.toString());
        put(frame, "reason", reason);
      }
      case AdminMessage.Ban(AgentId agent, AdminKey _, String reason) -> {
        frame.put("type", "ADMIN_BAN").put("agent_id", agent.toString());
        put(frame, "reason", reason);
      }
      case AdminMessage.Unban(AgentId agent, AdminKey _) ->
          frame.put("type", "ADMIN_UNBAN").put("agent_id", agent.toString());
      case AdminMessage.SetMotd(AdminKey _, String motd, Boolean kick) -> {
        frame.put("type", "ADMIN_MOTD");
        put(frame, "motd", motd);
        if (kick != null) {
          frame.put("kick", kick);
        }
      }
      case AdminMessage.Vouch(AgentId agent, AdminKey _, boolean verified) ->
          frame
              .put("type", "ADMIN_VERIFY")
              .put("agent_id", agent.toString())
              .put("verified", verified);
    }
    AdminKey key = message.adminKey();
    put(frame, "admin_key", key == null ? null : key.reveal());
  }

  private static void put(ObjectNode frame, String name, @Nullable String value) {
    if (value != null) {
      frame.put(name, value);
    }
  }
}
