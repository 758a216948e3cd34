package org.agentchat.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Apache Kafka inside this process: one node that is broker and controller, on the loopback
/// interface only.
///
/// It starts again on its data after a clean stop and after `kill -9`. When Kafka gives up, as it
/// does on a full disk, this process lives on: the owner is told once, closes this broker, sees to
/// the cause and starts another one in the same folder; the clients find it by themselves if it has
/// the same port.
public final class EmbeddedBroker implements AutoCloseable {

  /// How long a clean stop may take before the rest is left to the operating system.
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final FolderLock lock;
  private final BrokerConfig config;
  private final KafkaRaftServer server;
  private final Consumer<String> onFatal;
  private final Consumer<String> listener = this::gaveUp;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(
      FolderLock lock, BrokerConfig config, KafkaRaftServer server, Consumer<String> onFatal) {
    this.lock = lock;
    this.config = config;
    this.server = server;
    this.onFatal = onFatal;
  }

  /// Starts a broker and waits, about 2 seconds, until it serves.
  ///
  /// @param onFatal told once, on a thread of its own, when Kafka gives up later on; it may close
  ///   this broker
  /// @throws BrokerStartException when it cannot start; nothing of it stays behind
  public static EmbeddedBroker start(BrokerSettings settings, Consumer<String> onFatal) {
    FolderLock lock = lock(settings.folder());
    try {
      BrokerConfig config =
          new BrokerConfig(
              settings.folder().resolve("data"),
              freePort(settings.port()),
              freePort(0),
              settings.durability());
      format(config.data());
      KafkaRaftServer server =
          new KafkaRaftServer(new KafkaConfig(config.properties(), false), Time.SYSTEM);
      EmbeddedBroker broker = new EmbeddedBroker(lock, config, server, onFatal);
      broker.startServer();
      return broker;
    } catch (BrokerStartException e) {
      release(lock);
      throw e;
    } catch (Exception | BrokerExit.BrokerGaveUp e) { // Kafka declares no narrower type.
      release(lock);
      throw new BrokerStartException(
          "Kafka could not start in %s: %s".formatted(settings.folder(), e.getMessage()), e);
    }
  }

  /// What a client connects to, `127.0.0.1:port`.
  public String bootstrapServers() {
    return BrokerConfig.HOST + ":" + port();
  }

  /// The port that clients connect to.
  public int port() {
    return config.port();
  }

  /// Whether Kafka gave up. It does not come back by itself: close this broker and start another.
  public boolean failed() {
    return failed.get();
  }

  /// Stops the broker, waiting at most 20 seconds. Any thread may close, and do so twice.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stopServer();
    BrokerExit.forget(listener);
    release(lock);
  }

  private static int freePort(int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(BrokerConfig.HOST), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BrokerStartException(
          "Port %d of %s is taken: stop what uses it, or choose another port"
              .formatted(wanted, BrokerConfig.HOST),
          e);
    }
  }

  /// Prepares the folder the first time. Kafka writes `meta.properties` last and in one step, so a
  /// formatting that was cut short is simply done again.
  private static void format(Path data) throws Exception {
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(data);
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(BrokerConfig.NODE_ID)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(data.toString())
        .setMetadataLogDirectory(data.toString())
        .setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setIgnoreFormatted(true)
        .run();
  }

  private void startServer() {
    long begin = System.nanoTime();
    BrokerExit.listen(listener);
    try {
      server.startup();
    } catch (RuntimeException | BrokerExit.BrokerGaveUp e) {
      failed.set(true);
      stopServer();
      BrokerExit.forget(listener);
      throw e;
    }
    LOG.info(
        "Kafka serves at {} after {} ms, data in {}",
        bootstrapServers(),
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        config.data());
  }

  private void gaveUp(String reason) {
    if (failed.compareAndSet(false, true)) {
      String sentence =
          "Kafka in %s gave up with %d MiB free on its disk: %s"
              .formatted(
                  config.data(), config.data().toFile().getUsableSpace() / (1024 * 1024), reason);
      LOG.error(sentence);
      // Not on this thread: it is Kafka's, and stopping Kafka waits for it.
      Thread.ofVirtual().name("broker-gave-up").start(() -> onFatal.accept(sentence));
    }
  }

  /// Kafka's own stop waits for threads, some of which may be dead: hence on a thread of its own.
  private void stopServer() {
    Thread stop =
        Thread.ofPlatform()
            .daemon()
            .name("broker-stop")
            .start(() -> {
              server.shutdown();
              server.awaitShutdown();
            });
    try {
      if (!stop.join(STOP_TIMEOUT)) {
        LOG.warn("Kafka in {} did not stop within {}", config.data(), STOP_TIMEOUT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static FolderLock lock(Path folder) {
    try {
      return FolderLock.take(folder, "broker");
    } catch (FolderInUseException e) {
      throw new BrokerStartException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new BrokerStartException("The folder %s cannot be used: %s".formatted(folder, e), e);
    }
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
