package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Agents that prove their keys to each other through the relay (protocol.md section 9). Who asked
/// is told the result under whatever connection it has then. Thread-safe.
final class Verifications {
  private record Pending(AgentId requester, AgentId target, String nonce, long until) {}

  private final Directory directory;
  private final ChatRules.VerificationRules rules;
  private final RelayClock clock;
  private final Ed25519Verifier verifier;
  private final SecureRandom random = new SecureRandom();

  // Guarded by this. Requests in the order in which they end, and how many each agent has.
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private final Map<AgentId, Integer> perAgent = new HashMap<>();

  Verifications(
      Directory directory,
      ChatRules.VerificationRules rules,
      RelayClock clock,
      Ed25519Verifier verifier) {
    this.directory = directory;
    this.rules = rules;
    this.clock = clock;
    this.verifier = verifier;
  }

  /// Passes a request on.
  void request(
      Connection connection,
      Agent agent,
      ChatMessage.VerifyRequest wanted,
      @Nullable String clientMsgId) {
    Optional<Connection> target = directory.find(wanted.target());
    Optional<Agent> asked = target.flatMap(Connection::agent);
    if (target.isEmpty() || asked.isEmpty()) {
      connection.refuse(
          ErrorCode.AGENT_NOT_FOUND, "Agent " + wanted.target() + " not found", clientMsgId);
      return;
    }
    if (asked.get().key() == null) {
      connection.refuse(
          ErrorCode.NO_PUBKEY,
          "Agent " + wanted.target() + " has no persistent identity",
          clientMsgId);
      return;
    }
    long now = clock.millis();
    String id = "verify_" + Long.toString(now, 36) + "_" + hex();
    if (!add(id, new Pending(agent.id(), wanted.target(), wanted.nonce(), until(now)))) {
      connection.refuse(
          ErrorCode.RATE_LIMITED,
          "Too many verifications pending (max " + rules.perAgent() + ")",
          clientMsgId);
      return;
    }
    target
        .get()
        .send(new ChatNotice.VerifyRequest(now, id, agent.id(), wanted.nonce(), null, null, null));
    connection.send(
        new ChatNotice.VerifyRequest(now, id, null, null, wanted.target(), "pending", clientMsgId));
  }

  private long until(long now) {
    return now + rules.within().toMillis();
  }

  private String hex() {
    return HexFormat.of().toHexDigits(random.nextInt());
  }

  private synchronized boolean add(String id, Pending request) {
    int own = perAgent.getOrDefault(request.requester(), 0);
    if (own >= rules.perAgent() || pending.size() >= rules.inAll()) {
      return false;
    }
    perAgent.put(request.requester(), own + 1);
    pending.put(id, request);
    return true;
  }

  /// Takes an answer and tells both sides what it proves.
  void respond(
      Connection connection,
      Agent agent,
      ChatMessage.VerifyResponse answer,
      @Nullable String clientMsgId) {
    AgentKey key = agent.key();
    if (key == null) {
      connection.refuse(
          ErrorCode.SIGNATURE_REQUIRED,
          "Responding to verification requires persistent identity",
          clientMsgId);
      return;
    }
    switch (take(agent.id(), answer)) {
      case Taken.Refused(ErrorCode code, String message) ->
          connection.refuse(code, message, clientMsgId);
      case Taken.Matched(Pending request) -> {
        boolean proved = proves(key, answer);
        tell(request.requester(), result(request, answer.requestId(), proved ? key : null));
        connection.send(
            proved
                ? new ChatNotice.VerifySuccess(
                    clock.millis(), answer.requestId(), null, null, true, clientMsgId)
                : new ChatNotice.VerifyFailed(
                    clock.millis(), answer.requestId(), null, null, false, clientMsgId));
      }
    }
  }

  private sealed interface Taken {
    record Matched(Pending request) implements Taken {}

    record Refused(ErrorCode code, String message) implements Taken {}
  }

  private synchronized Taken take(AgentId responder, ChatMessage.VerifyResponse answer) {
    Pending request = pending.get(answer.requestId());
    if (request == null || request.until() <= clock.millis()) {
      return new Taken.Refused(
          ErrorCode.VERIFICATION_EXPIRED, "Verification request not found or expired");
    }
    if (!request.target().equals(responder)) {
      return new Taken.Refused(
          ErrorCode.INVALID_MSG, "You are not the target of this verification");
    }
    if (!request.nonce().equals(answer.nonce())) {
      return new Taken.Refused(ErrorCode.INVALID_MSG, "Nonce mismatch");
    }
    remove(answer.requestId(), request);
    return new Taken.Matched(request);
  }

  private synchronized void remove(String id, Pending request) {
    pending.remove(id);
    perAgent.computeIfPresent(request.requester(), (_, own) -> own == 1 ? null : own - 1);
  }

  private boolean proves(AgentKey key, ChatMessage.VerifyResponse answer) {
    byte[] signed = answer.nonce().getBytes(StandardCharsets.UTF_8);
    return Signature.parseLenient(answer.sig())
        .filter(signature -> verifier.verify(key, signed, signature))
        .isPresent();
  }

  private ChatNotice result(Pending request, String id, @Nullable AgentKey proved) {
    return proved == null
        ? failed(request, id, "Signature verification failed")
        : new ChatNotice.VerifySuccess(
            clock.millis(), id, request.target(), proved.pem(), null, null);
  }

  private ChatNotice failed(Pending request, String id, String reason) {
    return new ChatNotice.VerifyFailed(clock.millis(), id, request.target(), reason, null, null);
  }

  private void tell(AgentId agent, ChatNotice notice) {
    directory.find(agent).ifPresent(connection -> connection.send(notice));
  }

  /// Tells those who asked that their time is over.
  void expire(long now) {
    List<Map.Entry<String, Pending>> over = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<String, Pending> entry : pending.entrySet()) {
        if (entry.getValue().until() > now) {
          break;
        }
        over.add(Map.entry(entry.getKey(), entry.getValue()));
      }
      over.forEach(entry -> remove(entry.getKey(), entry.getValue()));
    }
    over.forEach(entry ->
        tell(
            entry.getValue().requester(),
            failed(entry.getValue(), entry.getKey(), "Verification timed out")));
  }
}
