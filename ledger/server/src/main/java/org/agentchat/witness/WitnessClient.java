package org.agentchat.witness;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agentchat.ledger.tree.Cosigning;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.NoteSignature;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;

/// How a log asks the witnesses of its policy for cosignatures, all at once (C2SP tlog-witness, the
/// client's side).
///
/// One checkpoint at a time: a log's sizes only grow, so whatever a witness has seen is at most
/// what is asked for now, and a witness that says more has seen a log that was rolled back.
public final class WitnessClient implements Cosigning, AutoCloseable {
  /// How long witnesses have when nobody says.
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// How much longer the others are waited for once the quorum is met: time to hear a witness that
  /// disagrees, without a witness that is down holding up every checkpoint.
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Policy policy;
  private final Duration timeout;
  private final List<WitnessConnection> witnesses = new ArrayList<>();
  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  /// @param policy its witnesses with a URL are asked; its logs do not matter here
  /// @param timeout for all witnesses together
  /// @throws IllegalArgumentException when the quorum cannot be met by the witnesses with a URL, or
  ///   a URL is none
  public WitnessClient(Policy policy, Duration timeout) {
    this.policy = policy;
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
    Set<String> reachable = new HashSet<>();
    for (Policy.Witness witness : policy.witnesses()) {
      if (!witness.url().isEmpty()) {
        witnesses.add(new WitnessConnection(witness, uri(witness), timeout, http, verifier));
        reachable.add(witness.name());
      }
    }
    if (!policy.quorum().isMetBy(reachable)) {
      throw new IllegalArgumentException(
          "the quorum %s cannot be met: only %d of %d witnesses have a URL in the policy"
              .formatted(policy.quorum().text(), reachable.size(), policy.witnesses().size()));
    }
  }

  private static URI uri(Policy.Witness witness) {
    String prefix = witness.url().replaceAll("/+$", "");
    URI uri = URI.create(prefix + "/add-checkpoint");
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "witness %s: an http or https URL wanted, found %s"
              .formatted(witness.name(), witness.url()));
    }
    return uri;
  }

  @Override
  public Outcome cosign(SignedNote note, Prover prover) throws InterruptedException {
    return ask(note, prover).outcome();
  }

  /// Asks all witnesses and waits for them, at most as long as the time-out.
  ///
  /// @param note the log's signed checkpoint
  /// @param prover of the tree at that size; asked by several threads, one at a time
  public WitnessRound ask(SignedNote note, Prover prover) throws InterruptedException {
    CompletionService<WitnessReply> asked = new ExecutorCompletionService<>(threads);
    List<Future<WitnessReply>> open = new ArrayList<>();
    for (WitnessConnection witness : witnesses) {
      open.add(asked.submit(() -> witness.ask(note, prover)));
    }
    try {
      return round(note, collect(asked));
    } finally {
      open.forEach(future -> future.cancel(true));
    }
  }

  private Map<String, WitnessReply> collect(CompletionService<WitnessReply> asked)
      throws InterruptedException {
    Map<String, WitnessReply> replies = new HashMap<>();
    Set<String> cosigned = new HashSet<>();
    boolean enough = false;
    long end = System.nanoTime() + timeout.toNanos();
    while (replies.size() < witnesses.size()) {
      Future<WitnessReply> done = asked.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (done == null) {
        return replies;
      }
      WitnessReply reply = reply(done);
      replies.put(reply.witness(), reply);
      if (reply instanceof WitnessReply.Cosigned) {
        cosigned.add(reply.witness());
      }
      if (!enough && policy.quorum().isMetBy(cosigned)) {
        enough = true;
        end = Math.min(end, System.nanoTime() + GRACE.toNanos());
      }
    }
    return replies;
  }

  private static WitnessReply reply(Future<WitnessReply> done) throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      // The prover's own failures, a disk that does not read: they are the log's to handle.
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a witness could not be asked", e.getCause());
    }
  }

  private WitnessRound round(SignedNote note, Map<String, WitnessReply> came) {
    List<WitnessReply> replies = new ArrayList<>();
    List<NoteSignature> signatures = new ArrayList<>();
    Set<String> cosigned = new HashSet<>();
    for (Policy.Witness witness : policy.witnesses()) {
      WitnessReply reply = came.getOrDefault(witness.name(), silence(witness));
      replies.add(reply);
      if (reply instanceof WitnessReply.Cosigned(String name, NoteSignature signature)) {
        cosigned.add(name);
        signatures.add(signature);
      }
    }
    return new WitnessRound(note.with(signatures), policy.quorum().isMetBy(cosigned), replies);
  }

  private WitnessReply silence(Policy.Witness witness) {
    return new WitnessReply.Silent(
        witness.name(),
        witness.url().isEmpty()
            ? "it has no URL in the policy"
            : "no answer from %s in time".formatted(witness.url()));
  }

  /// Asks no more; what is asked now is given up.
  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
