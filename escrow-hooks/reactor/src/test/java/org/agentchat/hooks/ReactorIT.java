package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.agentchat.database.Database;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogFailures;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A reactor over a log in memory and a SQLite file, with handlers that do as they are told.
final class ReactorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final FakeHandler.Script SUCCEEDS = _ -> new Outcome.Done("done");

  @TempDir Path folder;

  private final Story story = Story.begun();
  private final FakeLog log = new FakeLog();
  private final List<Reactor> reactors = new ArrayList<>();
  private int told;

  @AfterEach
  void close() {
    reactors.forEach(Reactor::close);
  }

  private Reactor start(Hook... hooks) {
    tell();
    ReactorSettings settings = new ReactorSettings(database(), Optional.empty());
    Reactor reactor = Reactor.start(settings, List.of(hooks), log, new VerifiedEvents());
    reactors.add(reactor);
    return reactor;
  }

  private String database() {
    return folder.resolve("hooks.db").toString();
  }

  private void stop(Reactor reactor) {
    reactors.remove(reactor);
    reactor.close();
  }

  /// Puts into the log what the story has told since.
  private void tell() {
    log.append(story.events.subList(told, story.events.size()));
    told = story.events.size();
  }

  private String deal() {
    return story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
  }

  private static void until(BooleanSupplier wanted) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(wanted::getAsBoolean);
  }

  private static List<String> events(Hook hook) {
    return FakeHandler.of(hook).attempts().stream().map(Intent::event).toList();
  }

  /// Waits until the hook has nothing to do.
  private void untilIdle(Hook hook, int attempts) {
    until(() -> FakeHandler.of(hook).attempts().size() >= attempts && open(hook) == 0);
  }

  private long open(Hook hook) {
    try (Database visited = Outbox.visit(database())) {
      return new Outbox(visited)
          .summaries().stream()
              .filter(summary -> summary.state().name().equals(hook.name()))
              .mapToLong(HookSummary::open)
              .sum();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noticesOfADealAreDeliveredInOrder() {
    Hook hook = FakeHandler.hook("a", SUCCEEDS);
    deal();
    start(hook);
    untilIdle(hook, 3);
    assertThat(events(hook))
        .containsExactly("proposal:opened", "proposal:accepted", "receipt:issued");
    deal();
    tell();
    untilIdle(hook, 6);
  }

  @Test
  void restartDoesNothingTwice() throws InterruptedException, TimeoutException {
    Hook first = FakeHandler.hook("a", SUCCEEDS);
    deal();
    Reactor reactor = start(first);
    untilIdle(first, 3);
    stop(reactor);
    assertThat(FakeHandler.of(first).isClosed()).isTrue();
    Hook second = FakeHandler.hook("a", SUCCEEDS);
    deal();
    start(second).awaitCaughtUp(PATIENCE);
    untilIdle(second, 3);
    assertThat(FakeHandler.of(second).attempts().stream().map(Intent::key))
        .doesNotContainAnyElementsOf(
            FakeHandler.of(first).attempts().stream().map(Intent::key).toList());
  }

  @Test
  void stuckDealDoesNotStopOthers() {
    String stuck = story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    story.accept(Story.BOB, stuck, null);
    String other = deal();
    Hook hook =
        FakeHandler.hook(
            "a",
            intent ->
                intent.lane().equals(stuck)
                    ? new Outcome.Retry(Instant.now().plusSeconds(3_600), "stuck")
                    : new Outcome.Done(""));
    start(hook);
    until(() -> events(hook).contains("receipt:issued"));
    assertThat(FakeHandler.of(hook).attempts().stream().filter(i -> i.lane().equals(stuck)))
        .hasSize(1);
    assertThat(FakeHandler.of(hook).attempts().stream().filter(i -> i.lane().equals(other)))
        .hasSize(3);
  }

  @Test
  void slowHookAndBrokenHookDelayNobodyElse() {
    CountDownLatch never = new CountDownLatch(1);
    Hook slow =
        FakeHandler.hook(
            "slow",
            _ -> {
              boolean _ = never.await(1, TimeUnit.HOURS);
              return new Outcome.Done("");
            });
    Hook broken =
        FakeHandler.hook(
            "broken",
            _ -> {
              throw new IllegalStateException("a bug");
            });
    Hook good = FakeHandler.hook("good", SUCCEEDS);
    for (int i = 0; i < 10; i++) {
      deal();
    }
    Reactor reactor = start(slow, broken, good);
    untilIdle(good, 30);
    assertThat(FakeHandler.of(slow).attempts()).hasSize(4);
    until(() -> FakeHandler.of(broken).attempts().size() >= 10);
    assertThat(reactor.stopped()).isNotDone();
  }

  @Test
  void noLaneHasTwoAttemptsAtOnceAndNoHookMoreThanItMay() {
    ConcurrentHashMap<String, Boolean> busy = new ConcurrentHashMap<>();
    AtomicBoolean twice = new AtomicBoolean();
    AtomicInteger most = new AtomicInteger();
    Hook hook =
        FakeHandler.hook(
            "a",
            intent -> {
              if (busy.put(intent.lane(), true) != null) {
                twice.set(true);
              }
              most.accumulateAndGet(busy.size(), Math::max);
              Thread.sleep(5);
              busy.remove(intent.lane());
              return new Outcome.Done("");
            });
    for (int i = 0; i < 10; i++) {
      deal();
    }
    start(hook);
    untilIdle(hook, 30);
    assertThat(twice).isFalse();
    assertThat(most.get()).isBetween(2, 4);
    assertThat(FakeHandler.of(hook).attempts()).hasSize(30);
  }

  @Test
  void failedAttemptIsMadeAgainWithTheSameId() {
    AtomicBoolean failed = new AtomicBoolean();
    Hook hook =
        FakeHandler.hook(
            "a",
            _ ->
                failed.getAndSet(true)
                    ? new Outcome.Done("")
                    : new Outcome.Retry(Instant.now().plusMillis(50), "once"));
    story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    start(hook);
    untilIdle(hook, 2);
    List<Intent> attempts = FakeHandler.of(hook).attempts();
    assertThat(attempts).hasSize(2);
    assertThat(attempts.get(0).key()).isEqualTo(attempts.get(1).key());
    assertThat(attempts.get(1).attempts()).isEqualTo(1);
  }

  @Test
  void newHookBeginsNowUnlessItIsToldOtherwise() {
    deal();
    Hook now = FakeHandler.hook("now", Hook.From.NOW, SUCCEEDS);
    Hook all = FakeHandler.hook("all", Hook.From.BEGINNING, SUCCEEDS);
    start(now, all);
    untilIdle(all, 3);
    deal();
    tell();
    untilIdle(all, 6);
    untilIdle(now, 3);
    assertThat(events(now)).hasSize(3);
  }

  @Test
  void hookThatIsAddedLaterAndBeginsAtTheBeginningGoesThroughItAlone() {
    deal();
    Hook old = FakeHandler.hook("old", SUCCEEDS);
    Reactor reactor = start(old);
    untilIdle(old, 3);
    stop(reactor);
    Hook again = FakeHandler.hook("old", SUCCEEDS);
    Hook late = FakeHandler.hook("late", Hook.From.BEGINNING, SUCCEEDS);
    start(again, late);
    untilIdle(late, 3);
    deal();
    tell();
    untilIdle(late, 6);
    untilIdle(again, 3);
    assertThat(events(again)).hasSize(3);
    assertThat(events(late)).hasSize(6);
  }

  @Test
  void anotherLogIsRefusedBeforeAnythingIsDone() {
    deal();
    Hook first = FakeHandler.hook("a", _ -> new Outcome.Retry(Instant.now(), "no"));
    Reactor reactor = start(first);
    until(() -> !FakeHandler.of(first).attempts().isEmpty());
    stop(reactor);
    log.truncate(0);
    log.append(Story.begun().events);
    Story other = Story.begun();
    other.finish(Story.BOB, Story.CAROL, Story.Offer.PLAIN);
    other.tick();
    log.truncate(0);
    log.append(other.events);
    Hook second = FakeHandler.hook("a", SUCCEEDS);
    Hook late = FakeHandler.hook("late", SUCCEEDS);
    Reactor refusing = start(second, late);
    assertThatThrownBy(() -> refusing.stopped().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ReactorStoppedException.class)
        .hasMessageContaining("the log was replaced")
        .hasMessageContaining("nothing is delivered meanwhile");
    assertThat(FakeHandler.of(second).attempts()).isEmpty();
    assertThat(FakeHandler.of(late).attempts()).isEmpty();
    assertThat(refusing.health().status()).isEqualTo(Health.Status.STOPPED);
  }

  @Test
  void shorterLogIsRefused() {
    deal();
    Hook hook = FakeHandler.hook("a", SUCCEEDS);
    Reactor reactor = start(hook);
    untilIdle(hook, 3);
    stop(reactor);
    log.truncate(2);
    Reactor refusing = start(FakeHandler.hook("a", SUCCEEDS));
    assertThatThrownBy(() -> refusing.stopped().join())
        .hasMessageContaining("planned from 4 entries but the log has only 2");
  }

  @Test
  void logThatIsAwayIsWaitedFor() {
    log.fail(LogFailures.away());
    Hook hook = FakeHandler.hook("a", SUCCEEDS);
    Reactor reactor = start(hook);
    until(() -> reactor.health().status() == Health.Status.LOG_AWAY);
    log.fail(null);
    deal();
    tell();
    // Where a new hook begins is known once the log says its size.
    until(() -> reactor.health().isHealthy());
    untilIdle(hook, 3);
  }

  @Test
  void waitingIntentIsLookedAtAgainWhenItsHandlerIsWoken() {
    AtomicBoolean ready = new AtomicBoolean();
    Hook hook =
        FakeHandler.hook(
            "a",
            _ ->
                ready.get()
                    ? new Outcome.Done("")
                    : new Outcome.Waiting(Instant.now().plusSeconds(3_600), "a block"));
    story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    start(hook);
    until(() -> FakeHandler.of(hook).attempts().size() == 1);
    ready.set(true);
    FakeHandler.of(hook).workbench().wake();
    untilIdle(hook, 2);
  }

  @Test
  void handlerHasTablesOfItsOwnAndLooksAtTheFold() throws SQLException {
    deal();
    Hook hook = FakeHandler.hook("a", SUCCEEDS);
    start(hook);
    untilIdle(hook, 3);
    Workbench bench = FakeHandler.of(hook).workbench();
    int written =
        bench.transaction(connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("CREATE TABLE own (x INTEGER)")) {
            statement.executeUpdate();
          }
          try (PreparedStatement statement =
              connection.prepareStatement("INSERT INTO own VALUES (1)")) {
            return statement.executeUpdate();
          }
        });
    assertThat(written).isEqualTo(1);
    assertThat(bench.look(Ledger::size)).isEqualTo(4);
    assertThat(bench.log()).isSameAs(log);
  }

  @Test
  void deadLettersAreRevivedWhileTheReactorRuns() throws SQLException {
    AtomicBoolean mended = new AtomicBoolean();
    Hook hook =
        FakeHandler.hook("a", _ -> mended.get() ? new Outcome.Done("") : new Outcome.Dead("no"));
    story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    start(hook);
    untilIdle(hook, 1);
    mended.set(true);
    try (Database visited = Outbox.visit(database())) {
      Outbox outbox = new Outbox(visited);
      until(() -> dead(outbox) == 1);
      assertThat(outbox.retryAll(Optional.empty(), Instant.now())).isEqualTo(1);
      untilIdle(hook, 2);
      assertThat(dead(outbox)).isZero();
    }
  }

  private static int dead(Outbox outbox) {
    try {
      return outbox.dead(Optional.empty(), 0, 9).size();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void healthAndMetricsAreServed() throws IOException, InterruptedException, TimeoutException {
    deal();
    tell();
    Hook hook = FakeHandler.hook("a", _ -> new Outcome.Dead("no"));
    ReactorSettings settings =
        new ReactorSettings(
            database(), Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Reactor reactor = Reactor.start(settings, List.of(hook), log, new VerifiedEvents());
    reactors.add(reactor);
    reactor.awaitCaughtUp(PATIENCE);
    until(() -> reactor.health().isHealthy());
    until(() -> {
      JsonNode health = Json.parse(get(reactor, "/health"));
      return health.path("status").asString().equals("healthy")
          && health.path("hooks").path(0).path("dead").asLong() == 3;
    });
    assertThat(get(reactor, "/metrics"))
        .contains("agentchat_hooks_dead{hook=\"a\"} 3.0")
        .contains("agentchat_hooks_planned_total 3.0");
    HttpURLConnection posted =
        (HttpURLConnection) URI.create(address(reactor) + "/health").toURL().openConnection();
    posted.setRequestMethod("POST");
    posted.setDoOutput(true);
    posted.getOutputStream().close();
    assertThat(posted.getResponseCode()).isEqualTo(405);
  }

  private static String address(Reactor reactor) {
    return "http://127.0.0.1:" + reactor.address().orElseThrow().getPort();
  }

  private static String get(Reactor reactor, String path) {
    try (InputStream in = URI.create(address(reactor) + path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void twoHooksOfOneNameAreRefused() {
    Hook one = FakeHandler.hook("a", SUCCEEDS);
    Hook two = FakeHandler.hook("a", SUCCEEDS);
    assertThatThrownBy(() -> start(one, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two hooks are called a");
    assertThat(FakeHandler.of(two).isClosed()).isTrue();
  }
}
