package org.agentchat.schemas.message;

import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// What a client says. Every value has passed the protocol's checks of form; checks against state
/// are the relay's.
public sealed interface ClientMessage
    permits ClientMessage.Identify,
        ClientMessage.VerifyIdentity,
        ClientMessage.CaptchaResponse,
        ClientMessage.Join,
        ClientMessage.Leave,
        ClientMessage.Msg,
        ClientMessage.ListChannels,
        ClientMessage.ListAgents,
        ClientMessage.Ping,
        ClientMessage.Resume,
        ClientMessage.SearchSkills,
        ClientMessage.State,
        ChatMessage,
        AdminMessage {
  /// The first word of a connection.
  ///
  /// @param name display name, 1 to 32 of `[a-zA-Z0-9_-]`
  /// @param key the key that the connection will prove; absent for an ephemeral agent
  /// @param since the last log index that the agent has, -1 for none: it is told what came after;
  ///   absent: what it has not acknowledged to this relay
  record Identify(String name, @Nullable AgentKey key, @Nullable Long since)
      implements ClientMessage {
    /// Without an index.
    public Identify(String name, @Nullable AgentKey key) {
      this(name, key, null);
    }
  }

  /// The answer to a CHALLENGE.
  ///
  /// @param signature base64, not looked at yet
  /// @param timestamp the number that was signed, not zero
  /// @param scheme `agentchat/1` or `agentchat/2`
  record VerifyIdentity(String challengeId, String signature, JsonNumber timestamp, String scheme)
      implements ClientMessage {}

  /// The answer to a CAPTCHA_CHALLENGE.
  record CaptchaResponse(String captchaId, String answer) implements ClientMessage {}

  /// Asks to hear a channel.
  record Join(String channel) implements ClientMessage {}

  /// Asks to hear a channel no more.
  record Leave(String channel) implements ClientMessage {}

  /// A chat message.
  ///
  /// @param to `#channel` or `@agent`
  /// @param content at most [ClientMessageCodec#MAX_CONTENT_CHARS]; may be empty
  /// @param signature the author's signature, see [MessageSignature]
  /// @param ts the time that was signed, with `signature`
  record Msg(
      String to,
      String content,
      @Nullable String signature,
      @Nullable JsonNumber ts,
      @Nullable String inReplyTo)
      implements ClientMessage {}

  /// Asks which channels there are.
  record ListChannels() implements ClientMessage {}

  /// Asks who is in a channel.
  record ListAgents(String channel) implements ClientMessage {}

  /// Asks who offers what.
  ///
  /// @param queryId the client's name for the question, repeated in the answer
  record SearchSkills(SkillQuery query, @Nullable String queryId) implements ClientMessage {}

  /// Asks for a PONG.
  record Ping() implements ClientMessage {}

  /// Asks to be told again what the log said to this agent.
  ///
  /// @param since the last log index that the agent has, -1 for none
  record Resume(long since) implements ClientMessage {}

  /// A signed statement.
  ///
  /// @param signature base64, not looked at yet
  /// @param key the signer as the statement names it (`agentchat/2`), which must be the
  ///   connection's
  record State(Statement statement, Scheme scheme, String signature, @Nullable AgentKey key)
      implements ClientMessage {}
}
