package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// What a relay says about who may come in and stay (protocol.md sections 6 and 17).
public sealed interface AccessNotice extends ServerMessage {
  /// A question to answer before the welcome.
  ///
  /// @param hint the form of the answer
  record CaptchaChallenge(long ts, String captchaId, String question, String hint, long expiresAt)
      implements AccessNotice {}

  /// An admin closes the connection.
  record Kicked(long ts, String reason) implements AccessNotice {}

  /// An admin closes the connection and lets the agent in no more.
  record Banned(long ts, String reason) implements AccessNotice {}

  /// The message of the day has changed; null: there is none any more.
  record MotdUpdate(long ts, @Nullable String motd) implements AccessNotice {}

  /// One entry of the allowlist.
  ///
  /// @param pubkeyPrefix the first 40 characters of the key's PEM, and `...`
  /// @param approvedAt ISO 8601, UTC
  record Approved(
      @JsonProperty("agentId") AgentId agentId,
      @JsonProperty("pubkeyPrefix") String pubkeyPrefix,
      @JsonProperty("approvedAt") String approvedAt,
      String note) {}

  /// What an ADMIN_* frame did, told to whom it concerns. Each action has its own fields.
  ///
  /// @param action `approve`, `revoke`, `list`, `kick`, `ban`, `unban`, `motd` or `verify`
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AdminResult(
      long ts,
      String action,
      @Nullable Boolean success,
      @JsonProperty("agentId") @Nullable AgentId agentId,
      @Nullable Boolean verified,
      @Nullable String note,
      @Nullable List<Approved> entries,
      @Nullable Boolean enabled,
      @Nullable Boolean strict,
      @Nullable String motd,
      @Nullable Boolean kicked,
      @Nullable String clientMsgId)
      implements AccessNotice {

    /// An act that is done, and on whom.
    public static AdminResult done(
        long ts, String action, @Nullable AgentId agent, @Nullable String clientMsgId) {
      return new AdminResult(
          ts, action, true, agent, null, null, null, null, null, null, null, clientMsgId);
    }

    /// The allowlist.
    public static AdminResult list(
        long ts,
        List<Approved> entries,
        boolean enabled,
        boolean strict,
        @Nullable String clientMsgId) {
      return new AdminResult(
          ts, "list", null, null, null, null, entries, enabled, strict, null, null, clientMsgId);
    }

    /// The message of the day is changed.
    public static AdminResult motd(
        long ts, @Nullable String motd, boolean kicked, @Nullable String clientMsgId) {
      return new AdminResult(
          ts, "motd", true, null, null, null, null, null, null, motd, kicked, clientMsgId);
    }

    /// An agent is verified or not, told to the admin.
    public static AdminResult vouched(
        long ts, AgentId agent, boolean verified, @Nullable String clientMsgId) {
      return new AdminResult(
          ts, "verify", true, agent, verified, null, null, null, null, null, null, clientMsgId);
    }

    /// The same, told to the agent.
    public static AdminResult vouchedFor(long ts, boolean verified, String note) {
      return new AdminResult(
          ts, "verify", true, null, verified, note, null, null, null, null, null, null);
    }
  }
}
