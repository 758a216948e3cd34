package org.agentchat.cli;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A client that sends whatever a test wants, frame by frame, sound or not.
final class RawSocket implements AutoCloseable {
  private static final Duration PATIENCE = ServeProcess.PATIENCE;

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile int closeCode = -1;

  RawSocket(URI relay) {
    socket = http.newWebSocketBuilder().buildAsync(relay, new Receiver()).join();
  }

  /// Proves a key as existing clients do.
  RawSocket identify(Identity identity) {
    send(
        "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s}"
            .formatted(identity.name(), Json.text(identity.key().pem())));
    JsonNode challenge = expect("CHALLENGE");
    String id = challenge.get("challenge_id").stringValue();
    JsonNumber now = JsonNumber.of(Instant.now().toEpochMilli());
    String proof = ClientMessageCodec.proofText(challenge.get("nonce").stringValue(), id, now);
    send(
        "{\"type\":\"VERIFY_IDENTITY\",\"challenge_id\":\"%s\",\"signature\":\"%s\",\"timestamp\":%s}"
            .formatted(id, identity.sign(proof.getBytes(StandardCharsets.UTF_8)).base64(), now));
    expect("WELCOME");
    return this;
  }

  void send(String frame) {
    socket.sendText(frame, true).join();
  }

  /// Does not wait until the relay has taken it: it may not want to.
  void sendWithoutWaiting(String frame) {
    CompletableFuture<WebSocket> _ = socket.sendText(frame, true);
  }

  SignedStatement state(Identity by, Scheme scheme, Statement statement) {
    SignedStatement signed = SignedStatement.sign(by, scheme, statement);
    send(signed);
    return signed;
  }

  void send(SignedStatement signed) {
    send(Json.text(ClientMessageCodec.encode(signed)));
  }

  /// The next frame of the type; others are skipped.
  JsonNode expect(String type) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    StringBuilder skipped = new StringBuilder();
    try {
      for (long left = PATIENCE.toNanos(); left > 0; left = deadline - System.nanoTime()) {
        JsonNode frame = frames.poll(left, TimeUnit.NANOSECONDS);
        if (frame != null && frame.path("type").asString("").equals(type)) {
          return frame;
        }
        skipped.append(frame);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no " + type + ", but " + skipped + ", closed " + closeCode);
  }

  /// `CODE: message` of the next ERROR.
  String expectError() {
    JsonNode error = expect("ERROR");
    return error.get("code").stringValue() + ": " + error.get("message").stringValue();
  }

  int awaitClose() {
    await("close").atMost(PATIENCE).until(() -> closeCode >= 0);
    return closeCode;
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        frames.add(Json.parse(partial.toString()));
        partial.setLength(0);
      }
      ws.request(1);
      return null;
    }

    /// The line broke without a close frame.
    @Override
    public void onError(WebSocket ws, Throwable failure) {
      closeCode = 1006;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
      closeCode = code;
      return null;
    }
  }
}
