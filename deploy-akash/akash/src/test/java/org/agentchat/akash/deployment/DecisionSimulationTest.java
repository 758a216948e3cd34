package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.Order;
import org.junit.jupiter.api.Test;

/// Thousands of deployments in worlds of every luck, with crashes between any two steps. Whatever
/// happens: at most one deployment is open, ACT is minted once, the books agree with the chain, and
/// what is over left nothing behind. A failing seed is printed; [#replay] takes it.
final class DecisionSimulationTest {
  private static final int SEEDS = 1_000;
  private static final int MAX_TURNS = 6_000;
  private static final Manifest MANIFEST = Manifest.of(SdlReader.read(Stage.plan().sdl()));

  private final Map<Phase, Integer> ends = new EnumMap<>(Phase.class);

  @Test
  void nothingIsPaidTwiceAndNothingIsForgotten() {
    for (long seed = 0; seed < SEEDS; seed++) {
      play(seed);
    }
    // The worlds are of every kind, so every end is reached.
    assertThat(ends).containsOnlyKeys(Phase.RUNNING, Phase.CLOSED, Phase.FAILED);
    assertThat(ends.values()).allSatisfy(count -> assertThat(count).isGreaterThan(SEEDS / 50));
  }

  @Test
  void replay() {
    play(0);
  }

  private void play(long seed) {
    Random random = new Random(seed);
    boolean rich = random.nextBoolean();
    World world = new World(random, random.nextInt(35), rich ? 20_000_000 : 1_000_000, MANIFEST);
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
        }
        check(life.record(), world);
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

  /// What is stuck while it closes is tried again until it is closed.
  private static boolean isEnd(Phase phase, Random random) {
    return phase.isOver() || (phase == Phase.RUNNING && random.nextInt(3) == 0);
  }

  private void finish(Life life, World world, boolean wanted) {
    DeploymentRecord record = life.record();
    ends.merge(record.phase(), 1, Integer::sum);
    if (record.phase().isOver()) {
      assertThat(world.rented.values()).noneMatch(one -> one.active);
      assertThat(world.isCalm()).isTrue();
      assertThat(record.money().deposited()).isZero();
      assertThat(record.money().paid()).isEqualTo(world.spentAct);
    } else if (record.phase() == Phase.RUNNING) {
      assertThat(wanted).isTrue();
    }
  }

  private static void check(DeploymentRecord record, World world) {
    assertThat(world.rented.values().stream().filter(one -> one.active).count())
        .isLessThanOrEqualTo(1);
    assertThat(world.mints).isLessThanOrEqualTo(1);
    assertThat(world.spentAct).isLessThanOrEqualTo(Stage.DEPOSIT);
    if (record.pending().isEmpty()) {
      assertThat(record.money().fees() + record.money().burned()).isEqualTo(world.spentAkt);
    }
  }

  /// A process: what is written survives it, what it remembers does not.
  private static final class Life {
    private final World world;
    private final List<String> lines;
    private World.Memory memory = new World.Memory();
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
        record.apply(step);
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
      switch (Decision.next(record, MANIFEST, world.look(record, memory))) {
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
