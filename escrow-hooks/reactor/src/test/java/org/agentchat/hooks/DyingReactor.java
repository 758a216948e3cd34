package org.agentchat.hooks;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import org.agentchat.hooks.webhook.SigningKey;
import org.agentchat.hooks.webhook.WebhookHandler;
import org.agentchat.hooks.webhook.WebhookSettings;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// A reactor in a process of its own, with one webhook, that ends by `kill -9` when it has come to
/// a step for the so-manieth time.
public final class DyingReactor {
  private static final String HOOK = "webhook";

  private DyingReactor() {}

  /// Arguments: Kafka's address, the outbox, the webhook's address, the step to die at (or `none`)
  /// and how often it must be reached.
  public static void main(String[] arguments) {
    EventLog log = KafkaEventLog.open(KafkaSettings.embedded(arguments[0]));
    Reactor reactor =
        new Death(arguments[3], Integer.parseInt(arguments[4]))
            .start(
                new ReactorSettings(arguments[1], Optional.empty()),
                List.of(hook(arguments[2])),
                log);
    reactor.stopped().join();
  }

  /// A webhook that is told everything from the beginning.
  public static Hook hook(String url) {
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
    return new Hook(HOOK, "webhook", new WebhookHandler(settings), Hook.From.BEGINNING, 4);
  }

  /// The ids that it is told, as they follow from a log; said by the planner alone.
  ///
  /// @param records all that is in the log
  public static Set<String> expected(List<byte[]> records) {
    return expected(HOOK, records);
  }

  static Set<String> expected(String hook, List<byte[]> records) {
    Planner planner = new NoticePlanner(hook, NoticeFilter.ALL);
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    Set<String> ids = new HashSet<>();
    for (byte[] record : records) {
      Applied applied = ledger.apply(reader.read(ledger.size(), record));
      planner
          .plan(applied, Notices.of(applied, ledger), ledger)
          .forEach(action -> ids.add(action.key()));
    }
    return ids;
  }
}
