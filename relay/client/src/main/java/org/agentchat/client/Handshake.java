package org.agentchat.client;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Scheme;
import org.jspecify.annotations.Nullable;

/// What a connection says before it is welcome: its name and, with a key, the proof of it
/// (protocol.md section 4).
///
/// @param clock for the time in the proof
record Handshake(ClientSettings settings, InstantSource clock) {
  /// The first word.
  ///
  /// @param since the last log index that this client has heard of, null when it has heard of none
  ClientMessage.Identify identify(@Nullable Long since) {
    Identity identity = settings.identity();
    return new ClientMessage.Identify(
        settings.name(), identity == null ? null : identity.key(), since);
  }

  /// The answer to a challenge. A relay that names itself and its log gets a proof that holds for
  /// those names only; any other gets what existing clients send. The names are the relay's word: a
  /// relay that forwards another's challenge forwards its names too, so only `wss` says which relay
  /// it is.
  ///
  /// @throws IllegalArgumentException if there is no key to prove
  ClientMessage.VerifyIdentity prove(ServerMessage.Challenge challenge) {
    Identity identity = settings.identity();
    if (identity == null) {
      throw new IllegalArgumentException("the relay challenged an agent without a key");
    }
    long now = clock.millis();
    byte[] bound = bound(identity.key(), challenge, now);
    byte[] proof = bound == null ? joined(challenge, now) : bound;
    return new ClientMessage.VerifyIdentity(
        challenge.challengeId(),
        identity.sign(proof).base64(),
        JsonNumber.of(now),
        bound == null ? Scheme.JOINED : Scheme.BOUND);
  }

  private byte @Nullable [] bound(AgentKey key, ServerMessage.Challenge challenge, long now) {
    String origin = challenge.origin();
    String relay = challenge.relay();
    if (settings.joinedOnly() || origin == null || relay == null) {
      return null;
    }
    return Scheme.Bound.proofBytes(
        key, challenge.challengeId(), challenge.nonce(), origin, relay, now);
  }

  private static byte[] joined(ServerMessage.Challenge challenge, long now) {
    return ClientMessageCodec.proofText(
            challenge.nonce(), challenge.challengeId(), JsonNumber.of(now))
        .getBytes(StandardCharsets.UTF_8);
  }
}
