package org.agentchat.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Agents that prove their keys to each other through the relay (protocol.md section 9).
///
/// Somebody else chooses what is signed here. So nothing is signed but 16 to 128 characters of
/// `[0-9A-Za-z_-]`: everything else that our key signs has a `|` or a line feed in it, so that no
/// nonce can ever be one of those texts.
final class Proofs {
  /// The relay gives the other side 30 s.
  static final Duration PATIENCE = Duration.ofSeconds(35);

  /// Requests that are answered at the same time; those beyond wait for nobody and stay unanswered.
  private static final int MAX_AT_ONCE = 8;

  private static final Pattern SAFE = Pattern.compile("[0-9A-Za-z_-]{16,128}");
  private static final int NONCE_BYTES = 24;

  private final Link link;
  private final @Nullable Identity identity;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore answering = new Semaphore(MAX_AT_ONCE);

  /// @param identity what proves, if there is one
  Proofs(Link link, @Nullable Identity identity) {
    this.link = link;
    this.identity = identity;
  }

  /// Asks an agent to prove its key, and waits until it has or [#PATIENCE] is over.
  Reply<AgentKey> verify(AgentId target) {
    Question<ChatNotice> question = Question.verify(target, nonce());
    return switch (link.session().ask(question, PATIENCE)) {
      case Reply.Refused<ChatNotice> refused -> refused.as();
      case Reply.Done<ChatNotice>(ChatNotice.VerifySuccess success) -> proved(target, success);
      case Reply.Done<ChatNotice>(ChatNotice.VerifyFailed failed) ->
          failed(failed.reason() == null ? "the proof does not verify" : failed.reason());
      case Reply.Done<ChatNotice>(ChatNotice other) ->
          throw new IllegalStateException("no end of a verification: " + other.getClass());
    };
  }

  /// The relay has checked the signature; that the key is the one of the id can be seen here.
  private static Reply<AgentKey> proved(AgentId target, ChatNotice.VerifySuccess success) {
    try {
      AgentKey key = AgentKey.ofPem(success.pubkey() == null ? "" : success.pubkey());
      return key.id().equals(target)
          ? new Reply.Done<>(key)
          : failed("the relay names a key that belongs to " + key.id());
    } catch (IllegalArgumentException _) {
      return failed("the relay names no key");
    }
  }

  private static <T> Reply<T> failed(String reason) {
    return new Reply.Refused<>(ErrorCode.VERIFICATION_FAILED.name(), reason, null);
  }

  private String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Proves our key to whoever asked.
  ///
  /// @param request as it was heard
  /// @return whether the relay found the proof good; refused here, without a word to the relay,
  ///   when there is no identity or the nonce is not safe to sign
  Reply<Boolean> respond(ChatNotice.VerifyRequest request) {
    String nonce = request.nonce();
    if (identity == null) {
      return new Reply.Refused<>(
          ErrorCode.SIGNATURE_REQUIRED.name(), "this client has no identity to prove", null);
    }
    if (nonce == null || !SAFE.matcher(nonce).matches()) {
      return new Reply.Refused<>(
          ErrorCode.INVALID_MSG.name(),
          "a nonce is signed only if it is 16 to 128 letters, digits, hyphens and underscores",
          null);
    }
    String signature = identity.sign(nonce.getBytes(StandardCharsets.UTF_8)).base64();
    return link.session()
        .ask(
            Question.respond(
                new ChatMessage.VerifyResponse(request.requestId(), nonce, signature)));
  }

  /// Answers a request without making the caller wait; what comes while too many are under way
  /// stays unanswered, and so does what fails.
  void respondLater(ChatNotice.VerifyRequest request) {
    if (identity == null || request.from() == null || !answering.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .name("agentchat-client-prove")
        .start(() -> {
          try {
            Reply<Boolean> _ = respond(request);
          } catch (ClientException _) {
            // The connection has ended: whoever asked will ask again.
          } finally {
            answering.release();
          }
        });
  }
}
