package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.agentchat.database.Database;
import org.agentchat.hooks.webhook.SigningKey;
import org.agentchat.hooks.webhook.Target;
import org.agentchat.hooks.webhook.WebhookHandler;
import org.agentchat.hooks.webhook.WebhookSettings;
import org.agentchat.ledger.VerifiedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One reactor with webhooks to good, slow, failing and hostile targets: what a target does delays
/// nobody else's deliveries.
@Timeout(120)
final class HostileTargetsIT {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Longer than the test waits for anything: who hangs, hangs until the end.
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private static final int DEALS = 20;

  @TempDir private Path folder;

  @Test
  void badTargetsDelayOnlyTheirOwnDeliveries() throws Exception {
    Story story = Story.begun();
    for (int i = 0; i < DEALS; i++) {
      story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    }
    try (Target good = Target.answering(Target.status(204));
        Target silent = Target.start((_, _) -> Thread.sleep(FOR_EVER));
        Target dripping = Target.start(HostileTargetsIT::drip);
        Target flooding = Target.start(HostileTargetsIT::flood);
        Target failing = Target.answering(Target.status(500));
        Target redirecting = Target.answering(Target.status(302, "location: http://127.0.0.1:1/"));
        Target gone = Target.answering(Target.status(410))) {
      Map<String, Target> bad =
          Map.of(
              "silent", silent,
              "dripping", dripping,
              "flooding", flooding,
              "failing", failing,
              "redirecting", redirecting,
              "gone", gone);
      List<Hook> hooks = new ArrayList<>();
      bad.forEach((name, target) -> hooks.add(hook(name, target)));
      hooks.add(hook("good", good));
      try (Reactor reactor =
          Reactor.start(
              new ReactorSettings(database(), Optional.empty()),
              hooks,
              FakeLog.of(story),
              new VerifiedEvents())) {
        Set<String> expected = DyingReactor.expected("good", story.events);
        reactor.awaitCaughtUp(PATIENCE);
        await().atMost(PATIENCE).until(() -> summary("good").done() == expected.size());
        // Each was asked, and none has taken anything.
        for (Map.Entry<String, Target> each : bad.entrySet()) {
          await().atMost(PATIENCE).until(() -> !each.getValue().requests().isEmpty());
          assertThat(summary(each.getKey()).done()).as(each.getKey()).isZero();
        }
        assertThat(summary("silent").open()).isEqualTo(expected.size());
        assertThat(summary("dripping").open()).isEqualTo(expected.size());
        assertThat(silent.requests()).hasSize(4);
        assertThat(reactor.stopped()).isNotDone();
        requireAccepted(good, expected);
      }
    }
  }

  private static void drip(Target.Request request, OutputStream out)
      throws IOException, InterruptedException {
    out.write("HTTP/1.1 200 ok\r\n".getBytes(StandardCharsets.UTF_8));
    while (true) {
      out.write('x');
      out.flush();
      Thread.sleep(100);
    }
  }

  private static void flood(Target.Request request, OutputStream out) throws IOException {
    byte[] much = "y".repeat(8_192).getBytes(StandardCharsets.UTF_8);
    out.write("HTTP/1.1 200 ok\r\nx: ".getBytes(StandardCharsets.UTF_8));
    while (true) {
      out.write(much);
    }
  }

  /// The library of the Standard Webhooks project accepts every delivery, and each came once.
  private static void requireAccepted(Target good, Set<String> expected) throws Exception {
    Webhook library = new Webhook(SECRET);
    List<String> ids = new ArrayList<>();
    for (Target.Request request : good.requests()) {
      Map<String, List<String>> headers =
          request.headers().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
      assertThatCode(() -> library.verify(request.body(), HttpHeaders.of(headers, (_, _) -> true)))
          .doesNotThrowAnyException();
      ids.add(request.headers().get("webhook-id"));
    }
    assertThat(ids).doesNotHaveDuplicates().hasSameSizeAs(expected);
    assertThat(Set.copyOf(ids)).isEqualTo(expected);
  }

  private static Hook hook(String name, Target target) {
    WebhookSettings settings =
        new WebhookSettings(
            name,
            NoticeFilter.ALL,
            HttpUrl.get("http://127.0.0.1:%d/hook".formatted(target.port())),
            List.of(SigningKey.of(SECRET)),
            FOR_EVER,
            true,
            RetrySchedule.DEFAULT,
            Duration.ofDays(1),
            Optional.empty());
    return new Hook(name, "webhook", new WebhookHandler(settings), Hook.From.BEGINNING, 4);
  }

  private String database() {
    return folder.resolve("hooks.db").toString();
  }

  private HookSummary summary(String hook) {
    try (Database visited = Outbox.visit(database())) {
      return new Outbox(visited)
          .summaries().stream()
              .filter(summary -> summary.state().name().equals(hook))
              .findFirst()
              .orElseThrow();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
