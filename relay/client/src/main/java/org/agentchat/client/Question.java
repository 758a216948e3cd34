package org.agentchat.client;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.DeploymentNotice;
import org.agentchat.schemas.message.EscrowNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.SkillQuery;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// One thing to ask of a relay, and how its answer is recognised.
///
/// @param name what is asked, for a person
/// @param doubt what is unknown when no answer comes, or null when asking again does no harm
/// @param signature of a statement: frames that repeat it answer the question
/// @param answer the value of a frame that answers, empty for every other frame; refusals are not
///   asked about
/// @param pinged whether a PING follows under the same name, because a relay says nothing when it
///   has done this: it answers in order, so its PONG says that there was no refusal
record Question<T>(
    ClientMessage message,
    String name,
    @Nullable String doubt,
    @Nullable String signature,
    Function<ServerMessage, Optional<T>> answer,
    boolean pinged) {

  Question(
      ClientMessage message,
      String name,
      @Nullable String doubt,
      @Nullable String signature,
      Function<ServerMessage, Optional<T>> answer) {
    this(message, name, doubt, signature, answer, false);
  }

  static Question<ServerMessage.Joined> join(String channel) {
    return harmless(
        new ClientMessage.Join(channel),
        "JOIN " + channel,
        ServerMessage.Joined.class,
        joined -> joined.channel().equals(channel));
  }

  static Question<ServerMessage.Left> leave(String channel) {
    return harmless(
        new ClientMessage.Leave(channel),
        "LEAVE " + channel,
        ServerMessage.Left.class,
        left -> left.channel().equals(channel));
  }

  static Question<ServerMessage.Joined> createChannel(String channel, boolean inviteOnly) {
    return new Question<>(
        new ChatMessage.CreateChannel(channel, inviteOnly, false),
        "CREATE_CHANNEL " + channel,
        "whether the channel was created is unknown",
        null,
        typed(ServerMessage.Joined.class, joined -> joined.channel().equals(channel)));
  }

  static Question<ServerMessage.Pong> invite(String channel, AgentId agent) {
    return silent(new ChatMessage.Invite(channel, agent), "INVITE to " + channel, null);
  }

  static Question<ServerMessage.Pong> presence(ChatMessage.SetPresence presence) {
    return silent(presence, "SET_PRESENCE", null);
  }

  static Question<ServerMessage.Pong> typing(String channel) {
    return silent(new ChatMessage.Typing(channel), "TYPING in " + channel, null);
  }

  static Question<ServerMessage.Pong> fileChunk(ChatMessage.FileChunk chunk) {
    return silent(
        chunk, "FILE_CHUNK to " + chunk.to(), "whether the chunk was delivered is unknown");
  }

  private static Question<ServerMessage.Pong> silent(
      ClientMessage message, String name, @Nullable String doubt) {
    return new Question<>(
        message, name, doubt, null, typed(ServerMessage.Pong.class, _ -> true), true);
  }

  /// Of those whom an act concerns, only the admin hears its result without a note.
  static Question<AccessNotice.AdminResult> administer(AdminMessage act) {
    String action = action(act);
    return new Question<>(
        act,
        "the admin act " + action,
        act instanceof AdminMessage.ListApproved ? null : "whether it was done is unknown",
        null,
        typed(
            AccessNotice.AdminResult.class,
            result -> result.action().equals(action) && result.note() == null));
  }

  private static String action(AdminMessage act) {
    return switch (act) {
      case AdminMessage.Approve _ -> "approve";
      case AdminMessage.Revoke _ -> "revoke";
      case AdminMessage.ListApproved _ -> "list";
      case AdminMessage.Kick _ -> "kick";
      case AdminMessage.Ban _ -> "ban";
      case AdminMessage.Unban _ -> "unban";
      case AdminMessage.SetMotd _ -> "motd";
      case AdminMessage.Vouch _ -> "verify";
    };
  }

  /// @param self who asks
  static Question<ChatNotice.NickChanged> nick(AgentId self, String nick) {
    return harmless(
        new ChatMessage.SetNick(nick),
        "SET_NICK",
        ChatNotice.NickChanged.class,
        changed -> changed.agentId().equals(self) && changed.newNick().equals(nick));
  }

  static Question<ChatNotice> verify(AgentId target, String nonce) {
    return new Question<>(
        new ChatMessage.VerifyRequest(target, nonce),
        "VERIFY_REQUEST to " + target,
        null,
        null,
        new VerificationAnswer(target));
  }

  static Question<Boolean> respond(ChatMessage.VerifyResponse response) {
    String request = response.requestId();
    return new Question<>(
        response,
        "VERIFY_RESPONSE",
        null,
        null,
        frame ->
            switch (frame) {
              case ChatNotice.VerifySuccess success
                  when success.verified() != null && success.requestId().equals(request) ->
                  Optional.of(true);
              case ChatNotice.VerifyFailed failed
                  when failed.verified() != null && failed.requestId().equals(request) ->
                  Optional.of(false);
              case ServerMessage _ -> Optional.empty();
            });
  }

  static Question<ServerMessage.Channels> listChannels() {
    return harmless(
        new ClientMessage.ListChannels(), "LIST_CHANNELS", ServerMessage.Channels.class, _ -> true);
  }

  static Question<ServerMessage.Agents> listAgents(String channel) {
    return harmless(
        new ClientMessage.ListAgents(channel),
        "LIST_AGENTS " + channel,
        ServerMessage.Agents.class,
        agents -> agents.channel().equals(channel));
  }

  static Question<ServerMessage.SearchResults> search(SkillQuery query, String queryId) {
    return harmless(
        new ClientMessage.SearchSkills(query, queryId),
        "SEARCH_SKILLS",
        ServerMessage.SearchResults.class,
        results -> queryId.equals(results.queryId()));
  }

  static Question<ServerMessage.Pong> ping() {
    return harmless(new ClientMessage.Ping(), "PING", ServerMessage.Pong.class, _ -> true);
  }

  /// A chat message is answered by its own echo. The echo's content may differ (the relay takes
  /// secrets out), and so may the target of a message to an agent (a nick becomes an id).
  ///
  /// @param self who asks
  static Question<ServerMessage.Msg> send(AgentId self, ClientMessage.Msg message) {
    Predicate<ServerMessage.Msg> echo =
        heard ->
            heard.from().equals(self)
                && !Boolean.TRUE.equals(heard.replay())
                && (heard.to().equals(message.to())
                    || (message.to().startsWith("@") && heard.to().startsWith("@")));
    return new Question<>(
        message,
        "MSG to " + message.to(),
        "whether the message was delivered is unknown",
        null,
        typed(ServerMessage.Msg.class, echo));
  }

  static Question<ServerMessage> submit(SignedStatement signed) {
    Statement statement = signed.statement();
    String signature = signed.signature().base64();
    return new Question<>(
        new ClientMessage.State(statement, signed.scheme(), signature, signed.key()),
        statement.type(),
        "whether the " + statement.type() + " was recorded is unknown",
        signature,
        answerTo(signed),
        statement instanceof CourtStatement said && CourtAnswer.isSilent(said));
  }

  private static Function<ServerMessage, Optional<ServerMessage>> answerTo(SignedStatement signed) {
    return switch (signed.statement()) {
      case Statement.Proposal _ -> repeated(ServerMessage.Proposal.class, signed);
      case Statement.Accept _ -> repeated(ServerMessage.Accept.class, signed);
      case Statement.Reject _ -> repeated(ServerMessage.Reject.class, signed);
      case Statement.Complete _ -> repeated(ServerMessage.Complete.class, signed);
      case Statement.Dispute _ -> repeated(ServerMessage.Dispute.class, signed);
      case RegisterSkills _ -> repeated(ServerMessage.SkillsRegistered.class, signed);
      case KeyStatement.RotateKey _ -> repeated(ServerMessage.KeyRotated.class, signed);
      case KeyStatement.RevokeKey _ -> repeated(ServerMessage.KeyRevoked.class, signed);
      case CourtStatement said -> CourtAnswer.to(said, signed.key().id());
      case EscrowStatement said -> repeated(answerTo(said), signed);
      case DeploymentStatement _ -> repeated(DeploymentNotice.class, signed);
    };
  }

  private static Class<? extends ServerMessage> answerTo(EscrowStatement statement) {
    return switch (statement) {
      case EscrowStatement.WalletBind _ -> EscrowNotice.WalletBound.class;
      case EscrowStatement.EscrowLocked _ -> EscrowNotice.EscrowLocked.class;
      case EscrowStatement.EscrowSettled _ -> EscrowNotice.EscrowSettled.class;
      case EscrowStatement.EscrowRefunded _ -> EscrowNotice.EscrowRefunded.class;
    };
  }

  private static Function<ServerMessage, Optional<ServerMessage>> repeated(
      Class<? extends ServerMessage> type, SignedStatement signed) {
    String signature = signed.signature().base64();
    return frame ->
        Optional.of(frame).filter(type::isInstance).filter(heard -> repeats(signature, heard));
  }

  /// Other servers do not repeat the signature of a list of skills; there only one question waits.
  private static boolean repeats(String signature, ServerMessage frame) {
    String repeated = frame.sig();
    return signature.equals(repeated)
        || (repeated == null && frame instanceof ServerMessage.SkillsRegistered);
  }

  private static <T extends ServerMessage> Question<T> harmless(
      ClientMessage message, String name, Class<T> type, Predicate<T> test) {
    return new Question<>(message, name, null, null, typed(type, test));
  }

  private static <T extends ServerMessage> Function<ServerMessage, Optional<T>> typed(
      Class<T> type, Predicate<T> test) {
    return frame -> Optional.of(frame).filter(type::isInstance).map(type::cast).filter(test);
  }
}
