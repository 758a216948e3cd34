package org.agentchat.log;

import java.nio.file.Path;

/// How the broker in this process runs.
///
/// @param folder where its data is; made when missing
/// @param port TCP port on the loopback interface, 0 for any that is free
/// @param durability what an answered append has reached
public record BrokerSettings(Path folder, int port, Durability durability) {

  private static final int MAX_PORT = 65_535;

  public BrokerSettings {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("A port is 0 to %d, found %d".formatted(MAX_PORT, port));
    }
    folder = folder.toAbsolutePath().normalize();
  }

  /// Any free port, safe against a power cut.
  public static BrokerSettings in(Path folder) {
    return new BrokerSettings(folder, 0, Durability.FSYNC);
  }

  /// The same on another port.
  public BrokerSettings withPort(int other) {
    return new BrokerSettings(folder, other, durability);
  }

  /// The same with another durability.
  public BrokerSettings withDurability(Durability other) {
    return new BrokerSettings(folder, port, other);
  }
}
