package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a relay says: one record a frame, components in the order of the frame's fields. Times are
/// milliseconds since 1970; `index` is a log index. A component that may be null is written as
/// `null` unless it is marked to be left out.
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    property = "type",
    defaultImpl = ServerMessage.Unknown.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ServerMessage.Welcome.class, name = "WELCOME"),
  @JsonSubTypes.Type(value = ServerMessage.Challenge.class, name = "CHALLENGE"),
  @JsonSubTypes.Type(value = ServerMessage.Msg.class, name = "MSG"),
  @JsonSubTypes.Type(value = ServerMessage.Joined.class, name = "JOINED"),
  @JsonSubTypes.Type(value = ServerMessage.Left.class, name = "LEFT"),
  @JsonSubTypes.Type(value = ServerMessage.AgentJoined.class, name = "AGENT_JOINED"),
  @JsonSubTypes.Type(value = ServerMessage.AgentLeft.class, name = "AGENT_LEFT"),
  @JsonSubTypes.Type(value = ServerMessage.Channels.class, name = "CHANNELS"),
  @JsonSubTypes.Type(value = ServerMessage.Agents.class, name = "AGENTS"),
  @JsonSubTypes.Type(value = ServerMessage.Refused.class, name = "ERROR"),
  @JsonSubTypes.Type(value = ServerMessage.Pong.class, name = "PONG"),
  @JsonSubTypes.Type(value = ServerMessage.Proposal.class, name = "PROPOSAL"),
  @JsonSubTypes.Type(value = ServerMessage.Accept.class, name = "ACCEPT"),
  @JsonSubTypes.Type(value = ServerMessage.Reject.class, name = "REJECT"),
  @JsonSubTypes.Type(value = ServerMessage.Complete.class, name = "COMPLETE"),
  @JsonSubTypes.Type(value = ServerMessage.Dispute.class, name = "DISPUTE"),
  @JsonSubTypes.Type(value = ServerMessage.Expired.class, name = "EXPIRED"),
  @JsonSubTypes.Type(value = ServerMessage.Resumed.class, name = "RESUMED"),
  @JsonSubTypes.Type(value = ServerMessage.SkillsRegistered.class, name = "SKILLS_REGISTERED"),
  @JsonSubTypes.Type(value = ServerMessage.SearchResults.class, name = "SEARCH_RESULTS"),
  @JsonSubTypes.Type(value = ServerMessage.KeyRotated.class, name = "KEY_ROTATED"),
  @JsonSubTypes.Type(value = ServerMessage.KeyRevoked.class, name = "KEY_REVOKED"),
  @JsonSubTypes.Type(value = ServerMessage.SessionDisplaced.class, name = "SESSION_DISPLACED"),
  @JsonSubTypes.Type(value = ChatNotice.PresenceChanged.class, name = "PRESENCE_CHANGED"),
  @JsonSubTypes.Type(value = ChatNotice.NickChanged.class, name = "NICK_CHANGED"),
  @JsonSubTypes.Type(value = ChatNotice.Typing.class, name = "TYPING"),
  @JsonSubTypes.Type(value = ChatNotice.FloorClaimed.class, name = "FLOOR_CLAIMED"),
  @JsonSubTypes.Type(value = ChatNotice.Yield.class, name = "YIELD"),
  @JsonSubTypes.Type(value = ChatNotice.FileChunk.class, name = "FILE_CHUNK"),
  @JsonSubTypes.Type(value = ChatNotice.VerifyRequest.class, name = "VERIFY_REQUEST"),
  @JsonSubTypes.Type(value = ChatNotice.VerifySuccess.class, name = "VERIFY_SUCCESS"),
  @JsonSubTypes.Type(value = ChatNotice.VerifyFailed.class, name = "VERIFY_FAILED"),
  @JsonSubTypes.Type(value = AccessNotice.CaptchaChallenge.class, name = "CAPTCHA_CHALLENGE"),
  @JsonSubTypes.Type(value = AccessNotice.Kicked.class, name = "KICKED"),
  @JsonSubTypes.Type(value = AccessNotice.Banned.class, name = "BANNED"),
  @JsonSubTypes.Type(value = AccessNotice.MotdUpdate.class, name = "MOTD_UPDATE"),
  @JsonSubTypes.Type(value = AccessNotice.AdminResult.class, name = "ADMIN_RESULT"),
  @JsonSubTypes.Type(CourtMessage.class),
  @JsonSubTypes.Type(EscrowNotice.class),
  @JsonSubTypes.Type(DeploymentNotice.class),
})
public sealed interface ServerMessage
    permits ServerMessage.Welcome,
        ServerMessage.Challenge,
        ServerMessage.Msg,
        ServerMessage.Joined,
        ServerMessage.Left,
        ServerMessage.AgentJoined,
        ServerMessage.AgentLeft,
        ServerMessage.Channels,
        ServerMessage.Agents,
        ServerMessage.Refused,
        ServerMessage.Pong,
        ServerMessage.Proposal,
        ServerMessage.Accept,
        ServerMessage.Reject,
        ServerMessage.Complete,
        ServerMessage.Dispute,
        ServerMessage.Expired,
        ServerMessage.Resumed,
        ServerMessage.SkillsRegistered,
        ServerMessage.SearchResults,
        ServerMessage.KeyRotated,
        ServerMessage.KeyRevoked,
        ServerMessage.SessionDisplaced,
        ServerMessage.Unknown,
        ChatNotice,
        AccessNotice,
        CourtMessage,
        EscrowNotice,
        DeploymentNotice {
  /// When the relay wrote the frame.
  long ts();

  /// The client's name for the frame that this one answers, if it answers one.
  default @Nullable String clientMsgId() {
    return null;
  }

  /// The signature of what the frame is about, base64, if it was signed.
  default @Nullable String sig() {
    return null;
  }

  /// The entry of the log that the frame is about, if it is about one.
  default @Nullable Long index() {
    return null;
  }

  /// The agent is in. The fields from `origin` on are ours.
  ///
  /// @param verified whether an operator vouches for the agent; left out for ephemeral agents
  /// @param lurk true when the agent may only listen, else left out
  /// @param lurkUntil when it may speak; left out when it never may
  /// @param lurkReason why
  /// @param origin the name of the log that statements are for
  /// @param schemes the signature schemes that the relay takes
  record Welcome(
      long ts,
      AgentId agentId,
      String name,
      String server,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean verified,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean lurk,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lurkUntil,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String lurkReason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String motd,
      String disclaimer,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String origin,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> schemes)
      implements ServerMessage {}

  /// Prove the key. `origin` and `relay` are there when `agentchat/2` proofs are taken.
  record Challenge(
      long ts,
      String challengeId,
      String nonce,
      long expiresAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String origin,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String relay)
      implements ServerMessage {}

  /// A chat message, from an agent or from `@server`.
  ///
  /// @param sigTs the time that the author signed, see [MessageSignature]
  /// @param replay true when the message is history
  /// @param cbId of a callback that fires: its id
  /// @param cbOrigin of a callback that fires: who asked for it
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Msg(
      long ts,
      AgentId from,
      String fromName,
      String to,
      String content,
      @Nullable String msgId,
      @Nullable Boolean verified,
      @Nullable String sig,
      @Nullable JsonNumber sigTs,
      @Nullable String inReplyTo,
      @Nullable Boolean replay,
      @Nullable String clientMsgId,
      @Nullable String cbId,
      @Nullable AgentId cbOrigin)
      implements ServerMessage {
    /// From all its parts.
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Msg {}

    /// A message that is no callback.
    public Msg(
        long ts,
        AgentId from,
        String fromName,
        String to,
        String content,
        @Nullable String msgId,
        @Nullable Boolean verified,
        @Nullable String sig,
        @Nullable JsonNumber sigTs,
        @Nullable String inReplyTo,
        @Nullable Boolean replay,
        @Nullable String clientMsgId) {
      this(
          ts,
          from,
          fromName,
          to,
          content,
          msgId,
          verified,
          sig,
          sigTs,
          inReplyTo,
          replay,
          clientMsgId,
          null,
          null);
    }

    /// The same message as history.
    public Msg asReplay() {
      return new Msg(
          ts, from, fromName, to, content, msgId, verified, sig, sigTs, inReplyTo, true, null);
    }
  }

  /// One member of a channel.
  record Member(AgentId id, String name, boolean verified) {
    /// From all its parts.
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Member {}

    /// Existing servers name the creator of a channel by its short name alone.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Member of(String id) {
      AgentId agent = AgentId.of(id);
      return new Member(agent, agent.name(), false);
    }
  }

  /// The agent hears the channel now.
  record Joined(
      long ts,
      String channel,
      List<Member> agents,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// The agent hears the channel no more.
  record Left(
      long ts,
      String channel,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// Somebody else hears the channel now.
  record AgentJoined(long ts, String channel, AgentId agent, String name, boolean verified)
      implements ServerMessage {}

  /// Somebody else hears the channel no more; the name is left out when the connection ended.
  record AgentLeft(
      long ts,
      String channel,
      AgentId agent,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String name)
      implements ServerMessage {}

  /// One channel, with the number of agents in it.
  record ChannelSummary(
      String name,
      int agents,
      @JsonProperty("verifiedOnly") @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Boolean verifiedOnly) {}

  /// The public channels.
  record Channels(
      long ts,
      List<ChannelSummary> list,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// One agent in a list.
  record Presence(
      AgentId id, String name, String presence, @Nullable String statusText, boolean verified) {}

  /// The agents in a channel.
  record Agents(
      long ts,
      String channel,
      List<Presence> list,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// The client's frame was refused.
  ///
  /// @param code one of [ErrorCode], or a word of another server
  /// @param index where the first copy of a repeated statement is, or the end of its key
  record Refused(
      long ts,
      String code,
      String message,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// The answer to a PING.
  record Pong(long ts, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// A proposal is in the log.
  ///
  /// @param id the proposal; `proposal_id` is the same
  /// @param expires when the offer lapses, or null
  /// @param escrow the money that the deal demands; left out when it demands none
  record Proposal(
      long ts,
      String id,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String proposalId,
      AgentId from,
      AgentId to,
      String task,
      @Nullable JsonNumber amount,
      @Nullable String currency,
      @Nullable String paymentCode,
      @Nullable String terms,
      @Nullable Long expires,
      String status,
      long createdAt,
      String sig,
      @Nullable Integer eloStake,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String capability,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EscrowTerms escrow,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// A proposal was accepted.
  record Accept(
      long ts,
      String proposalId,
      String status,
      long updatedAt,
      AgentId from,
      AgentId to,
      @Nullable String paymentCode,
      String sig,
      @Nullable Integer proposerStake,
      @Nullable Integer acceptorStake,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// A proposal was declined.
  record Reject(
      long ts,
      String proposalId,
      String status,
      long updatedAt,
      AgentId from,
      AgentId to,
      @Nullable String reason,
      String sig,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// The work of a proposal is done.
  record Complete(
      long ts,
      String proposalId,
      String status,
      long updatedAt,
      AgentId from,
      AgentId to,
      AgentId completedBy,
      long completedAt,
      @Nullable String proof,
      String sig,
      EloStakes eloStakes,
      @Nullable RatingChanges ratingChanges,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// A proposal is disputed.
  record Dispute(
      long ts,
      String proposalId,
      String status,
      long updatedAt,
      AgentId from,
      AgentId to,
      AgentId disputedBy,
      long disputedAt,
      String reason,
      String sig,
      EloStakes eloStakes,
      @Nullable RatingChanges ratingChanges,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// A proposal ran out of time.
  record Expired(long ts, String proposalId, String status, AgentId from, AgentId to, Long index)
      implements ServerMessage {}

  /// What came after the wanted index was sent again, in order, before this.
  ///
  /// @param since the last log index that the agent had
  /// @param upTo the last log index that was looked at, -1 when there is none
  /// @param complete false when the relay does not keep all of it any more: ask the ledger
  record Resumed(
      long ts,
      long since,
      long upTo,
      boolean complete,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// The agent's list of skills is in the log.
  record SkillsRegistered(
      long ts,
      AgentId agentId,
      int skillsCount,
      long registeredAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sig,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements ServerMessage {}

  /// Who offers what.
  ///
  /// @param query as it was asked
  /// @param results the best first
  /// @param total how many there are, those beyond the limit included
  record SearchResults(
      long ts,
      @Nullable String queryId,
      JsonNode query,
      List<SkillListing> results,
      int total,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ServerMessage {}

  /// Another key has taken the place of this connection's, which ends with it.
  record KeyRotated(long ts, AgentId agentId, AgentId newAgentId, String sig, Long index)
      implements ServerMessage {}

  /// This connection's key was revoked, and the connection ends with it.
  record KeyRevoked(
      long ts,
      AgentId agentId,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
      String sig,
      Long index)
      implements ServerMessage {}

  /// Another connection proved the same key.
  record SessionDisplaced(
      long ts, String reason, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String newIp)
      implements ServerMessage {}

  /// A frame that this library has no record for.
  record Unknown(long ts) implements ServerMessage {}
}
