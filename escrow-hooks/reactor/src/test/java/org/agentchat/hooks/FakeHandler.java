package org.agentchat.hooks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A handler whose attempts end as a test says.
final class FakeHandler implements Handler {
  /// What an attempt does.
  @FunctionalInterface
  interface Script {
    Outcome attempt(Intent intent) throws InterruptedException, SQLException;
  }

  private final Planner planner;
  private final Script script;
  private final List<Intent> attempts = new CopyOnWriteArrayList<>();
  private volatile @Nullable Workbench workbench;
  private volatile boolean closed;

  FakeHandler(Planner planner, Script script) {
    this.planner = planner;
    this.script = script;
  }

  /// Is told of every notice.
  static Hook hook(String name, Script script) {
    return hook(name, Hook.From.BEGINNING, script);
  }

  static Hook hook(String name, Hook.From from, Script script) {
    Handler handler = new FakeHandler(new NoticePlanner(name, NoticeFilter.ALL), script);
    return new Hook(name, "fake", handler, from, 4);
  }

  static FakeHandler of(Hook hook) {
    return (FakeHandler) hook.handler();
  }

  @Override
  public Planner planner() {
    return planner;
  }

  @Override
  public void start(Workbench lent) {
    workbench = lent;
  }

  Workbench workbench() {
    return Optional.ofNullable(workbench).orElseThrow();
  }

  @Override
  public Outcome attempt(Intent intent) throws InterruptedException, SQLException {
    attempts.add(intent);
    return script.attempt(intent);
  }

  /// Every attempt so far.
  List<Intent> attempts() {
    return List.copyOf(attempts);
  }

  @Override
  public Outcome test() {
    return new Outcome.Done("tested");
  }

  @Override
  public Optional<Duration> retention() {
    return Optional.of(Duration.ofDays(1));
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
