package org.agentchat.relay;

import java.io.IOException;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// What every part of a relay stands on.
record Ground(
    RelaySettings settings,
    RelayClock clock,
    Ed25519Verifier verifier,
    RelayMetrics metrics,
    AuditLog audit,
    Directory directory,
    Channels channels) {
  /// @throws IOException if the audit log cannot be opened
  static Ground of(RelaySettings settings, RelayClock clock) throws IOException {
    RelayMetrics metrics = new RelayMetrics();
    return new Ground(
        settings,
        clock,
        new Ed25519Verifier(),
        metrics,
        new AuditLog(settings.access().audit(), clock, metrics),
        new Directory(),
        new Channels(settings, clock));
  }
}
