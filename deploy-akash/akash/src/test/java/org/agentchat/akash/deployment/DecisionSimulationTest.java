package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.Order;
import org.junit.jupiter.api.Test;

/// Thousands of deployments in worlds of every luck, topped up and updated while they run, with
/// crashes between any two steps. Whatever happens: at most one deployment is open, ACT is minted
/// once for each that asked for it, every top-up is paid once or not at all, the books agree with
/// the chain, and what is over left nothing behind. A failing seed is printed; [#replay] takes it.
final class DecisionSimulationTest {
  private static final int SEEDS = 1_000;
  private static final int MAX_TURNS = 6_000;

  /// In so many of the chances to change what runs, it is changed.
  private static final int CHANGE_ODDS = 2;

  /// Parsing is most of the work, and there are few different ones.
  private static final Map<String, Manifest> MANIFESTS = new HashMap<>();

  private final Map<Phase, Integer> ends = new EnumMap<>(Phase.class);
  private final Map<String, Integer> changes = new TreeMap<>();

  @Test
  void nothingIsPaidTwiceAndNothingIsForgotten() {
    for (long seed = 0; seed < SEEDS; seed++) {
      play(seed);
    }
    // The worlds are of every kind, so every end is reached.
    assertThat(ends).containsOnlyKeys(Phase.RUNNING, Phase.CLOSED, Phase.FAILED);
    assertThat(ends.values()).allSatisfy(count -> assertThat(count).isGreaterThan(SEEDS / 50));
    assertThat(changes)
        .containsOnlyKeys("top-up done", "top-up not done", "update done", "update not done");
    assertThat(changes.values()).allSatisfy(count -> assertThat(count).isGreaterThan(SEEDS / 50));
  }

  @Test
  void replay() {
    play(0);
  }

