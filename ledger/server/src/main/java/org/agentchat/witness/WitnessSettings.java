package org.agentchat.witness;

import java.nio.file.Path;
import java.util.List;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.VerifierKey;

/// How a witness runs.
///
/// @param host the address to listen on
/// @param port 0 for any that is free
/// @param folder what it remembers and the evidence that it keeps; one process at a time
/// @param signer its name and key
/// @param logs keys of the logs that it cosigns, 1 to [#MAX_LOGS]
public record WitnessSettings(
    String host, int port, Path folder, NoteSigner signer, List<VerifierKey> logs) {
  /// Where a witness listens when nobody says.
  public static final int DEFAULT_PORT = 6690;

  /// Logs of one witness at the most: each has its file and a line on its page.
  public static final int MAX_LOGS = 1_000;

  /// @throws IllegalArgumentException when a part makes no sense
  public WitnessSettings {
    logs = List.copyOf(logs);
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: a name or an address wanted");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: 0 to 65535 wanted, found " + port);
    }
    if (logs.isEmpty() || logs.size() > MAX_LOGS) {
      throw new IllegalArgumentException(
          "logs: 1 to %d keys wanted, found %d".formatted(MAX_LOGS, logs.size()));
    }
    for (VerifierKey key : logs) {
      if (key.type() != VerifierKey.Type.ED25519) {
        throw new IllegalArgumentException("the key of a log wanted, found a witness's: " + key);
      }
    }
  }
}
