package org.agentchat.client;

import static org.agentchat.client.ClientSettings.NOTHING_AGAIN;

import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// How far this client has heard the log, over all its connections: a reconnect asks for what came
/// after. Thread-safe.
final class Progress {
  private @Nullable Long last;

  /// @param start the last log index that was heard before, or null
  Progress(@Nullable Long start) {
    last = start;
  }

  /// Frames that answer a question with an older index do not turn it back.
  synchronized void heard(ServerMessage frame) {
    Long index = frame instanceof ServerMessage.Refused ? null : frame.index();
    if (index != null && (last == null || index > last || last == NOTHING_AGAIN)) {
      last = index;
    }
  }

  synchronized @Nullable Long last() {
    return last;
  }
}
