package org.agentchat.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import org.agentchat.schemas.message.ClientMessage;

/// What the relay counts, for Prometheus. Thread-safe.
final class RelayMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter invalid =
      Counter.builder("agentchat_relay_frames_invalid")
          .description("frames refused for their form")
          .register(registry);
  private final Counter evicted =
      Counter.builder("agentchat_relay_connections_cut")
          .description("connections ended because the peer was silent or did not read")
          .register(registry);
  private final Counter bountiesDropped =
      Counter.builder("agentchat_relay_bounties_dropped")
          .description("announcements in #bounties that were dropped because too many waited")
          .register(registry);
  private final Timer statements =
      Timer.builder("agentchat_relay_statement")
          .description("from a statement's arrival to its answer")
          .publishPercentiles(0.5, 0.99)
          .register(registry);

  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("agentchat_relay_" + name, value).description(description).register(registry);
  }

  void received(ClientMessage message) {
    String type =
        switch (message) {
          case ClientMessage.State state -> state.statement().type();
          case ClientMessage.Identify _ -> "IDENTIFY";
          case ClientMessage.VerifyIdentity _ -> "VERIFY_IDENTITY";
          case ClientMessage.Join _ -> "JOIN";
          case ClientMessage.Leave _ -> "LEAVE";
          case ClientMessage.Msg _ -> "MSG";
          case ClientMessage.ListChannels _ -> "LIST_CHANNELS";
          case ClientMessage.ListAgents _ -> "LIST_AGENTS";
          case ClientMessage.SearchSkills _ -> "SEARCH_SKILLS";
          case ClientMessage.Ping _ -> "PING";
        };
    registry.counter("agentchat_relay_frames", "type", type.toLowerCase(Locale.ROOT)).increment();
  }

  void invalid() {
    invalid.increment();
  }

  void cut() {
    evicted.increment();
  }

  void bountyDropped() {
    bountiesDropped.increment();
  }

  Timer statements() {
    return statements;
  }

  /// The exposition text, version 0.0.4.
  String scrape() {
    return registry.scrape();
  }
}
