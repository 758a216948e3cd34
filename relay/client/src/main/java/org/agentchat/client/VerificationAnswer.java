package org.agentchat.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Recognises how a verification ended: the relay gives it a name, and says the end under that
/// name, which may be half a minute later, or even before the name when the other side is fast.
/// Used by the connection's one receiving thread.
final class VerificationAnswer
    implements Function<ServerMessage, Optional<ChatNotice>>, Exchange.Concluding {
  /// Ends of verifications of one agent that are heard before the name of ours.
  private static final int MAX_EARLY = 16;

  private final AgentId target;
  private final Map<String, ChatNotice> early = new LinkedHashMap<>();
  private @Nullable String request;

  /// @param target who is to prove its key
  VerificationAnswer(AgentId target) {
    this.target = target;
  }

  @Override
  public Optional<ChatNotice> apply(ServerMessage frame) {
    if (frame instanceof ChatNotice.VerifyRequest pending && target.equals(pending.target())) {
      request = pending.requestId();
      return Optional.ofNullable(early.get(request));
    }
    return concludes(frame) ? Optional.of((ChatNotice) frame) : Optional.empty();
  }

  /// Whether the frame says how it ended; what may turn out to say so is kept until the name is
  /// known.
  @Override
  public boolean concludes(ServerMessage frame) {
    return switch (frame) {
      case ChatNotice.VerifySuccess success when target.equals(success.agent()) ->
          isOurs(success.requestId(), success);
      case ChatNotice.VerifyFailed failed when target.equals(failed.target()) ->
          isOurs(failed.requestId(), failed);
      case ServerMessage _ -> false;
    };
  }

  private boolean isOurs(String named, ChatNotice end) {
    if (request == null && early.size() < MAX_EARLY) {
      early.put(named, end);
    }
    return named.equals(request);
  }
}
