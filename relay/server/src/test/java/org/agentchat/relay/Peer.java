package org.agentchat.relay;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A client that says exactly what a test wants, frame by frame.
final class Peer implements AutoCloseable {
  /// A busy machine, with a core that others use as well; only a test that fails waits so long.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Shared: each has a thread and buffers of its own.
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile int closeCode = -1;
  private volatile String closeReason = "";

  /// @param headers of the handshake, name and value in turn
  Peer(String url, String... headers) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket = builder.buildAsync(URI.create(url), new Receiver()).join();
  }

  /// Connects as an existing client does, with `agentchat/1`.
  static Peer identified(String url, Identity identity) {
    Peer peer = new Peer(url);
    peer.send(
        "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s}"
            .formatted(identity.name(), Json.text(identity.key().pem())));
    JsonNode challenge = peer.expect("CHALLENGE");
    peer.prove(challenge, identity);
    peer.expect("WELCOME");
    return peer;
  }

  void prove(JsonNode challenge, Identity identity) {
    String id = challenge.get("challenge_id").stringValue();
    JsonNumber now = JsonNumber.of(Instant.now().toEpochMilli());
    String text = ClientMessageCodec.proofText(challenge.get("nonce").stringValue(), id, now);
    String signature = identity.sign(text.getBytes(StandardCharsets.UTF_8)).base64();
    send(
        "{\"type\":\"VERIFY_IDENTITY\",\"challenge_id\":\"%s\",\"signature\":\"%s\",\"timestamp\":%s}"
            .formatted(id, signature, now));
  }

  /// Sends a piece of a message, in a fragment of its own.
  void sendPart(String part, boolean last) {
    socket.sendText(part, last).join();
  }

  void send(String frame) {
    socket.sendText(frame, true).join();
  }

  /// Signs and sends a statement.
  SignedStatement state(Identity identity, Scheme scheme, Statement statement) {
    SignedStatement signed = SignedStatement.sign(identity, scheme, statement);
    send(Json.text(ClientMessageCodec.encode(signed)));
    return signed;
  }

  /// The next frame of the type; others are skipped.
  JsonNode expect(String type) {
    return expect(frame -> frame.get("type").stringValue().equals(type), type);
  }

  /// The next ERROR, which must have this code.
  JsonNode expectError(String code) {
    JsonNode error = expect("ERROR");
    if (!error.get("code").stringValue().equals(code)) {
      throw new AssertionError("wanted ERROR " + code + ", got " + error);
    }
    return error;
  }

  JsonNode expect(Predicate<JsonNode> wanted, String what) {
    List<JsonNode> skipped = new ArrayList<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      JsonNode frame = poll(Duration.between(Instant.now(), deadline));
      if (frame != null && wanted.test(frame)) {
        return frame;
      }
      if (frame != null) {
        skipped.add(frame);
      }
    }
    throw new AssertionError("no " + what + " came; instead " + skipped + ", closed " + closeCode);
  }

  /// The next frame, or null when none came for so long.
  @Nullable JsonNode poll(Duration wait) {
    try {
      return frames.poll(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Frames that have come and were not asked for.
  List<JsonNode> rest() {
    List<JsonNode> all = new ArrayList<>();
    frames.drainTo(all);
    return all;
  }

  /// Waits for the close frame; code and reason.
  String expectClose() {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (closeCode < 0 && Instant.now().isBefore(deadline)) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return closeCode + " " + closeReason;
  }

  int closeCode() {
    return closeCode;
  }

  String closeReason() {
    return closeReason;
  }

  WebSocket socket() {
    return socket;
  }

  @Override
  public void close() {
    socket.abort();
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
      closeReason = reason;
      closeCode = code;
      return null;
    }
  }
}
