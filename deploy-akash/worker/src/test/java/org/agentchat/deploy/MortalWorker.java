package org.agentchat.deploy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.deployment.Step;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogRecord;
import org.agentchat.log.Tail;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;

/// A process with a worker that does one thing, a step of a deployment or a statement, says which,
/// and then waits to be killed.
public final class MortalWorker {
  /// What it prints before the name of a step.
  static final String STEP = "step ";

  /// A process needs longer to start than these blocks take.
  private static final Patience FOR_EVER =
      new Patience(3, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 3);

  private MortalWorker() {}

  /// Arguments: the broker, the topic, the node, the home folder, how far the clock is ahead.
  public static void main(String[] arguments) throws Exception {
    EventLog log =
        new Suicidal(PatientLog.open(KafkaSettings.embedded(arguments[0]).withTopic(arguments[1])));
    WorkerSettings settings =
        Shop.settings(Path.of(arguments[3]), URI.create(arguments[2]), FOR_EVER);
    Worker worker =
        Worker.start(
            settings,
            log,
            new Watcher() {
              @Override
              public void wrote(DeploymentRecord record, Step step) {
                die(step.getClass().getSimpleName());
              }

              @Override
              public void waits(DeploymentRecord record, String what) {}
            },
            Clock.offset(Clock.systemUTC(), Duration.parse(arguments[4])));
    worker.stopped().join();
  }

  private static void die(String what) {
    System.out.println(STEP + what);
    System.out.flush();
    try {
      Thread.sleep(Duration.ofMinutes(10));
    } catch (InterruptedException e) {
      throw new IllegalStateException("it should have been killed", e);
    }
  }

  /// A log that takes one record.
  private record Suicidal(EventLog log) implements EventLog {
    @Override
    public CompletableFuture<Long> append(byte[] value) {
      long index = log.append(value).join();
      die(type(value));
      return CompletableFuture.completedFuture(index);
    }

    private static String type(byte[] value) {
      try {
        return EventCodec.decode(value) instanceof Event.Stated stated
            ? stated.signed().statement().type()
            : "event";
      } catch (MalformedEventException e) {
        throw new IllegalStateException("it appends what is no event", e);
      }
    }

    @Override
    public long size() {
      return log.size();
    }

    @Override
    public List<LogRecord> read(long from, int limit) {
      return log.read(from, limit);
    }

    @Override
    public Tail tail(long from) {
      return log.tail(from);
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
