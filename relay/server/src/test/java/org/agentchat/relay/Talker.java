package org.agentchat.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.agentchat.schemas.identity.Identity;
import tools.jackson.databind.JsonNode;

/// A peer that waits after each frame until the relay has dealt with it.
final class Talker implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Peer peer;
  private final Identity identity;
  private long said;

  private Talker(Peer peer, Identity identity) {
    this.peer = peer;
    this.identity = identity;
  }

  /// One that does not say who it is of itself.
  static Talker stranger(String url, Identity identity) {
    return new Talker(new Peer(url), identity);
  }

  static Talker identified(String url, Identity identity) {
    return new Talker(Peer.identified(url, identity), identity);
  }

  Identity identity() {
    return identity;
  }

  boolean hasEnded() {
    return peer.closeCode() >= 0;
  }

  int closeCode() {
    return peer.closeCode();
  }

  /// Sends a frame and a PING behind it. All that comes before the PONG, the frame's answer
  /// included; empty when the connection ended instead.
  Optional<List<JsonNode>> say(String frame) {
    String mark = "mark-" + said++;
    try {
      peer.send(frame);
      peer.send("{\"type\":\"PING\",\"client_msg_id\":\"" + mark + "\"}");
    } catch (CompletionException _) {
      return awaitEnd();
    }
    List<JsonNode> heard = new ArrayList<>();
    long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      JsonNode answer = peer.poll(LOOK);
      if (answer == null && hasEnded()) {
        return Optional.empty();
      }
      if (answer != null && isPong(answer, mark)) {
        return Optional.of(heard);
      }
      if (answer != null) {
        heard.add(answer);
      }
    }
    throw new AssertionError("no PONG behind " + frame + ", but " + heard);
  }

  private static boolean isPong(JsonNode answer, String mark) {
    return answer.path("type").asString("").equals("PONG")
        && answer.path("client_msg_id").asString("").equals(mark);
  }

  /// The relay stopped to read before it said why.
  private Optional<List<JsonNode>> awaitEnd() {
    long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (!hasEnded() && System.nanoTime() - deadline < 0) {
      peer.poll(LOOK);
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    peer.close();
  }
}
