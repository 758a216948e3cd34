package org.agentchat.hooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// What Prometheus may scrape. Labels have few values: hooks of the configuration and outcome
/// words.
final class ReactorMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter intents =
      Counter.builder("agentchat.hooks.planned")
          .description("intents that were planned since the start")
          .register(registry);

  /// @param summaries how the hooks do; asked once for each gauge, so it remembers for a moment
  void watch(Supplier<Health> health, List<Hook> hooks, Supplier<List<HookSummary>> summaries) {
    gauge(
        "agentchat.hooks.read",
        "entries that hooks were planned from",
        () -> health.get().read(),
        Tags.empty());
    gauge(
        "agentchat.hooks.lag",
        "entries that were not planned from yet",
        () -> health.get().lag(),
        Tags.empty());
    gauge(
        "agentchat.hooks.healthy",
        "1 when /health answers 200",
        () -> health.get().isHealthy() ? 1 : 0,
        Tags.empty());
    for (Hook hook : hooks) {
      Tags tags = Tags.of("hook", hook.name());
      ofHook(
          "agentchat.hooks.open",
          "intents that are not done",
          HookSummary::open,
          hook,
          tags,
          summaries);
      ofHook(
          "agentchat.hooks.failing",
          "intents that are attempted again",
          HookSummary::failing,
          hook,
          tags,
          summaries);
      ofHook(
          "agentchat.hooks.waiting",
          "intents whose time has not come",
          HookSummary::waiting,
          hook,
          tags,
          summaries);
      ofHook(
          "agentchat.hooks.stuck",
          "waiting intents that an operator should know of",
          HookSummary::stuck,
          hook,
          tags,
          summaries);
      ofHook(
          "agentchat.hooks.dead",
          "dead letters, which want an operator",
          HookSummary::dead,
          hook,
          tags,
          summaries);
    }
  }

  private void ofHook(
      String name,
      String description,
      ToLongFunction<HookSummary> value,
      Hook hook,
      Tags tags,
      Supplier<List<HookSummary>> summaries) {
    gauge(
        name,
        description,
        () ->
            summaries.get().stream()
                .filter(summary -> summary.state().name().equals(hook.name()))
                .mapToLong(value)
                .sum(),
        tags);
  }

  private void gauge(String name, String description, Supplier<Number> value, Tags tags) {
    Gauge.builder(name, value).description(description).tags(tags).register(registry);
  }

  void planned(int added) {
    intents.increment(added);
  }

  void attempted(String hook, Outcome outcome, Duration took) {
    Timer.builder("agentchat.hooks.attempts")
        .description("attempts, by hook and outcome")
        .tag("hook", hook)
        .tag("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
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
