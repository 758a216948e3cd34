package org.agentchat.relay;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Asks a question before the welcome, if the operator wants that (protocol.md section 6).
/// Thread-safe; a connection's own state is in its [Session].
final class Captchas {
  private static final String FAILED = "Captcha failed";
  private static final String EXPIRED = "Captcha expired";

  private final Optional<CaptchaRules> rules;
  private final RelayClock clock;
  private final SecureRandom random = new SecureRandom();

  /// Questions that wait for an answer, to tell a stranger's from an unknown one; as many as there
  /// are connections at the most.
  private final Map<String, Connection> pending = new ConcurrentHashMap<>();

  Captchas(Optional<CaptchaRules> rules, RelayClock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /// A question that was put to a connection.
  ///
  /// @param attempts answers that may still be given
  /// @param agent who comes in with the right one
  record Open(String id, CaptchaQuestion question, long expiresAt, int attempts, Agent agent) {
    Open afterWrong() {
      return new Open(id, question, expiresAt, attempts - 1, agent);
    }
  }

  /// What an answer leads to.
  sealed interface Outcome {
    /// The agent may come in.
    record Passed(Agent agent) implements Outcome {}

    /// It may come in, without its key, to listen only.
    record Shadowed(String name) implements Outcome {}

    /// Not yet, or not at all: the connection was told.
    record Told() implements Outcome {}
  }

  /// Puts a question to the connection; false when the agent needs to answer none.
  boolean ask(Session session, Agent agent) {
    if (rules.isEmpty() || (agent.verified() && rules.get().skipVerified())) {
      return false;
    }
    // One whose time is up may still be there.
    forget(session);
    long now = clock.millis();
    byte[] name = new byte[4];
    random.nextBytes(name);
    CaptchaQuestion question = CaptchaQuestion.any(random, rules.get().difficulty());
    Open open =
        new Open(
            "captcha_" + Long.toString(now, 36) + "_" + HexFormat.of().formatHex(name),
            question,
            now + rules.get().timeout().toMillis(),
            rules.get().attempts(),
            agent);
    put(session, open);
    session
        .connection()
        .send(
            new AccessNotice.CaptchaChallenge(
                now, open.id(), question.question(), question.hint(), open.expiresAt()));
    return true;
  }

  private void put(Session session, Open open) {
    session.asked(open);
    pending.put(open.id(), session.connection());
    session
        .connection()
        .mustActBy(new Connection.Deadline(open.expiresAt(), ErrorCode.CAPTCHA_EXPIRED, EXPIRED));
  }

  /// Handles CAPTCHA_RESPONSE.
  Outcome answer(
      Session session, ClientMessage.CaptchaResponse response, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Connection owner = pending.get(response.captchaId());
    if (owner == null) {
      connection.refuse(ErrorCode.CAPTCHA_EXPIRED, "Captcha not found or expired", clientMsgId);
      return new Outcome.Told();
    }
    Optional<Open> mine = session.captcha().filter(open -> open.id().equals(response.captchaId()));
    if (owner != connection || mine.isEmpty()) {
      connection.refuse(
          ErrorCode.INVALID_MSG, "Captcha belongs to a different connection", clientMsgId);
      return new Outcome.Told();
    }
    Open open = mine.get();
    forget(session);
    if (open.expiresAt() <= clock.millis()) {
      return ended(connection, ErrorCode.CAPTCHA_EXPIRED, EXPIRED, clientMsgId);
    }
    if (open.question().isAnsweredBy(response.answer())) {
      return new Outcome.Passed(open.agent());
    }
    return wrong(session, open.afterWrong(), clientMsgId);
  }

  private Outcome wrong(Session session, Open open, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    if (open.attempts() > 0) {
      put(session, open);
      connection.refuse(
          ErrorCode.CAPTCHA_FAILED,
          "Wrong answer. " + open.attempts() + " attempt(s) remaining.",
          clientMsgId);
      return new Outcome.Told();
    }
    return switch (rules.orElseThrow().onFailure()) {
      case DISCONNECT -> ended(connection, ErrorCode.CAPTCHA_FAILED, FAILED, clientMsgId);
      case SHADOW_LURK -> new Outcome.Shadowed(open.agent().name());
    };
  }

  private static Outcome ended(
      Connection connection, ErrorCode code, String reason, @Nullable String clientMsgId) {
    connection.refuse(code, reason, clientMsgId);
    connection.close(Connection.NORMAL, reason);
    return new Outcome.Told();
  }

  /// Drops the session's question, if it has one.
  void forget(Session session) {
    session
        .captcha()
        .ifPresent(open -> {
          pending.remove(open.id());
          session.connection().mustActBy(null);
        });
    session.asked(null);
  }
}