  private void play(long seed) {
    Random random = new Random(seed);
    boolean rich = random.nextBoolean();
    World world = new World(random, random.nextInt(35), rich ? 20_000_000 : 1_000_000);
    Plan plan = Stage.plan(BidRules.ANY, rich ? 0 : 21_000_000, Patience.DEFAULT);
    List<String> lines = new ArrayList<>();
    Life life = new Life(world, lines);
    life.write(new Step.Planned(plan));
    boolean wanted = true;
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      try {
        if (!life.turn()) {
          if (isEnd(life.record().phase(), random)) {
            finish(life, world, wanted);
            return;
          }
          if (wanted && random.nextInt(4) == 0) {
            wanted = false;
            life.write(new Step.CloseWanted(Decision.OWNERS_WISH, false, ""));
          }
          life.restart();
          if (mayChange(life.record()) && random.nextInt(CHANGE_ODDS) == 0) {
            life.write(wish(life.record(), random));
          }
        }
        check(life, world);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + String.join("", lines), e);
      }
      if (random.nextInt(30) == 0) {
        life.restart();
      }
      world.block();
    }
    throw new AssertionError("seed " + seed + " has no end\n" + String.join("", lines));
  }

  private static boolean mayChange(DeploymentRecord record) {
    return record.phase() == Phase.RUNNING
        && record.close().isEmpty()
        && record.amendment().isEmpty();
  }

  private static Step wish(DeploymentRecord record, Random random) {
    long burn = random.nextInt(3) == 0 ? 21_000_000 : 0;
    return random.nextBoolean()
        ? Amending.topUp(record, 1_000_000L * (1 + random.nextInt(9)), burn)
        : Amending.update(record, Stage.newSdl("2." + random.nextInt(3)));
  }

  /// What is stuck while it closes is tried again until it is closed.
  private static boolean isEnd(Phase phase, Random random) {
    return phase.isOver() || (phase == Phase.RUNNING && random.nextInt(3) == 0);
  }

  private void finish(Life life, World world, boolean wanted) {
    DeploymentRecord record = life.record();
    ends.merge(record.phase(), 1, Integer::sum);
    life.outcomes.forEach(one ->
        changes.merge(
            one.what().split(" ", -1)[0] + (one.done() ? " done" : " not done"), 1, Integer::sum));
    if (record.phase().isOver()) {
      assertThat(world.rented.values()).noneMatch(one -> one.active);
      assertThat(world.isCalm()).isTrue();
      assertThat(record.money().deposited()).isZero();
      assertThat(record.money().paid()).isEqualTo(world.spentAct);
    } else if (record.phase() == Phase.RUNNING) {
      assertThat(wanted).isTrue();
    }
  }

  private static void check(Life life, World world) {
    DeploymentRecord record = life.record();
    assertThat(world.rented.values().stream().filter(one -> one.active).count())
        .isLessThanOrEqualTo(1);
    assertThat(world.spentAct).isLessThanOrEqualTo(Stage.DEPOSIT + world.toppedUp);
    assertThat(world.mints).isLessThanOrEqualTo(1 + life.burningTopUps);
    if (record.pending().isEmpty()) {
      assertThat(world.toppedUp).isEqualTo(life.wanted).isEqualTo(record.toppedUp());
      assertThat(record.money().fees() + record.money().burned()).isEqualTo(world.spentAkt);
    }
  }

  static Manifest manifest(String sdl) {
    return MANIFESTS.computeIfAbsent(sdl, text -> Manifest.of(SdlReader.read(text)));
  }

  /// A process: what is written survives it, what it remembers does not.
  private static final class Life {
    private final World world;
    private final List<String> lines;
    private World.Memory memory = new World.Memory();
    private final List<Amendment.Outcome> outcomes = new ArrayList<>();
    private int burningTopUps;

    /// What the top-ups that were done were to add, each once.
    private long wanted;

    private DeploymentRecord record = DeploymentRecord.of(List.of(new Step.Planned(Stage.plan())));

    private Life(World world, List<String> lines) {
      this.world = world;
      this.lines = lines;
    }

    DeploymentRecord record() {
      return record;
    }

    void write(Step step) {
      lines.add(new String(StepCodec.line(step, Instant.EPOCH), StandardCharsets.UTF_8));
      if (lines.size() == 1) {
        restart();
      } else {
        Optional<Amendment> changing = record.amendment();
        record.apply(step);
        if (changing.isPresent() && record.amendment().isEmpty()) {
          end(changing.get(), record.lastChange().orElseThrow());
        }
        burningTopUps += step instanceof Step.TopUpWanted(long _, long burn) && burn > 0 ? 1 : 0;
      }
    }

    private void end(Amendment amendment, Amendment.Outcome outcome) {
      outcomes.add(outcome);
      if (amendment instanceof Amendment.TopUp topUp && outcome.done()) {
        wanted += topUp.deposit();
      }
    }

    /// Dies, and begins again with what is written.
    void restart() {
      record = DeploymentRecord.of(lines.stream().map(StepCodec::read).toList());
      memory = new World.Memory();
      if (record.phase() == Phase.CLOSING && Decision.isStuck(record)) {
        write(new Step.Entered(Phase.CLOSING, record.phaseHeight(), record.why()));
      }
    }

    /// False when there is nothing to do.
    boolean turn() {
      Manifest manifest = manifest(record.sdl());
      switch (Decision.next(record, manifest, world.look(record, memory))) {
        case Action.Write(Step step) -> {
          write(step);
          memory = new World.Memory();
        }
        case Action.Submit(var order) -> submit(order);
        case Action.Resend() -> world.broadcast(record.pending().orElseThrow().hash());
        case Action.SendManifest(int gseq, var _) -> memory.remember(gseq, world.manifest());
        case Action.Wait(String _) -> {}
        case Action.Rest(String _) -> {
          return false;
        }
      }
      return true;
    }

    private void submit(Order order) {
      Optional<Step.Signed> signed = world.sign(order);
      if (signed.isEmpty()) {
        memory.remember(new View.Refusal(Kind.of(order), world.refusal(order).orElseThrow()));
        return;
      }
      write(signed.get());
      if (world.unlucky()) {
        restart();
      } else if (world.broadcast(signed.get().hash()) instanceof Broadcast.Refused no) {
        memory.remember(signed.get().hash(), no);
      }
    }
  }
}
