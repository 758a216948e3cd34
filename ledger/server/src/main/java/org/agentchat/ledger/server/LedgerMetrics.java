package org.agentchat.ledger.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.agentchat.ledger.Applied;

/// What Prometheus may scrape. Labels have few values: status words, refusal codes, route
/// templates; never an agent.
final class LedgerMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter entries =
      Counter.builder("agentchat.ledger.entries")
          .description("entries whose rows were made since the start")
          .register(registry);
  private final Timer batches =
      Timer.builder("agentchat.ledger.batch")
          .description("time to fold one batch and commit its rows")
          .register(registry);

  void watch(Supplier<Health> health) {
    gauge("agentchat.ledger.size", "entries that the rows have read", health, Health::size);
    gauge("agentchat.ledger.lag", "entries that the rows have not read yet", health, Health::lag);
    gauge(
        "agentchat.ledger.healthy",
        "1 when /health answers 200",
        health,
        now -> now.isHealthy() ? 1 : 0);
  }

  private void gauge(
      String name, String description, Supplier<Health> health, ToLongFunction<Health> value) {
    Gauge.builder(name, () -> value.applyAsLong(health.get()))
        .description(description)
        .register(registry);
  }

  void applied(Applied applied) {
    entries.increment();
    applied
        .refusal()
        .ifPresent(refusal ->
            Counter.builder("agentchat.ledger.refusals")
                .description("entries that changed nothing, by reason")
                .tag("code", refusal.code().name())
                .register(registry)
                .increment());
  }

  void batch(Duration took) {
    batches.record(took);
  }

  /// @param route the template, for example `/v1/agents/{id}`
  void answered(String route, int status, Duration took) {
    Timer.builder("agentchat.ledger.http.requests")
        .description("answered requests, by route and status")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  /// The text exposition format of Prometheus.
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
