package org.agentchat.relay;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The socket of one client of a replay. What it hears goes to a queue that all clients share.
final class Participant {
  private final String who;
  private final BlockingQueue<Event> events;
  private final WebSocket socket;

  /// What a participant heard.
  sealed interface Event {
    String who();
  }

  record Frame(String who, JsonNode frame) implements Event {}

  /// @param code 1006 when the line broke without a close frame
  record End(String who, int code, String reason) implements Event {}

  Participant(HttpClient http, String url, String who, BlockingQueue<Event> events) {
    this.who = who;
    this.events = events;
    this.socket = http.newWebSocketBuilder().buildAsync(URI.create(url), new Ear()).join();
  }

  void say(String frame) {
    socket.sendText(frame, true).join();
  }

  void leave() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  void abort() {
    socket.abort();
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        events.add(new Frame(who, Json.parse(partial.toString())));
        partial.setLength(0);
      }
      ws.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket ws, Throwable failure) {
      events.add(new End(who, 1006, ""));
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
      events.add(new End(who, code, reason));
      return null;
    }
  }
}
