package org.agentchat.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// The questions of one connection that wait for an answer. A frame goes to the question that it
/// names, by `client_msg_id`, by a statement's signature, or by the verification or the case that
/// it is about, and to no other. Thread-safe.
///
/// A relay that names nothing is asked one question at a time ([Turns]); there the only question
/// that waits takes every refusal and looks at every frame.
final class Exchanges {
  /// Most questions that may wait at once; a relay answers one connection in order, so more would
  /// only wait longer.
  static final int MAX_WAITING = 4096;

  private final boolean named;
  private final Map<String, Exchange<?>> waiting = new LinkedHashMap<>();
  private @Nullable String ended;

  /// @param named whether the relay's answers name the question
  Exchanges(boolean named) {
    this.named = named;
  }

  /// Waits for an answer from now on.
  synchronized void add(Exchange<?> exchange) {
    if (ended != null) {
      throw new ConnectionLostException(
          "not connected, so " + exchange.question().name() + " was not sent: " + ended, false);
    }
    if (waiting.size() >= MAX_WAITING) {
      throw new OverloadedException(
          MAX_WAITING
              + " questions wait for an answer; "
              + exchange.question().name()
              + " was not sent");
    }
    waiting.put(exchange.id(), exchange);
  }

  /// Waits no more.
  synchronized void remove(Exchange<?> exchange) {
    waiting.remove(exchange.id());
  }

  /// Gives the frame to the question that it answers.
  ///
  /// @return whether a question waited for it
  boolean offer(ServerMessage frame) {
    Optional<Exchange<?>> asked = find(frame);
    asked.ifPresent(exchange -> exchange.offer(frame));
    return asked.isPresent();
  }

  private synchronized Optional<Exchange<?>> find(ServerMessage frame) {
    if (!named) {
      return waiting.values().stream().findFirst();
    }
    String id = frame.clientMsgId();
    if (id != null) {
      return Optional.ofNullable(waiting.get(id));
    }
    String signature = frame.sig();
    return signature == null ? concluded(frame) : signedWith(signature);
  }

  /// The end of a verification names the verification, a frame of the court its case: the first
  /// question that waits for it.
  private Optional<Exchange<?>> concluded(ServerMessage frame) {
    for (Exchange<?> exchange : waiting.values()) {
      if (exchange.isConcludedBy(frame)) {
        return Optional.of(exchange);
      }
    }
    return Optional.empty();
  }

  /// Ed25519 signatures are deterministic, so two equal `agentchat/1` statements share theirs: the
  /// first that was asked and is not answered yet takes the frame.
  private Optional<Exchange<?>> signedWith(String signature) {
    for (Exchange<?> exchange : waiting.values()) {
      if (Objects.equals(exchange.question().signature(), signature) && !exchange.isAnswered()) {
        return Optional.of(exchange);
      }
    }
    return Optional.empty();
  }

  /// No more answers will come.
  void end(String reason) {
    List<Exchange<?>> lost;
    synchronized (this) {
      ended = reason;
      lost = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    lost.forEach(exchange -> exchange.lose(reason));
  }
}
