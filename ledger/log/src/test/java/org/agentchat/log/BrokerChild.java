package org.agentchat.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process of its own that runs a broker and appends until it is killed. It prints `index value
/// .` for every append that was answered; a line without the full stop was cut off.
final class BrokerChild {

  private static final int APPENDERS = 4;

  private BrokerChild() {}

  /// Arguments: data folder, a word that makes the values of this round unlike all others.
  public static void main(String[] args) {
    try {
      EmbeddedBroker broker =
          EmbeddedBroker.start(BrokerSettings.in(Path.of(args[0])), BrokerChild::print);
      EventLog log = KafkaEventLog.open(KafkaSettings.embedded(broker.bootstrapServers()));
      for (int i = 0; i < APPENDERS; i++) {
        String name = args[1] + "-" + i;
        Thread.ofPlatform().start(() -> appendForever(log, name));
      }
    } catch (BrokerStartException e) {
      print("failed: " + e.getMessage());
    }
  }

  /// Starts the process with this one's class path.
  static Process start(Path folder, String round, Path printed) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath(), BrokerChild.class.getName()));
    command.addAll(List.of(folder.toString(), round));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(printed.toFile())
        .start();
  }

  /// Surefire may hide the class path in a manifest and then keeps it here.
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static void appendForever(EventLog log, String name) {
    for (int i = 0; ; i++) {
      String value = name + "-" + i;
      print("%d %s .".formatted(log.append(value.getBytes(UTF_8)).join(), value));
    }
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
