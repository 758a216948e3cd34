package org.agentchat.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.agentchat.database.DatabaseInUseException;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.config.HooksSettings;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.server.LedgerServer;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.ledger.server.TreeSettings;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.BrokerStartException;
import org.agentchat.log.DiskReserve;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.EventLog;
import org.agentchat.log.GuardedEventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.tlog.Policy;
import org.agentchat.witness.WitnessClient;
import org.jspecify.annotations.Nullable;

/// Broker, relay, ledger and hooks in one process, or some of them: what `serve`, `demo` and
/// `bench` run. Parts start in the order in which they need each other and stop in the opposite
/// one.
final class Node implements AutoCloseable {
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private final NodeSettings settings;
  private final PrintWriter out;
  private @Nullable EventLog log;
  private @Nullable Relay relay;
  private @Nullable LedgerServer ledger;
  private String bootstrapServers = "";

  private Node(NodeSettings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
  }

  /// Starts the parts, with a line for each as it is ready.
  ///
  /// @throws IOException saying which part did not start, and why
  static Node start(NodeSettings settings, PrintWriter out)
      throws IOException, InterruptedException {
    Node node = new Node(settings, out);
    try {
      node.start();
      return node;
    } catch (BrokerStartException | DatabaseInUseException | UncheckedIOException e) {
      node.close();
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  private void start() throws IOException, InterruptedException {
    Files.createDirectories(settings.home());
    EventLog opened = openLog();
    VerifiedEvents verified = new VerifiedEvents();
    if (settings.runs(NodeSettings.Part.RELAY)) {
      startRelay(opened, verified);
    }
    if (settings.runs(NodeSettings.Part.LEDGER)) {
      startLedger(opened, verified);
    }
    if (settings.hooks().isPresent()) {
      startHooks(settings.hooks().get(), opened, verified);
    }
  }

  private EventLog openLog() throws IOException {
    KafkaSettings kafka =
        settings.kafka().isPresent()
            ? settings.kafka().get()
            : KafkaSettings.embedded(startBroker());
    bootstrapServers = kafka.bootstrapServers();
    EventLog opened = KafkaEventLog.open(kafka.withTopic(settings.topic()));
    if (settings.kafka().isEmpty()) {
      opened =
          new GuardedEventLog(
              opened, new DiskReserve(settings.home(), DiskReserve.DEFAULT_MIN_FREE_BYTES));
    }
    running.push(opened);
    log = opened;
    say("log ready: " + opened.size() + " entries, Kafka at " + bootstrapServers);
    return opened;
  }

  private String startBroker() throws IOException {
    Path folder = settings.home().resolve("kafka");
    BrokerAddress address = new BrokerAddress(settings.home());
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            BrokerSettings.in(folder)
                .withDurability(settings.durability())
                .withPort(address.lastPort()),
            failed::complete);
    running.push(broker);
    address.write(broker.bootstrapServers());
    return broker.bootstrapServers();
  }

  private void startRelay(EventLog opened, VerifiedEvents verified)
      throws IOException, InterruptedException {
    Names names = Names.in(settings.home());
    RelaySettings relaySettings =
        settings
            .refine()
            .apply(
                RelaySettings.of(
                    settings.host(),
                    settings.port(),
                    settings.relay().orElse(names.relay()),
                    settings.origin().orElse(names.origin())))
            .keptIn(settings.home());
    Relay started = Relay.start(relaySettings, opened, verified);
    running.push(started);
    relay = started;
    CompletableFuture<Void> _ = started.failed().thenAccept(failed::complete);
    say("AgentChat server running on " + started.url() + " (log " + started.origin() + ")");
    say("Default channels: " + String.join(", ", relaySettings.channels()));
  }

  private void startLedger(EventLog opened, VerifiedEvents verified) {
    String database = settings.database().orElse(settings.home().resolve("ledger.db").toString());
    LedgerSettings ledgerSettings =
        LedgerSettings.of(database)
            .withHost(settings.host())
            .withPort(settings.apiPort())
            .withTree(treeSettings());
    if (settings.rebuild()) {
      ledgerSettings = ledgerSettings.withRebuild();
    }
    LedgerServer started = LedgerServer.start(ledgerSettings, opened, verified);
    running.push(started);
    ledger = started;
    if (relay != null) {
      relay.tellLedger(started.address().getPort());
    }
    failWith(started.stopped());
    say("ledger API ready: " + apiUrl() + "/v1/stats");
  }

  private void startHooks(HooksSettings hooks, EventLog opened, VerifiedEvents verified) {
    String database = hooks.database().orElse(HooksConfig.database(settings.home()));
    Reactor started =
        Reactor.start(
            new ReactorSettings(database, hooks.listen()), hooks.hooks(), opened, verified);
    running.push(started);
    failWith(started.stopped());
    String names = hooks.hooks().stream().map(Hook::name).collect(Collectors.joining(", "));
    String health =
        started
            .address()
            .map(address -> ", health at http://localhost:" + address.getPort() + "/health")
            .orElse("");
    say("hooks ready: " + names + health);
  }

  private void failWith(CompletableFuture<Void> stopped) {
    CompletableFuture<Void> _ =
        stopped.whenComplete((_, failure) -> {
          if (failure != null) {
            failed.complete(String.valueOf(failure.getMessage()));
          }
        });
  }

  private TreeSettings treeSettings() {
    TreeSettings tree = TreeSettings.in(settings.home().resolve("tree"));
    if (settings.witnesses().isPresent()) {
      Policy policy = settings.witnesses().get();
      WitnessClient client = new WitnessClient(policy, WitnessClient.TIMEOUT);
      say("checkpoints wait for their witnesses: " + policy.quorum().text());
      running.push(client);
      tree = tree.cosignedBy(client);
    }
    return settings.commitments().map(tree::committingEvery).orElse(tree);
  }

  /// The relay's address for clients on this machine.
  String url() {
    return Optional.ofNullable(relay).map(Relay::url).orElseThrow();
  }

  /// The ledger API's address for clients on this machine.
  String apiUrl() {
    return Optional.ofNullable(ledger)
        .map(server -> "http://localhost:" + server.address().getPort())
        .orElseThrow();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  EventLog log() {
    return Optional.ofNullable(log).orElseThrow();
  }

  /// Waits until the ledger's rows have read all that the log holds now.
  void awaitLedger(Duration within) throws IOException, InterruptedException {
    try {
      Optional.ofNullable(ledger).orElseThrow().awaitCaughtUp(within);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Done, with the reason, when a part has failed in a way that only a restart mends.
  CompletableFuture<String> failed() {
    return failed;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  /// Stops the parts, the last one first. Goes on when one of them fails to stop.
  @Override
  public void close() {
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (Exception e) {
        say("while stopping " + part.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}
