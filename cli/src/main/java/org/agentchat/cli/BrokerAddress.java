package org.agentchat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the broker of a home folder is, for processes beside it: a file that every start writes. A
/// start takes the port of the last one again if it is free, so that they find it again, too.
///
/// @param home the folder
record BrokerAddress(Path home) {
  private static final String NAME = "kafka-address";
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9A-Za-z.:\\[\\]-]{1,255}:([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  /// The address, if a broker was started here before.
  Optional<String> read() {
    try {
      return Optional.of(Files.readString(file()).strip())
          .filter(text -> ADDRESS.matcher(text).matches());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// The port of the last start if nobody has it now, else 0 for any.
  int lastPort() {
    int port =
        read()
            .map(ADDRESS::matcher)
            .filter(Matcher::matches)
            .map(matcher -> Integer.parseInt(matcher.group(1)))
            .orElse(0);
    return port <= MAX_PORT && isFree(port) ? port : 0;
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException _) {
      return false;
    }
  }

  void write(String address) throws IOException {
    Files.writeString(file(), address + "\n");
  }

  private Path file() {
    return home.resolve(NAME);
  }
}
