package org.agentchat.client;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.SkillQuery;
import org.agentchat.schemas.statement.CourtStatement;
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
record Question<T>(
    ClientMessage message,
    String name,
    @Nullable String doubt,
    @Nullable String signature,
    Function<ServerMessage, Optional<T>> answer) {

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
    Class<? extends ServerMessage> type = answerTo(statement);
    return new Question<>(
        new ClientMessage.State(statement, signed.scheme(), signature, signed.key()),
        statement.type(),
        "whether the " + statement.type() + " was recorded is unknown",
        signature,
        frame ->
            type.isInstance(frame) && repeats(signature, frame)
                ? Optional.of(frame)
                : Optional.empty());
  }

  /// Other servers do not repeat the signature of a list of skills; there only one question waits.
  private static boolean repeats(String signature, ServerMessage frame) {
    String repeated = frame.sig();
    return signature.equals(repeated)
        || (repeated == null && frame instanceof ServerMessage.SkillsRegistered);
  }

  private static Class<? extends ServerMessage> answerTo(Statement statement) {
    return switch (statement) {
      case Statement.Proposal _ -> ServerMessage.Proposal.class;
      case Statement.Accept _ -> ServerMessage.Accept.class;
      case Statement.Reject _ -> ServerMessage.Reject.class;
      case Statement.Complete _ -> ServerMessage.Complete.class;
      case Statement.Dispute _ -> ServerMessage.Dispute.class;
      case RegisterSkills _ -> ServerMessage.SkillsRegistered.class;
      case KeyStatement.RotateKey _ -> ServerMessage.KeyRotated.class;
      case KeyStatement.RevokeKey _ -> ServerMessage.KeyRevoked.class;
      case CourtStatement _ ->
          throw new IllegalArgumentException("not asked yet: " + statement.type());
    };
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
