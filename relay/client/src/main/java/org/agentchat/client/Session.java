package org.agentchat.client;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// One connection from IDENTIFY to its end: proves the key, then puts questions and gives each its
/// answer. Every frame also goes to the listeners. It never comes back; [Link] opens the next.
final class Session implements Connection.Receiver {
  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;

  private final ClientSettings settings;
  private final Handshake handshake;
  private final Listeners listeners;
  private final BiConsumer<Session, String> onEnd;
  private final Progress progress;
  private final Connection connection;
  private final Turns turns = new Turns();
  private final AtomicLong lastId = new AtomicLong();

  /// Starts this connection's ids: a relay takes an id that it heard a moment ago, from the same
  /// agent with the same content, for a repetition, also over another connection.
  private final String idStart =
      Long.toString(new SecureRandom().nextLong() >>> 1, Character.MAX_RADIX) + "-";

  private final CompletableFuture<Reply<ServerMessage.Welcome>> welcomed =
      new CompletableFuture<>();
  private volatile Exchanges exchanges = new Exchanges(true);
  private volatile ServerMessage.@Nullable Welcome welcome;
  private volatile boolean named;
  private volatile @Nullable String farewell;
  private volatile @Nullable String complaint;
  private volatile @Nullable String ended;

  /// @param onEnd told of the end of the connection, with the reason, on any thread
  Session(
      ClientSettings settings,
      InstantSource clock,
      Listeners listeners,
      Progress progress,
      BiConsumer<Session, String> onEnd) {
    this.settings = settings;
    this.handshake = new Handshake(settings, clock);
    this.listeners = listeners;
    this.progress = progress;
    this.onEnd = onEnd;
    this.connection = new Connection(this, settings.timeouts());
  }

  /// Connects and identifies. After a refusal or a failure the connection is closed.
  ///
  /// @throws ConnectFailedException if there is no WELCOME within the connect time-out
  Reply<ServerMessage.Welcome> open(HttpClient http) {
    long start = System.nanoTime();
    Duration patience = settings.timeouts().connect();
    connection.open(http, settings.uri());
    say(handshake.identify(progress.last()));
    Reply<ServerMessage.Welcome> reply =
        awaitWelcome(patience.minusNanos(System.nanoTime() - start));
    if (reply instanceof Reply.Refused) {
      connection.drop("not welcome");
    }
    return reply;
  }

