package org.agentchat.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// A question that was put under a name of its own, and its one answer.
final class Exchange<T> {
  private final String id;
  private final Question<T> question;
  private final CompletableFuture<Reply<T>> reply = new CompletableFuture<>();

  /// A refusal that waits for the PONG of a pinged question, which else would answer the next one.
  private volatile Reply.@Nullable Refused<T> refused;

  /// @param id the `client_msg_id`
  Exchange(String id, Question<T> question) {
    this.id = id;
    this.question = question;
  }

  String id() {
    return id;
  }

  Question<T> question() {
    return question;
  }

  /// The frames to send.
  List<String> texts() {
    String asked = text(question.message());
    return question.pinged() ? List.of(asked, text(new ClientMessage.Ping())) : List.of(asked);
  }

  private String text(ClientMessage message) {
    return Json.text(ClientMessageCodec.encode(message).put("client_msg_id", id));
  }

  boolean isAnswered() {
    return reply.isDone();
  }

  /// An answer that neither repeats a signature nor names the question, and is known by what it is
  /// about.
  interface Concluding {
    /// Whether the frame is it.
    boolean concludes(ServerMessage frame);
  }

  /// Whether the frame is the end of what was asked for.
  boolean isConcludedBy(ServerMessage frame) {
    return question.answer() instanceof Concluding known && !isAnswered() && known.concludes(frame);
  }

  /// Takes the frame if it answers the question.
  void offer(ServerMessage frame) {
    if (frame instanceof ServerMessage.Refused said) {
      refuse(new Reply.Refused<>(said.code(), said.message(), said.index()));
      return;
    }
    Reply<T> before = refused;
    Optional<T> answer = question.answer().apply(frame);
    answer.ifPresent(value -> reply.complete(before == null ? new Reply.Done<>(value) : before));
  }

  private void refuse(Reply.Refused<T> refusal) {
    if (question.pinged()) {
      refused = refusal;
    } else {
      reply.complete(refusal);
    }
  }

  /// No answer will come.
  void lose(String reason) {
    reply.completeExceptionally(
        new ConnectionLostException(
            "no answer to " + question.name() + ": " + reason + doubt(), inDoubt()));
  }

  /// Waits for the answer.
  ///
  /// @throws ConnectionLostException if the connection ends before it
  /// @throws NoAnswerException if it does not come in time
  Reply<T> await(Duration timeout) {
    try {
      return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      String text = "no answer to " + question.name() + " within " + Texts.of(timeout) + doubt();
      throw new NoAnswerException(text, inDoubt());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      String text = "interrupted while waiting for the answer to " + question.name() + doubt();
      throw new NoAnswerException(text, inDoubt());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectionLostException lost) {
        throw lost;
      }
      throw new IllegalStateException("an exchange fails in one way only", e);
    }
  }

  private boolean inDoubt() {
    return question.doubt() != null;
  }

  private String doubt() {
    return question.doubt() == null ? "" : "; " + question.doubt();
  }
}
