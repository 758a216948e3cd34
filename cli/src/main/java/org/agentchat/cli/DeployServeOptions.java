package org.agentchat.cli;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.provider.ProviderClient;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.tx.Coin;
import org.agentchat.client.IdentityFile;
import org.agentchat.deploy.WorkerSettings;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `serve deploy` can be told on the command line. Where the log is may also be said in the
/// environment and in `relay.conf`, as for the other parts.
final class DeployServeOptions {
  private static final String ANYBODY = "anybody";
  private static final Pattern LISTEN = Pattern.compile("(?:(.+):)?([0-9]{1,5})");
  private static final BigDecimal MICRO = BigDecimal.valueOf(1_000_000);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "<agent>",
      description = {
        "Accept the offers of this agent, @id; may be repeated. 'anybody' is everybody.",
        "Without it only deals are fulfilled that were accepted by hand with the worker's identity."
      })
  private List<String> customers = List.of();

  @Option(
      names = "--max-ceiling",
      paramLabel = "<act>",
      description = "The most that one deal may cost, in ACT (default: ${DEFAULT-VALUE}).")
  private BigDecimal maxCeiling = BigDecimal.TEN;

  @Option(
      names = "--max-duration",
      paramLabel = "<time>",
      description = "The longest that one deal may last (default: ${DEFAULT-VALUE}).")
  private String maxDuration = "30d";

  @Option(
      names = "--mint",
      description = "Burn AKT for the ACT that is missing (default: such offers are declined).")
  private boolean mint;

  @Option(
      names = {"-i", "--identity"},
      paramLabel = "<file>",
      description = "The worker's identity (default: identity.json in --home).")
  private @Nullable Path identity;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT,...",
      description = "Kafka brokers (default: those of the server in the same home folder).")
  private @Nullable String kafka;

  @Option(
      names = "--topic",
      description = "Kafka topic that holds the log (default: agentchat.events).")
  private @Nullable String topic;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Java properties with security.*, sasl.* and ssl.* settings for Kafka.")
  private @Nullable String kafkaConfig;

  @Option(
      names = "--watch",
      paramLabel = "<seconds>",
      description = "Time between two looks at what runs (default: ${DEFAULT-VALUE}).")
  private int watchSeconds = 30;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = {
        "Where /health is told, or 'none' (default: 127.0.0.1:"
            + WorkerSettings.DEFAULT_PORT
            + ").",
        "It names deals and what they cost: keep it on this machine."
      })
  private @Nullable String listen;

  @Option(
      names = "--poll",
      hidden = true,
      description = "Milliseconds between two looks at the network while something is under way.")
  private long pollMs = 3_000;

  @Mixin private DeployWallet wallet;
  @Mixin private DeployNetwork network;

  private @Nullable WorkerSettings made;

  /// Where the log is.
  KafkaSettings log(Path home) {
    try {
      Map<Setting, Configuration.Given> flags = new EnumMap<>(Setting.class);
      HooksServeOptions.put(flags, Setting.KAFKA, "--kafka", kafka);
      HooksServeOptions.put(flags, Setting.TOPIC, "--topic", topic);
      HooksServeOptions.put(flags, Setting.KAFKA_CONFIG, "--kafka-config", kafkaConfig);
      Configuration configuration =
          Configuration.of(flags, System.getenv(), HooksServeOptions.file(home));
      // Read by the log's own configuration, which is made at the first line that is logged.
      System.setProperty("LOG_LEVEL", configuration.text(Setting.LOG_LEVEL));
      return HooksServeOptions.kafka(configuration, home)
          .withTopic(configuration.text(Setting.TOPIC));
    } catch (ConfigurationException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /// How the worker works.
  WorkerSettings worker(HomeFolder home) {
    WorkerSettings settings =
        new WorkerSettings(
            home.path(),
            new IdentityFile(identity == null ? home.identity() : identity).load(),
            network.client(),
            wallet.open(wallet.file(home.path())),
            served(),
            ceiling(),
            longest(),
            mint,
            Patience.DEFAULT,
            ProviderClient.PATIENCE,
            Duration.ofSeconds(1),
            Duration.ofSeconds(Math.max(1, watchSeconds)),
            Duration.ofMillis(pollMs),
            listen());
    made = settings;
    return settings;
  }

  /// For a person: who works, who pays, on which network, for whom.
  String summary() {
    WorkerSettings settings = made;
    if (settings == null) {
      throw new IllegalStateException("no worker was made");
    }
    return "%s, wallet %s on %s, at most %s a deal, for %s"
        .formatted(
            settings.identity().id(),
            settings.key().address(),
            settings.chain().network().chainId(),
            Coin.uact(settings.maxCeiling()),
            customers.isEmpty() ? "whom a person accepts" : String.join(", ", customers));
  }

  private Optional<Set<AgentId>> served() {
    if (customers.contains(ANYBODY)) {
      return Optional.empty();
    }
    return Optional.of(customers.stream().map(this::agent).collect(Collectors.toSet()));
  }

  private AgentId agent(String text) {
    return AgentId.parse(text)
        .orElseThrow(() -> wrong("--for: an @id or 'anybody' wanted, found '" + text + "'"));
  }

  private long ceiling() {
    try {
      long uact = maxCeiling.multiply(MICRO).longValueExact();
      if (uact > 0) {
        return uact;
      }
    } catch (ArithmeticException _) {
      // The sentence below says it.
    }
    throw wrong(
        "--max-ceiling: an amount of ACT with at most six places wanted, found " + maxCeiling);
  }

  private Optional<InetSocketAddress> listen() {
    if (listen == null) {
      return Optional.of(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), WorkerSettings.DEFAULT_PORT));
    }
    if (listen.equals("none")) {
      return Optional.empty();
    }
    Matcher matcher = LISTEN.matcher(listen);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
    if (port < 0 || port > 65_535) {
      throw wrong("--listen: HOST:PORT or 'none' wanted, found '%s'".formatted(listen));
    }
    String host = matcher.group(1);
    return Optional.of(
        host == null
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
            : new InetSocketAddress(host, port));
  }

  private Duration longest() {
    return DeployFile.duration(maxDuration)
        .orElseThrow(() ->
            wrong(
                "--max-duration: a time such as 90m, 24h or 7d wanted, found '%s'"
                    .formatted(maxDuration)));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
