package org.agentchat.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatMessage;
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
  private final Counter auditLost =
      Counter.builder("agentchat_relay_audit_lost")
          .description("lines of the audit log that could not be written")
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
          case ClientMessage.CaptchaResponse _ -> "CAPTCHA_RESPONSE";
          case AdminMessage _ -> "ADMIN";
          case ClientMessage.Join _ -> "JOIN";
          case ClientMessage.Leave _ -> "LEAVE";
          case ClientMessage.Msg _ -> "MSG";
          case ClientMessage.ListChannels _ -> "LIST_CHANNELS";
          case ClientMessage.ListAgents _ -> "LIST_AGENTS";
          case ClientMessage.SearchSkills _ -> "SEARCH_SKILLS";
          case ClientMessage.Ping _ -> "PING";
          case ClientMessage.Resume _ -> "RESUME";
          case ChatMessage chat -> type(chat);
        };
    registry.counter("agentchat_relay_frames", "type", type.toLowerCase(Locale.ROOT)).increment();
  }

  private static String type(ChatMessage message) {
    return switch (message) {
      case ChatMessage.SetPresence _ -> "SET_PRESENCE";
      case ChatMessage.SetNick _ -> "SET_NICK";
      case ChatMessage.Typing _ -> "TYPING";
      case ChatMessage.RespondingTo _ -> "RESPONDING_TO";
      case ChatMessage.CreateChannel _ -> "CREATE_CHANNEL";
      case ChatMessage.Invite _ -> "INVITE";
      case ChatMessage.FileChunk _ -> "FILE_CHUNK";
      case ChatMessage.VerifyRequest _ -> "VERIFY_REQUEST";
      case ChatMessage.VerifyResponse _ -> "VERIFY_RESPONSE";
    };
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

  void auditLost(int lines) {
    auditLost.increment(lines);
  }

  Timer statements() {
    return statements;
  }

  /// The exposition text, version 0.0.4.
  String scrape() {
    return registry.scrape();
  }
}
