package org.agentchat.client;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Keeps one client connected: opens a [Session], and when it is lost opens another with the same
/// channels. While there is none, questions fail at once; nothing is kept to be sent later.
final class Link {
  private enum State {
    IDLE,
    CONNECTING,
    CONNECTED,
    RECONNECTING,
    CLOSED
  }

  /// Refusals that the next attempt may not meet.
  private static final Set<String> PASSING =
      Set.of(
          ErrorCode.RATE_LIMITED.name(),
          ErrorCode.SERVER_FULL.name(),
          ErrorCode.LOG_UNAVAILABLE.name(),
          ErrorCode.VERIFICATION_EXPIRED.name());

  /// Refusals of a JOIN that the next attempt meets too.
  private static final Set<String> FINAL =
      Set.of(
          ErrorCode.CHANNEL_NOT_FOUND.name(),
          ErrorCode.NOT_INVITED.name(),
          ErrorCode.AUTH_REQUIRED.name());

  /// A relay of ours lets a connection in 64 channels, but joins 20 at once and two a second.
  private static final Duration REJOIN_PAUSE = Duration.ofMillis(500);

  /// More than one: the channel may be full, and others wait behind it.
  private static final int REJOIN_ATTEMPTS = 5;

  private static final String CLOSED_HERE = "closed by this client";

  private final ClientSettings settings;
  private final HttpClient http;
  private final Listeners listeners;
  private final Progress progress;
  private final SecureRandom random = new SecureRandom();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object lock = new Object();

  // Guarded by the lock.
  private final Set<String> channels = new LinkedHashSet<>();
  private State state = State.IDLE;
  private @Nullable Session current;
  private String absence = "connect() was not called";

  Link(ClientSettings settings, HttpClient http, Listeners listeners) {
    this.settings = settings;
    this.http = http;
    this.listeners = listeners;
    this.progress = new Progress(settings.since());
  }

  /// The first connection; one attempt.
  Reply<ServerMessage.Welcome> connect() {
    synchronized (lock) {
      if (state != State.IDLE) {
        throw new IllegalStateException("cannot connect: " + (isClosed() ? "closed" : "connected"));
      }
      state = State.CONNECTING;
      channels.clear();
    }
    try {
      return open().map(Session::welcome);
    } finally {
      synchronized (lock) {
        state = state == State.CONNECTING ? State.IDLE : state;
      }
    }
  }

  /// The connection, which may end at any moment.
  ///
  /// @throws ConnectionLostException if there is none
  Session session() {
    synchronized (lock) {
      if (current == null) {
        throw new ConnectionLostException("not connected: " + absence, false);
      }
      return current;
    }
  }

  /// Whether there is a connection right now.
  boolean isConnected() {
    synchronized (lock) {
      return current != null;
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /// Channels to hear again after a reconnect.
  List<String> channels() {
    synchronized (lock) {
      return List.copyOf(channels);
    }
  }

  void joined(String channel) {
    synchronized (lock) {
      channels.add(channel);
    }
  }

  void left(String channel) {
    synchronized (lock) {
      channels.remove(channel);
    }
  }

  private Reply<Session> open() {
    Session session =
        new Session(settings, InstantSource.system(), listeners, progress, this::ended);
    Reply<ServerMessage.Welcome> reply = session.open(http);
    if (reply instanceof Reply.Done) {
      try {
        publish(session, rejoin(session));
      } catch (ClientException e) {
        session.drop("not usable");
        throw e;
      }
    }
    return reply.map(_ -> session);
  }

  private List<String> rejoin(Session session) {
    List<String> heard = new ArrayList<>();
    for (String channel : channels()) {
      if (rejoin(session, channel)) {
        heard.add(channel);
      }
    }
    return heard;
  }

  /// A channel that is gone, or closed to us, is forgotten; one that lets us in no more just now is
  /// asked a few times and then remembered for the next connection.
  private boolean rejoin(Session session, String channel) {
    for (int attempt = 1; ; attempt++) {
      switch (session.ask(Question.join(channel))) {
        case Reply.Done<ServerMessage.Joined> _ -> {
          return true;
        }
        case Reply.Refused<ServerMessage.Joined> refused -> {
          if (FINAL.contains(refused.code())) {
            left(channel);
            return false;
          }
          if (attempt == REJOIN_ATTEMPTS || pause()) {
            return false;
          }
        }
      }
    }
  }

  /// @return whether the client was closed meanwhile
  private boolean pause() {
    try {
      return closed.await(REJOIN_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void publish(Session session, List<String> heard) {
    synchronized (lock) {
      if (session.ended() != null || state == State.CLOSED) {
        String reason = session.ended() == null ? CLOSED_HERE : session.ended();
        throw new ConnectionLostException("the connection was lost at once: " + reason, false);
      }
      if (state == State.RECONNECTING) {
        listeners.tell(new Reconnected(session.welcome(), heard));
      }
      current = session;
      state = State.CONNECTED;
    }
  }

  private void ended(Session session, String reason) {
    synchronized (lock) {
      if (session != current) {
        // An attempt that failed; whoever made it knows.
        return;
      }
      current = null;
      absence = reason;
      boolean again = settings.reconnect().tries() && !session.isDisplaced();
      state = again ? State.RECONNECTING : State.IDLE;
      listeners.tell(new Disconnected(reason, again));
      if (again) {
        Thread.ofVirtual().name("agentchat-client-reconnect").start(this::reconnect);
      }
    }
  }

  private void reconnect() {
    long start = System.nanoTime();
    Duration patience = settings.reconnect().giveUpAfter();
    try {
      for (int attempt = 0; ; attempt++) {
        Duration pause = settings.reconnect().delay(attempt, random);
        if (System.nanoTime() - start + pause.toNanos() > patience.toNanos()) {
          giveUp("gave up after " + Texts.of(patience) + ", last: " + absence());
          return;
        }
        if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS) || !tryAgain()) {
          return;
        }
      }
    } catch (InterruptedException _) {
      giveUp("the reconnecting thread was interrupted");
    }
  }

  /// @return whether to go on trying
  private boolean tryAgain() {
    try {
      return switch (open()) {
        case Reply.Done<Session> _ -> false;
        case Reply.Refused<Session> refused -> {
          String problem = refused.code() + ": " + refused.message();
          boolean passing = PASSING.contains(refused.code());
          if (passing) {
            absent(problem);
          } else {
            giveUp("not let in again, " + problem);
          }
          yield passing;
        }
      };
    } catch (ClientException e) {
      absent(Texts.of(e));
      return true;
    }
  }

  private String absence() {
    synchronized (lock) {
      return absence;
    }
  }

  private void absent(String reason) {
    synchronized (lock) {
      if (state == State.RECONNECTING) {
        absence = reason;
      }
    }
  }

  private void giveUp(String reason) {
    synchronized (lock) {
      if (state == State.RECONNECTING) {
        state = State.IDLE;
        absence = reason;
        listeners.tell(new Disconnected(reason, false));
      }
    }
  }

  /// Ends the connection and every attempt to restore it. Idempotent; takes 2 s at most.
  void close() {
    Session open;
    synchronized (lock) {
      if (state == State.CLOSED) {
        return;
      }
      if (state == State.CONNECTED || state == State.RECONNECTING) {
        listeners.tell(new Disconnected(CLOSED_HERE, false));
      }
      open = current;
      current = null;
      absence = CLOSED_HERE;
      state = State.CLOSED;
      closed.countDown();
    }
    if (open != null) {
      open.close();
    }
  }
}
