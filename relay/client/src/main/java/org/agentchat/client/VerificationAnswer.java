package org.agentchat.client;

import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Recognises how a verification ended: the relay first gives it a name, and says the end under
/// that name, which may be half a minute later. Used by the connection's one receiving thread.
final class VerificationAnswer implements Function<ServerMessage, Optional<ChatNotice>> {
  private final AgentId target;
  private volatile @Nullable String request;

  /// @param target who is to prove its key
  VerificationAnswer(AgentId target) {
    this.target = target;
  }

  @Override
  public Optional<ChatNotice> apply(ServerMessage frame) {
    if (frame instanceof ChatNotice.VerifyRequest pending && target.equals(pending.target())) {
      request = pending.requestId();
    }
    return concludes(frame) ? Optional.of((ChatNotice) frame) : Optional.empty();
  }

  /// Whether the frame says how it ended.
  boolean concludes(ServerMessage frame) {
    return switch (frame) {
      case ChatNotice.VerifySuccess success ->
          success.agent() != null && success.requestId().equals(request);
      case ChatNotice.VerifyFailed failed ->
          failed.target() != null && failed.requestId().equals(request);
      default -> false;
    };
  }
}
