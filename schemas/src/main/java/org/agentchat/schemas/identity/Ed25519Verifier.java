package org.agentchat.schemas.identity;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Which Ed25519 signatures are valid: a rule that every reader of a log must share, so it is
/// stricter than RFC 8032 where the RFC leaves a choice.
///
/// A signature is valid when
///
/// 1. the key is a canonically encoded point of prime order (so neither small nor mixed order),
/// 2. R is a canonically encoded point of prime order,
/// 3. S is below the group order, and
/// 4. the cofactorless equation `S B = R + k A` holds (RFC 8032 section 5.1.7).
///
/// With 1 and 2 the equations with and without the cofactor accept the same signatures, so every
/// library that checks 1 to 3 answers alike, also those that verify in batches. The cases are those
/// of Chalkias, Garillot and Nikolaenko, *Taming the many EdDSAs* (2020), table 6.
///
/// Thread-safe. Keys that were checked are remembered, up to [#MAX_REMEMBERED_KEYS].
public final class Ed25519Verifier {
  /// Decoded keys kept, about 400 bytes each; the memory is dropped whole when it is full.
  public static final int MAX_REMEMBERED_KEYS = 50_000;

  private final Map<AgentKey, Optional<Ed25519.PublicPoint>> points = new ConcurrentHashMap<>();

  /// Whether the key may sign at all: rule 1.
  public boolean accepts(AgentKey key) {
    return point(key).isPresent();
  }

  /// Whether the signature is valid: rules 1 to 4.
  public boolean verify(AgentKey key, byte[] message, Signature signature) {
    Optional<Ed25519.PublicPoint> point = point(key);
    byte[] raw = signature.raw();
    return point.isPresent()
        && Ed25519.verify(raw, 0, point.get(), message, 0, message.length)
        && Ed25519.validatePublicKeyFull(raw, 0);
  }

  private Optional<Ed25519.PublicPoint> point(AgentKey key) {
    if (points.size() >= MAX_REMEMBERED_KEYS) {
      points.clear();
    }
    return points.computeIfAbsent(key, Ed25519Verifier::decode);
  }

  private static Optional<Ed25519.PublicPoint> decode(AgentKey key) {
    return Optional.ofNullable(Ed25519.validatePublicKeyFullExport(key.raw(), 0));
  }
}
