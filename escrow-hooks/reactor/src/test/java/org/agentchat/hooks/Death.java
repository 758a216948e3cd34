package org.agentchat.hooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;

/// How a process dies that was told when: by `kill -9`, and the thread that has come to the moment
/// does nothing more before it.
public final class Death {
  /// The kernel needs no part of this.
  private static final Duration AGONY = Duration.ofMinutes(1);

  private final String moment;
  private final AtomicInteger left;

  /// @param moment where to die, or `none`
  /// @param times how often it must have been reached
  public Death(String moment, int times) {
    this.moment = moment;
    this.left = new AtomicInteger(times);
  }

  /// The process has come to a moment.
  public void at(String now) {
    if (now.equals(moment) && left.decrementAndGet() == 0) {
      die();
    }
  }

  private static void die() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      Thread.sleep(AGONY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("kill -9 did not kill");
  }

  /// Starts a reactor whose steps are such moments, by their names.
  public Reactor start(ReactorSettings settings, List<Hook> hooks, EventLog log) {
    return Reactor.start(settings, hooks, log, new VerifiedEvents(), step -> at(step.name()));
  }
}
