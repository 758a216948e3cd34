package org.agentchat.relay;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at every connection once a second: pings, and ends those that are silent, that leave a
/// challenge unanswered, that do not say who they are, or that do not read their own farewell. Then
/// notes how far agents have heard the log.
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long FAREWELL_MILLIS = 5_000;

  /// How long a large frame may take to arrive, since it keeps room from others: 35 KB/s for the
  /// largest.
  private static final long WHOLE_MILLIS = 60_000;

  private final Collection<Connection> connections;
  private final RelayLimits limits;
  private final Positions positions;
  private final RelayClock clock;
  private final RelayMetrics metrics;
  private final AuditLog audit;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("housekeeping").daemon().factory());
  private long lastPing;

  Housekeeping(
      Collection<Connection> connections,
      RelayLimits limits,
      Positions positions,
      RelayClock clock,
      RelayMetrics metrics,
      AuditLog audit) {
    this.connections = connections;
    this.limits = limits;
    this.positions = positions;
    this.clock = clock;
    this.metrics = metrics;
    this.audit = audit;
    this.lastPing = clock.millis();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // look() never throws, so the future never ends
  void start() {
    timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    long now = clock.millis();
    boolean ping = now - lastPing >= limits.waits().ping().toMillis();
    if (ping) {
      lastPing = now;
    }
    for (Connection connection : connections) {
      try {
        look(connection, now, ping);
      } catch (RuntimeException e) {
        // The next connections still want to be looked at, and so do all of them in a second.
        LOG.error("a bug while looking at {}", connection, e);
      }
    }
    connections.forEach(this::note);
    positions.write();
  }

  private void look(Connection connection, long now, boolean ping) {
    if (connection.isClosed()) {
      if (now - connection.closedAt() >= FAREWELL_MILLIS) {
        connection.terminate();
      }
    } else if (now - connection.lastHeardAt() > limits.waits().silence().toMillis()) {
      metrics.cut();
      audit.record(AuditEvent.silent(connection));
      connection.terminate();
    } else if (isStalled(connection, now)) {
      metrics.cut();
      connection.close(Connection.POLICY, "Frame not whole within a minute");
    } else if (connection.deadline().filter(deadline -> now >= deadline.at()).isPresent()) {
      connection
          .deadline()
          .ifPresent(missed -> {
            connection.refuse(missed.code(), missed.message(), null);
            connection.close(Connection.NORMAL, missed.message());
          });
    } else if (connection.agent().isEmpty()
        && now - connection.openedAt() > limits.waits().identify().toMillis()) {
      connection.close(Connection.POLICY, "Not identified in time");
    } else if (ping) {
      connection.ping();
    } else {
      connection.askIfBehind();
    }
  }

  private static boolean isStalled(Connection connection, long now) {
    OptionalLong since = connection.reader().heldSince();
    return since.isPresent() && now - since.getAsLong() >= WHOLE_MILLIS;
  }

  private void note(Connection connection) {
    connection.agent().ifPresent(agent -> positions.heard(agent.id(), connection.heardUpTo()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    positions.write();
  }
}
