package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Agents, admins and strangers do hundreds of things in random order, legal and illegal; what
/// everybody hears, who is where, the log and the audit log are compared with a model after every
/// one. `-Dagentchat.seed=N` runs one seed alone, `-Dagentchat.steps=N` makes it longer.
final class RelaySimulationTest {
  private static final int DEFAULT_STEPS = 250;
  private static final int STEPS = Integer.getInteger("agentchat.steps", DEFAULT_STEPS);

  /// Is run twice, until its judges have accepted.
  private static final long REPEATED = 24;

  private static final int REPEATED_STEPS = 100;

  /// Together they set a relay up in every way, and lead to everything that is asked for below.
  private static final List<Long> KNOWN = List.of(14L, 15L, 24L, 31L, 34L);

  /// What happened to those.
  private static final Set<String> SEEN = new TreeSet<>();

  private static int knownThatEnded;

  private final ErrorLog errors = new ErrorLog();

  @TempDir private Path home;

  /// Those that are known, and one that nobody has seen.
  static LongStream seeds() {
    Long wanted = Long.getLong("agentchat.seed");
    return wanted == null
        ? LongStream.concat(KNOWN.stream().mapToLong(s -> s), LongStream.of(System.nanoTime()))
        : LongStream.of(wanted);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void relayDoesWhatTheModelSays(long seed) throws Exception {
    System.out.println("simulating a relay with -Dagentchat.seed=" + seed);
    try (RelaySimulation simulation = new RelaySimulation(seed, home)) {
      run(simulation, seed, STEPS);
      if (KNOWN.contains(seed)) {
        SEEN.addAll(simulation.seen());
        knownThatEnded++;
      }
    }
  }

  /// Without it, a seed that fails here may pass where somebody looks for the reason.
  @Test
  void sameSeedDoesTheSame() throws Exception {
    List<String> once = diary("once");

    assertThat(once).contains("applied ARBITER_ACCEPT", "PT1H1M passes");
    assertThat(diary("again")).isEqualTo(once);
  }

  private List<String> diary(String folder) throws Exception {
    Path own = Files.createDirectory(home.resolve(folder));
    try (RelaySimulation simulation = new RelaySimulation(REPEATED, own)) {
      run(simulation, REPEATED, REPEATED_STEPS);
      return simulation.diary();
    }
  }

  private void run(RelaySimulation simulation, long seed, int steps) throws Exception {
    int step = 0;
    try {
      for (; step < steps; step++) {
        simulation.step();
      }
      simulation.end();
      assertThat(errors.errors()).isEmpty();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d, step %d, %s; again: -Dtest=RelaySimulationTest -Dagentchat.seed=%1$d"
              .formatted(seed, step, simulation),
          e);
    }
  }

  @AfterEach
  void stopListening() {
    errors.close();
  }

  /// A simulation that never gets anywhere proves nothing.
  @AfterAll
  static void knownSeedsLedEverywhere() {
    if (knownThatEnded < KNOWN.size() || STEPS < DEFAULT_STEPS) {
      return;
    }
    assertThat(SEEN)
        .as("what seeds %s led to; choose others when the acts were changed", KNOWN)
        .contains(
            "approve done",
            "revoke done",
            "revoke not found",
            "list done",
            "kick done",
            "kick not online",
            "ban done",
            "unban done",
            "unban not banned",
            "motd done",
            "everybody kicked",
            "verify done",
            "verify not online",
            "ban wrong admin key",
            "connections 200",
            "connections 401",
            "connections 429",
            "restart",
            "banned by this key",
            "banned by another key",
            "banned by address",
            "ban inherited",
            "approved by another key",
            "approval inherited",
            "found by another name",
            "revoked on the way in",
            "CAPTCHA_FAILED",
            "LURK_MODE",
            "DM_AGE_GATE",
            "NOT_ALLOWED",
            "NOT_INVITED",
            "SESSION_DISPLACED",
            "FILE_CHUNK",
            "FLOOR_CLAIMED",
            "YIELD",
            "TYPING",
            "PRESENCE_CHANGED",
            "NICK_CHANGED",
            "CHANNEL_EXISTS",
            "AUTH_REQUIRED PROPOSAL",
            "SIGNATURE_REQUIRED PROPOSAL",
            "LURK_MODE PROPOSAL",
            "VERIFICATION_FAILED PROPOSAL",
            "applied PROPOSAL",
            "applied ACCEPT",
            "applied REJECT",
            "applied COMPLETE",
            "applied DISPUTE",
            "applied REGISTER_SKILLS",
            "applied ROTATE_KEY",
            "applied REVOKE_KEY",
            "refused ACCEPT",
            "refused ROTATE_KEY",
            "SEARCH_RESULTS",
            "applied DISPUTE_INTENT",
            "applied DISPUTE_REVEAL",
            "applied ARBITER_ACCEPT",
            "applied ARBITER_DECLINE",
            "applied EVIDENCE",
            "applied ARBITER_VOTE",
            "refused DISPUTE_INTENT",
            "refused DISPUTE_REVEAL",
            "refused ARBITER_ACCEPT",
            "refused EVIDENCE",
            "refused ARBITER_VOTE",
            "ArbiterReplaced",
            "VerdictReached",
            "DisputeFellBack",
            "EVIDENCE_RECEIVED",
            "CASE_READY",
            "VERDICT",
            "SETTLEMENT_COMPLETE");
  }
}
