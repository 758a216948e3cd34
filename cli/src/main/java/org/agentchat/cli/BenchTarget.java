package org.agentchat.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which server is measured, and for how long.
final class BenchTarget {
  /// Longer runs say nothing new and fill the scratch folder.
  private static final int MAX_SECONDS = 600;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "<url>",
      description = "Measure this server, ws://host:port, instead of one of our own.")
  private @Nullable String url;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private int seconds = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "<n>",
      description = {
        "Seconds of the same load before that (default: ${DEFAULT-VALUE}).",
        "A Java server is at its full speed after about a minute of load."
      })
  private int warmUp = 20;

  @Option(
      names = "--kafka",
      paramLabel = "<host:port,...>",
      description = "Let our own server use these Kafka brokers.")
  private @Nullable String kafka;

  @Option(
      names = "--no-fsync",
      description = "Let our own server answer before a statement is on the disk.")
  private boolean pageCache;

  /// Checks what was given.
  void check() {
    require(seconds >= 1 && seconds <= MAX_SECONDS, "--seconds: 1 to 600 wanted", seconds);
    require(warmUp >= 0 && warmUp <= MAX_SECONDS, "--warm-up: 0 to 600 wanted", warmUp);
    if (url != null && (kafka != null || pageCache)) {
      throw usage("--kafka and --no-fsync are for our own server, not for one at --url");
    }
    if (url != null) {
      require(isRelayAddress(url), "--url: ws://host:port or wss://host:port wanted", url);
    }
  }

  /// Refuses an address that needs TLS.
  void requirePlain() {
    require(
        url == null || url.startsWith("ws:"),
        "--url: ws://, without TLS, wanted",
        String.valueOf(url));
  }

  /// @throws ParameterException with what was wanted and what was found, unless it holds
  void require(boolean holds, String wanted, Object found) {
    if (!holds) {
      throw usage(wanted + ", found " + found);
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private static boolean isRelayAddress(String text) {
    try {
      URI uri = new URI(text);
      return ("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  /// The server at the given address, or else a new one of our own.
  BenchServer open() throws IOException, InterruptedException {
    if (url != null) {
      return new BenchServer.Remote(URI.create(url));
    }
    List<String> options = new ArrayList<>();
    if (kafka != null) {
      options.addAll(List.of("--kafka", kafka));
    }
    if (pageCache) {
      options.add("--no-fsync");
    }
    say("starting a server in a scratch folder");
    return ServerProcess.start(options);
  }

  Duration warmUp() {
    return Duration.ofSeconds(warmUp);
  }

  Duration duration() {
    return Duration.ofSeconds(seconds);
  }

  /// Tells a waiting person, on standard error.
  void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
