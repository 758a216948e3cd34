package org.agentchat.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.agentchat.client.ClientException;
import org.agentchat.client.Reply;

/// Pairs of agents who make deals side by side.
///
/// Without a rate each pair makes its next statement when it has the answer to the last one: the
/// server is saturated. With a rate every statement has a time at which it is due, and its latency
/// counts from then, so that a slow answer also shows in those who had to wait behind it.
///
/// @param rate statements a second of all pairs together; 0: as many as go
/// @param warmUp load before the measurement begins
record DealLoad(int pairs, double rate, Duration warmUp, Duration duration) {
  /// How long a pair rests after a refusal, so that refusals are not all that is measured.
  private static final Duration REST = Duration.ofMillis(100);

  /// What came out.
  ///
  /// @param statements answered as done
  /// @param seconds from the begin of the measurement to the last answer
  /// @param refused statements not done, by error code
  record Result(
      long statements,
      double seconds,
      Latencies.Quantiles answer,
      CpuMeter.Cost cpuMicros,
      NavigableMap<String, Long> refused) {
    double perSecond() {
      return seconds == 0 ? 0 : statements / seconds;
    }
  }

  /// Connects the pairs and runs the load.
  Result run(BenchServer server) throws InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<DealPair> all = connect(server.uri(), http, threads);
      Run run = new Run(System.nanoTime());
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        int number = i;
        work.add(() -> run.work(all.get(number), number));
      }
      work.add(() -> run.measureCpu(server));
      done(threads.invokeAll(work));
      Result result = run.result();
      done(threads.invokeAll(all.stream().map(DealLoad::closing).toList()));
      return result;
    }
  }

  private List<DealPair> connect(URI relay, HttpClient http, ExecutorService threads)
      throws InterruptedException {
    SecureRandom random = new SecureRandom();
    List<Callable<DealPair>> connects = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      int number = i;
      connects.add(() -> new DealPair(relay, http, number, random));
    }
    return done(threads.invokeAll(connects));
  }

  private static Callable<Void> closing(DealPair pair) {
    return () -> {
      pair.close();
      return null;
    };
  }

  private static <T> List<T> done(List<Future<T>> futures) throws InterruptedException {
    List<T> values = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        values.add(future.get());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException known
            ? known
            : new IllegalStateException(e.getCause());
      }
    }
    return values;
  }

  /// One run: when it measures, and what it has counted.
  private final class Run {
    private final long start;
    private final long from;
    private final long until;
    private final Latencies latencies = new Latencies();
    private final ConcurrentSkipListMap<String, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final LongAccumulator lastAnswer = new LongAccumulator(Math::max, 0);
    private final CompletableFuture<CpuMeter> meter = new CompletableFuture<>();

    Run(long start) {
      this.start = start;
      this.from = start + warmUp.toNanos();
      this.until = from + duration.toNanos();
    }

    Void work(DealPair pair, int number) throws InterruptedException {
      for (long k = 0; ; k++) {
        long due = due(k, number);
        if (due - until >= 0) {
          return null;
        }
        sleepUntil(due);
        attempt(pair, due);
      }
    }

    /// Counts processor time from the begin of the measurement on.
    Void measureCpu(BenchServer server) throws InterruptedException {
      sleepUntil(from);
      meter.complete(new CpuMeter(server));
      return null;
    }

    /// The pairs take turns, so that the statements of all are spread evenly.
    private long due(long k, int number) {
      return rate == 0
          ? System.nanoTime()
          : start + Math.round((k * pairs + number) * (TimeUnit.SECONDS.toNanos(1) / rate));
    }

    private static void sleepUntil(long due) throws InterruptedException {
      long left = due - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    }

    private void attempt(DealPair pair, long due) throws InterruptedException {
      String code;
      try {
        switch (pair.next()) {
          case Reply.Done<?> _ -> {
            answered(due);
            return;
          }
          case Reply.Refused<?> refusal -> code = refusal.code();
        }
      } catch (ClientException e) {
        pair.abandon();
        code = Failures.of(e).code();
      }
      if (due - from >= 0) {
        refused.computeIfAbsent(code, _ -> new LongAdder()).increment();
      }
      Thread.sleep(REST);
    }

    private void answered(long due) {
      if (due - from >= 0) {
        long now = System.nanoTime();
        latencies.add(now - due);
        lastAnswer.accumulate(now - from);
      }
    }

    Result result() {
      CpuMeter.Cost cost = meter.join().cost(latencies.count());
      NavigableMap<String, Long> codes = new TreeMap<>();
      refused.forEach((code, count) -> codes.put(code, count.sum()));
      return new Result(
          latencies.count(), lastAnswer.get() / 1e9, latencies.quantiles(), cost, codes);
    }
  }
}
