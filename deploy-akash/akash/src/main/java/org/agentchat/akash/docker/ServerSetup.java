package org.agentchat.akash.docker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the three files are made of, so that they cannot disagree.
///
/// @param image the name of the image that is built
/// @param port of the relay, on the host and inside
/// @param apiPort of the ledger's API, on the host and inside
public record ServerSetup(String image, int port, int apiPort) {
  /// As the committed files are made.
  public static final ServerSetup DEFAULT = new ServerSetup("agentchat:local", 6667, 6680);

  static final String BASE_IMAGE = "eclipse-temurin:25-jre";
  static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
  static final String POSTGRES_IMAGE = "postgres:17";

  /// Nobody on most systems.
  static final int UID = 10_001;

  /// Where the jars are, and where everything is that is kept.
  static final String LIB = "/opt/agentchat/lib";

  static final String HOME = "/var/lib/agentchat";

  /// Where the jars come from: the folder that the build leaves, relative to the checkout.
  static final String BUILT = "cli/target/dist/lib";

  /// Kafka needs a name that containers know, and is heard by nobody else.
  static final String KAFKA = "kafka:9092";

  private static final List<String> COMMON =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:-UsePerfData");
  private static final List<String> JARS = List.of("-cp", LIB + "/agentchat-cli.jar");
  private static final int MAX_PORT = 65_535;

  /// @throws IllegalArgumentException if a port is none, or the image's name is none
  public ServerSetup {
    for (int one : List.of(port, apiPort)) {
      if (one < 1 || one > MAX_PORT) {
        throw new IllegalArgumentException("a port from 1 to 65535 wanted, found " + one);
      }
    }
    if (port == apiPort) {
      throw new IllegalArgumentException("relay and API need two ports, found one: " + port);
    }
    if (!image.matches("[a-z0-9][a-z0-9._/-]{0,200}(:[A-Za-z0-9._-]{1,128})?")) {
      throw new IllegalArgumentException("the name of an image wanted, found " + image);
    }
  }

  /// Becomes the server; the command follows, for example `serve`.
  static List<String> java(String... command) {
    return line(
        "java",
        List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError"),
        "org.agentchat.cli.AgentChat",
        command);
  }

  /// Asks a server how it is; small, because it is started every half minute.
  static List<String> probe(String... arguments) {
    return line(
        "java",
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-Xshare:auto"),
        "org.agentchat.cli.Probe",
        arguments);
  }

  private static List<String> line(
      String java, List<String> options, String main, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(java);
    line.addAll(COMMON);
    line.addAll(options);
    line.addAll(JARS);
    line.add(main);
    line.addAll(Arrays.asList(arguments));
    return line;
  }

  String relayHealth() {
    return health(port);
  }

  String ledgerHealth() {
    return health(apiPort);
  }

  private static String health(int port) {
    return String.format(Locale.ROOT, "http://127.0.0.1:%d/health", port);
  }

  /// A JSON array, which both Docker and YAML read. No word here needs an escape.
  static String array(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ", "[", "]"));
  }

  /// Every line with so much before it.
  static String indented(int spaces, Stream<String> lines) {
    return lines.map(line -> " ".repeat(spaces) + line + "\n").collect(Collectors.joining());
  }
}
