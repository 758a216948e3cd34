package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.database.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the outbox does on every database.
abstract class OutboxContract {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);
  private static final String ROOT = "ab".repeat(32);

  @TempDir Path folder;

  Database database;
  Outbox outbox;

  abstract Database open();

  /// The same database beside whoever keeps it.
  abstract Database visit();

  @BeforeEach
  void openOutbox() throws SQLException {
    database = open();
    try (Statement statement = database.writer().createStatement()) {
      for (String table : List.of("intent", "hook", "reactor", "hooks_schema_history")) {
        statement.executeUpdate("DROP TABLE IF EXISTS " + table);
      }
    }
    database.writer().commit();
    outbox = new Outbox(database);
    outbox.migrate();
    outbox.register(List.of(hook("a"), hook("b")), 7);
  }

  @AfterEach
  void closeOutbox() {
    database.close();
  }

  private static Hook hook(String name) {
    return FakeHandler.hook(name, Hook.From.NOW, _ -> new Outcome.Done(""));
  }

  private static Plans.Plan plan(String hook, String key, String lane) {
    return new Plans.Plan(
        hook, 7, new Action(key, lane, "receipt:issued", "{\"key\":\"" + key + "\"}"));
  }

  private int record(Plans.Plan... plans) throws SQLException {
    Plans all = new Plans(new ReadPosition(8, ROOT, "log"), List.of("a", "b"), List.of(plans));
    return outbox.record(all, NOW);
  }

  private List<String> due(String hook, Instant at) throws SQLException {
    return outbox.due(hook, at, 100).stream().map(Intent::key).toList();
  }

  private Intent intent(String hook, String key) throws SQLException {
    return outbox.due(hook, NOW.plus(Duration.ofDays(9)), 100).stream()
        .filter(found -> found.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private HookSummary summary(String hook) throws SQLException {
    return outbox.summaries().stream()
        .filter(found -> found.state().name().equals(hook))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tablesAreMadeOnce() throws SQLException {
    record(plan("a", "1", "x"));
    outbox.migrate();
    assertThat(due("a", NOW)).containsExactly("1");
  }

  @Test
  void intentsAndPositionAreRecordedTogether() throws SQLException {
    assertThat(outbox.position().size()).isZero();
    assertThat(record(plan("a", "1", "x"), plan("b", "2", "x"))).isEqualTo(2);
    assertThat(outbox.position()).isEqualTo(new ReadPosition(8, ROOT, "log"));
    assertThat(outbox.hooks().get("a").nextIndex()).isEqualTo(8);
    Intent intent = outbox.due("a", NOW, 1).getFirst();
    assertThat(intent)
        .isEqualTo(
            new Intent(intent.id(), "a", "1", "x", "receipt:issued", "{\"key\":\"1\"}", 7, NOW, 0));
  }

  @Test
  void recordingAgainChangesNothing() throws SQLException {
    record(plan("a", "1", "x"));
    outbox.end(intent("a", "1"), new Outcome.Done("done"), NOW);
    assertThat(record(plan("a", "1", "x"), plan("a", "2", "x"))).isEqualTo(1);
    assertThat(due("a", NOW)).containsExactly("2");
  }

  @Test
  void keyOfAnotherHookIsNotPlannedTwice() throws SQLException {
    assertThat(record(plan("a", "shared", "x"), plan("b", "shared", "x"))).isEqualTo(1);
    assertThat(due("b", NOW)).isEmpty();
  }

  @Test
  void positionNeverGoesBack() throws SQLException {
    record();
    outbox.record(
        new Plans(new ReadPosition(3, "cd".repeat(32), "log"), List.of("a"), List.of()), NOW);
    assertThat(outbox.position().size()).isEqualTo(8);
    assertThat(outbox.hooks().get("a").nextIndex()).isEqualTo(8);
  }

  @Test
  void newHookBeginsNowOrAtTheBeginningAndAKnownOneGoesOn() throws SQLException {
    record();
    Hook late = FakeHandler.hook("late", Hook.From.BEGINNING, _ -> new Outcome.Done(""));
    outbox.register(List.of(hook("a"), hook("c"), late), 20);
    assertThat(outbox.hooks().get("a").nextIndex()).isEqualTo(8);
    assertThat(outbox.hooks().get("c").nextIndex()).isEqualTo(20);
    assertThat(outbox.hooks().get("late").nextIndex()).isZero();
  }

  @Test
  void onlyTheOldestOfALaneIsDue() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "x"), plan("a", "3", "y"), plan("b", "4", "x"));
    assertThat(due("a", NOW)).containsExactly("1", "3");
    assertThat(due("b", NOW)).containsExactly("4");
    outbox.end(intent("a", "1"), new Outcome.Done(""), NOW);
    assertThat(due("a", NOW)).containsExactlyInAnyOrder("2", "3");
  }

  @Test
  void failedIntentHoldsUpItsLaneUntilItsTimeComes() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "x"), plan("a", "3", "y"));
    Instant later = NOW.plusSeconds(30);
    outbox.end(intent("a", "1"), new Outcome.Retry(later, "no"), NOW);
    assertThat(due("a", NOW)).containsExactly("3");
    assertThat(due("a", later)).contains("1").doesNotContain("2");
    assertThat(intent("a", "1").attempts()).isEqualTo(1);
  }

  @Test
  void waitingIsNoFailureAndWakingEndsIt() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "y"));
    outbox.end(intent("a", "1"), new Outcome.Waiting(NOW.plusSeconds(900), "a block"), NOW);
    outbox.end(intent("a", "2"), new Outcome.Retry(NOW.plusSeconds(900), "no"), NOW);
    assertThat(due("a", NOW)).isEmpty();
    outbox.wake("a", NOW);
    assertThat(due("a", NOW)).containsExactly("1");
    assertThat(outbox.due("a", NOW, 9).getFirst().attempts()).isZero();
  }

  @Test
  void deadLetterLetsItsLaneGoOnAndCanBeRevived() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "x"));
    outbox.end(intent("a", "1"), new Outcome.Dead("hopeless"), NOW);
    assertThat(due("a", NOW)).containsExactly("2");
    Letter letter = outbox.dead(Optional.of("a"), 0, 9).getFirst();
    assertThat(letter.note()).isEqualTo("hopeless");
    assertThat(letter.diedAt()).isEqualTo(NOW);
    assertThat(letter.intent().attempts()).isEqualTo(1);
    assertThat(outbox.retry(letter.intent().id(), NOW)).isTrue();
    assertThat(outbox.dead(Optional.empty(), 0, 9)).isEmpty();
    assertThat(due("a", NOW)).containsExactly("1");
    assertThat(intent("a", "1").attempts()).isZero();
  }

  @Test
  void disabledHookPlansDeadLettersUntilItIsRetried() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "x"), plan("b", "3", "x"));
    outbox.end(intent("a", "1"), new Outcome.Disabled("HTTP 410"), NOW);
    assertThat(outbox.hooks().get("a").disabled()).isEqualTo("HTTP 410");
    record(plan("a", "4", "z"));
    assertThat(due("a", NOW)).isEmpty();
    assertThat(due("b", NOW)).containsExactly("3");
    assertThat(outbox.dead(Optional.of("a"), 0, 9)).hasSize(3);
    assertThat(outbox.retryAll(Optional.of("a"), NOW)).isEqualTo(3);
    assertThat(outbox.hooks().get("a").disabled()).isNull();
    assertThat(due("a", NOW)).containsExactlyInAnyOrder("1", "4");
  }

  @Test
  void retryOfEverythingLeavesWhatIsDoneAlone() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "y"), plan("b", "3", "z"));
    outbox.end(intent("a", "1"), new Outcome.Done(""), NOW);
    outbox.end(intent("a", "2"), new Outcome.Retry(NOW.plusSeconds(900), "no"), NOW);
    outbox.end(intent("b", "3"), new Outcome.Dead("no"), NOW);
    assertThat(outbox.retryAll(Optional.empty(), NOW)).isEqualTo(2);
    assertThat(due("a", NOW)).containsExactly("2");
    assertThat(due("b", NOW)).containsExactly("3");
  }

  @Test
  void discardForgetsDeadLettersOnly() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "y"));
    long open = intent("a", "2").id();
    long dead = intent("a", "1").id();
    outbox.end(intent("a", "1"), new Outcome.Dead("no"), NOW);
    assertThat(outbox.discard(open)).isFalse();
    assertThat(outbox.discard(dead)).isTrue();
    assertThat(outbox.discard(dead)).isFalse();
    assertThat(outbox.dead(Optional.empty(), 0, 9)).isEmpty();
  }

  @Test
  void onlyWhatIsDoneIsForgotten() throws SQLException {
    record(plan("a", "1", "x"), plan("a", "2", "y"), plan("a", "3", "z"), plan("b", "4", "z"));
    outbox.end(intent("a", "1"), new Outcome.Done(""), NOW);
    outbox.end(intent("a", "2"), new Outcome.Dead(""), NOW);
    outbox.end(intent("b", "4"), new Outcome.Done(""), NOW);
    assertThat(outbox.forget("a", NOW)).isZero();
    assertThat(outbox.forget("a", NOW.plusMillis(1))).isEqualTo(1);
    assertThat(summary("a").done()).isZero();
    assertThat(summary("b").done()).isEqualTo(1);
    assertThat(summary("a").dead()).isEqualTo(1);
  }

  @Test
  void summariesCountWhatIsThere() throws SQLException {
    record(
        plan("a", "1", "v"),
        plan("a", "2", "w"),
        plan("a", "3", "x"),
        plan("a", "4", "y"),
        plan("a", "5", "z"));
    outbox.end(intent("a", "2"), new Outcome.Retry(NOW.plusSeconds(9), "HTTP 500"), NOW);
    outbox.end(intent("a", "3"), new Outcome.Waiting(NOW.plusSeconds(9), "a block"), NOW);
    outbox.end(intent("a", "4"), new Outcome.Dead("no"), NOW);
    outbox.end(intent("a", "5"), new Outcome.Done("yes"), NOW);
    HookSummary all = summary("a");
    assertThat(all)
        .isEqualTo(
            new HookSummary(
                new HookState("a", "fake", 8, null),
                3,
                1,
                1,
                0,
                1,
                1,
                NOW.toEpochMilli(),
                "HTTP 500"));
    assertThat(summary("b"))
        .isEqualTo(
            new HookSummary(new HookState("b", "fake", 8, null), 0, 0, 0, 0, 0, 0, null, null));
  }

  @Test
  void stuckIntentIsShownAndKeepsItsReasonWhenItDies() throws SQLException {
    record(plan("a", "1", "x"));
    outbox.end(
        intent("a", "1"), new Outcome.Stuck(NOW.plusSeconds(900), "POOR", "no money for gas"), NOW);
    assertThat(due("a", NOW)).isEmpty();
    assertThat(summary("a").waiting()).isEqualTo(1);
    assertThat(summary("a").stuck()).isEqualTo(1);
    assertThat(summary("a").trouble()).isEqualTo("no money for gas");
    outbox.wake("a", NOW);
    assertThat(due("a", NOW)).containsExactly("1");
    outbox.end(intent("a", "1"), new Outcome.Dead("the deadline has passed"), NOW);
    assertThat(outbox.dead(Optional.of("a"), 0, 9).getFirst().note())
        .isEqualTo("the deadline has passed (before that: no money for gas)");
  }

  @Test
  void signOfLifeIsThereToBeSeen() throws SQLException {
    assertThat(outbox.sighting().at()).isEqualTo(Instant.EPOCH);
    outbox.seen(12, NOW);
    assertThat(outbox.sighting()).isEqualTo(new Outbox.Sighting(0, 12, NOW));
  }

  @Test
  void numbersOfForgottenIntentsAreNotUsedAgain() throws SQLException {
    record(plan("a", "1", "x"));
    Intent first = intent("a", "1");
    outbox.end(first, new Outcome.Done(""), NOW);
    outbox.forget("a", NOW.plusMillis(1));
    record(plan("a", "2", "x"));
    assertThat(intent("a", "2").id()).isGreaterThan(first.id());
  }

  @Test
  void workThatFailsLeavesNothingBehind() throws SQLException {
    assertThatThrownBy(() ->
            outbox.transaction(connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM hook");
              }
              throw new SQLException("no");
            }))
        .isInstanceOf(SQLException.class);
    assertThat(outbox.hooks()).containsOnlyKeys("a", "b");
  }

  @Test
  void operatorRevivesBesideTheReactor() throws SQLException {
    record(plan("a", "1", "x"));
    outbox.end(intent("a", "1"), new Outcome.Dead("no"), NOW);
    try (Database visited = visit()) {
      Outbox beside = new Outbox(visited);
      assertThat(beside.retryAll(Optional.empty(), NOW)).isEqualTo(1);
    }
    assertThat(due("a", NOW)).containsExactly("1");
  }
}
