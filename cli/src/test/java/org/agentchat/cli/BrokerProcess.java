package org.agentchat.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.BrokerStartException;
import org.agentchat.log.EmbeddedBroker;

/// An external Kafka broker: Apache Kafka in a process that holds nothing else, reached over TCP.
final class BrokerProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("broker ready at (\\S+):(\\d+)");

  private final Path folder;
  private ServeProcess process;
  private final int port;

  private BrokerProcess(Path folder, ServeProcess process) {
    this.folder = folder;
    this.process = process;
    Matcher ready = READY.matcher(process.out());
    if (!ready.find()) {
      throw new AssertionError(process.toString());
    }
    this.port = Integer.parseInt(ready.group(2));
  }

  static BrokerProcess start(Path folder) {
    return new BrokerProcess(folder, launch(folder, 0));
  }

  private static ServeProcess launch(Path folder, int port) {
    return ServeProcess.child(
            BrokerProcess.class, List.of(folder.toString(), Integer.toString(port)))
        .awaitPrinted("broker ready");
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /// `kill -9`.
  void kill() {
    process.close();
  }

  /// On the same port and data.
  void restart() {
    process = launch(folder, port);
  }

  @Override
  public void close() {
    process.close();
  }

  /// Arguments: data folder, port.
  public static void main(String[] arguments) {
    try {
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              BrokerSettings.in(Path.of(arguments[0])).withPort(Integer.parseInt(arguments[1])),
              System.err::println);
      System.out.println("broker ready at " + broker.bootstrapServers());
      System.out.flush();
    } catch (BrokerStartException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