  private Reply<ServerMessage.Welcome> awaitWelcome(Duration left) {
    String problem;
    try {
      return welcomed.get(Math.max(left.toNanos(), 1), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      problem = "no WELCOME within " + Texts.of(settings.timeouts().connect());
    } catch (ExecutionException e) {
      problem = Texts.of(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      problem = "interrupted before WELCOME";
    }
    connection.drop("not identified");
    throw new ConnectFailedException("cannot identify to " + settings.uri() + ": " + problem, null);
  }

  /// Puts a question and waits for its answer. Where answers name their question, questions do not
  /// wait for each other.
  <T> Reply<T> ask(Question<T> question) {
    return ask(question, settings.timeouts().reply());
  }

  /// Puts a question that takes its time.
  <T> Reply<T> ask(Question<T> question, Duration timeout) {
    return named ? exchange(question, timeout) : turns.ask(question, timeout, this::exchange);
  }

  private <T> Reply<T> exchange(Question<T> question, Duration timeout) {
    Exchange<T> exchange = new Exchange<>(nextId(), question);
    List<String> texts = exchange.texts();
    texts.forEach(Session::requireSendable);
    Exchanges current = exchanges;
    current.add(exchange);
    try {
      texts.forEach(connection::send);
      return exchange.await(timeout);
    } finally {
      current.remove(exchange);
    }
  }

  /// What would cost the whole connection is stopped here; the rest is for the relay to judge.
  private static void requireSendable(String text) {
    int limit = ClientMessageCodec.MAX_FRAME;
    boolean mayBeTooLong = text.length() > limit / MAX_UTF8_BYTES_PER_CHAR;
    if (mayBeTooLong && text.getBytes(StandardCharsets.UTF_8).length > limit) {
      throw new IllegalArgumentException("a frame of more than " + limit + " bytes is not taken");
    }
    if (!Json.isWellFormed(text)) {
      throw new IllegalArgumentException("the text has half a character (unpaired surrogate)");
    }
  }

  private void say(ClientMessage message) {
    connection.send(Json.text(ClientMessageCodec.encode(message).put("client_msg_id", nextId())));
  }

  private String nextId() {
    return idStart + Long.toString(lastId.incrementAndGet(), Character.MAX_RADIX);
  }

  @Override
  public void onText(String text) {
    ServerFrame frame = ServerFrame.of(text);
    if (!listeners.offer(frame)) {
      connection.drop(
          "the listeners fell behind by " + Listeners.MAX_WAITING_FRAMES + " frames or more");
      return;
    }
    progress.heard(frame.message());
    farewell(frame.message()).ifPresent(reason -> farewell = reason);
    if (welcome == null) {
      identify(frame.message());
    } else if (!exchanges.offer(frame.message())) {
      note(frame.message());
    }
  }

  /// Why it would be of no use to come back with the same key.
  private static Optional<String> farewell(ServerMessage message) {
    return switch (message) {
      case ServerMessage.SessionDisplaced _ ->
          Optional.of("another connection proved the same key");
      case ServerMessage.KeyRotated rotated ->
          Optional.of("the key has been rotated to that of " + rotated.newAgentId());
      case ServerMessage.KeyRevoked _ -> Optional.of("the key has been revoked");
      case ServerMessage _ -> Optional.empty();
    };
  }

  private void identify(ServerMessage message) {
    switch (message) {
      case ServerMessage.Challenge challenge when isForeign(challenge.origin()) ->
          refuseForeign(challenge.origin());
      case ServerMessage.Challenge challenge -> prove(challenge);
      case ServerMessage.Refused refused ->
          welcomed.complete(
              new Reply.Refused<>(refused.code(), refused.message(), refused.index()));
      case ServerMessage.Welcome first when isForeign(first.origin()) ->
          refuseForeign(first.origin());
      case ServerMessage.Welcome first -> {
        // A relay that names its schemes is one of ours, and its answers name the question.
        named = first.schemes() != null;
        exchanges = new Exchanges(named);
        welcome = first;
        welcomed.complete(new Reply.Done<>(first));
      }
      case AccessNotice.CaptchaChallenge captcha -> answer(captcha);
      case ServerMessage other -> note(other);
    }
  }

  private boolean isForeign(@Nullable String named) {
    return settings.origin() != null && !settings.origin().equals(named);
  }

  private void refuseForeign(@Nullable String named) {
    String found = named == null ? "no log" : "the log " + named;
    welcomed.complete(
        new Reply.Refused<>(
            ErrorCode.WRONG_ORIGIN.name(),
            "%s names %s, and %s is wanted".formatted(settings.uri(), found, settings.origin()),
            null));
  }

  /// On a thread of its own: a person may be asked, and the connection wants to be read meanwhile.
  private void answer(AccessNotice.CaptchaChallenge captcha) {
    CaptchaAnswer answer = settings.captcha();
    if (answer == null) {
      welcomed.complete(
          new Reply.Refused<>("CAPTCHA_REQUIRED", "the relay asks: " + captcha.question(), null));
      return;
    }
    Thread.ofVirtual()
        .name("agentchat-client-captcha")
        .start(() -> {
          try {
            String text = answer.to(captcha.question(), captcha.hint());
            say(new ClientMessage.CaptchaResponse(captcha.captchaId(), text));
          } catch (RuntimeException e) {
            welcomed.completeExceptionally(e);
          }
        });
  }

  private void prove(ServerMessage.Challenge challenge) {
    try {
      say(handshake.prove(challenge));
    } catch (IllegalArgumentException e) {
      welcomed.completeExceptionally(e);
    }
  }

  /// An ERROR that answers no question often says why the relay closes next.
  private void note(ServerMessage message) {
    if (message instanceof ServerMessage.Refused refused) {
      complaint = refused.code() + ": " + refused.message();
    }
  }

  @Override
  public void onEnd(String how) {
    String last = complaint;
    String told = farewell;
    String reason = told == null ? how : told;
    ended = last == null ? reason : reason + ", after " + last;
    welcomed.completeExceptionally(new ConnectionLostException(ended, false));
    exchanges.end(ended);
    onEnd.accept(this, ended);
  }

  /// What the relay said when it let us in.
  ///
  /// @throws IllegalStateException before [#open]
  ServerMessage.Welcome welcome() {
    ServerMessage.Welcome known = welcome;
    if (known == null) {
      throw new IllegalStateException("not welcomed yet");
    }
    return known;
  }

  /// Why the connection ended, or null while it is there.
  @Nullable String ended() {
    return ended;
  }

  /// Whether another connection took the agent's place, or its key has ended.
  boolean isDisplaced() {
    return farewell != null;
  }

  /// Ends the connection from this side without waiting.
  void drop(String reason) {
    connection.drop(reason);
  }

  /// Ends the connection politely; takes 2 s at most.
  void close() {
    connection.close("closed by this client");
  }
}
