package org.agentchat.hooks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import org.agentchat.hooks.webhook.SigningKey;
import org.agentchat.hooks.webhook.WebhookHandler;
import org.agentchat.hooks.webhook.WebhookSettings;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;

/// A reactor in a process of its own, with one webhook, that ends as `kill -9` would end it when it
/// has come to a step for the so-manieth time.
final class DyingReactor {
  static final String HOOK = "webhook";

  private DyingReactor() {}

  /// Arguments: Kafka's address, the outbox, the webhook's address, the step to die at (or `none`)
  /// and how often it must be reached.
  public static void main(String[] arguments) {
    String url = arguments[2];
    WebhookSettings settings =
        new WebhookSettings(
            HOOK,
            NoticeFilter.ALL,
            HttpUrl.get(url),
            List.of(SigningKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
            Duration.ofSeconds(30),
            true,
            new RetrySchedule(List.of(Duration.ofMillis(100), Duration.ofMillis(100))),
            Duration.ofDays(1),
            Optional.empty());
    EventLog log = KafkaEventLog.open(KafkaSettings.embedded(arguments[0]));
    Reactor reactor =
        Reactor.start(
            new ReactorSettings(arguments[1], Optional.empty()),
            List.of(
                new Hook(HOOK, "webhook", new WebhookHandler(settings), Hook.From.BEGINNING, 4)),
            log,
            new VerifiedEvents(),
            dying(arguments[3], Integer.parseInt(arguments[4])));
    reactor.stopped().join();
  }

  private static Consumer<Step> dying(String step, int times) {
    AtomicInteger reached = new AtomicInteger();
    return now -> {
      if (now.name().equals(step) && reached.incrementAndGet() == times) {
        // Nothing is flushed, closed or finished, as with SIGKILL.
        Runtime.getRuntime().halt(137);
      }
    };
  }
}
