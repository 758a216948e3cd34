package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Agents bind wallets, agree on escrows, change keys and end deals in random order, and observers
/// tell the truth, the same again, something else, too late or of somebody else's deal. What the
/// fold says to every statement is compared with [EscrowModel], and its state every few steps.
/// `-Dagentchat.seed=N` runs one more seed.
class EscrowSimulationTest {
  private static final int STEPS = 3_000;
  private static final int STEPS_BETWEEN_COMPARISONS = 8;
  private static final long VARIED_SEED = 13;

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.of(VARIED_SEED, 1), LongStream.of(Long.getLong("agentchat.seed", 3)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void foldAndModelAgreeAfterEveryStep(long seed) {
    Run run = new Run(seed);
    int step = 0;
    try {
      for (; step < STEPS; step++) {
        run.step();
        if (step % STEPS_BETWEEN_COMPARISONS == 0) {
          run.assertSame();
        }
      }
      run.assertSame();
      assertThat(run.world.copy().ledger.stateHash()).isEqualTo(run.world.ledger.stateHash());
      if (seed == VARIED_SEED) {
        run.assertVaried();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d, step %d; again: -Dtest=EscrowSimulationTest -Dagentchat.seed=%1$d"
              .formatted(seed, step),
          e);
    }
  }

  private static final class Run {
    private static final int AGENTS = 6;
    private static final int OBSERVERS = 2;
    private static final int CONTRACTS = 2;
    private static final List<EscrowOutcome> OUTCOMES = List.of(EscrowOutcome.values());

    private final World world = World.named();
    private final EscrowModel model = new EscrowModel();
    private final Random random;

    /// The keys of today: agents, then observers.
    private final List<Identity> speakers;

    private final List<Identity> former = new ArrayList<>();
    private final List<EscrowModel.Deal> deals = new ArrayList<>();
    private final Set<String> seen = new TreeSet<>();
    private int names;

    Run(long seed) {
      this.random = new Random(seed);
      this.speakers =
          new ArrayList<>(IntStream.range(0, AGENTS + OBSERVERS).mapToObj(_ -> fresh()).toList());
      model.advance(world.now());
    }

    private Identity fresh() {
      names++;
      return World.agent("simulated " + names);
    }

    void step() {
      letTimePass();
      int choice = random.nextInt(100);
      if (choice < 16) {
        bind();
      } else if (choice < 34) {
        offer();
      } else if (choice < 56) {
        answer();
      } else if (choice < 63) {
        end();
      } else if (choice < 94) {
        observe();
      } else if (choice < 97) {
        changeKey();
      } else {
        tick();
      }
    }

    private void tick() {
      model.advance(world.now());
      world.tick();
    }

    /// Mostly minutes, at times days, at times right before or at the next deadline, seldom until
    /// nearly everything is over.
    private void letTimePass() {
      int choice = random.nextInt(40);
      if (choice == 0) {
        world.after(Duration.ofHours(random.nextInt(24 * 9)));
      } else if (choice == 1) {
        long deadline = world.ledger.nextDeadline().orElse(world.now());
        long most = world.now() + Duration.ofDays(16).toMillis();
        world.at(Math.min(Math.max(world.now(), deadline - random.nextInt(2)), most));
      } else if (choice == 2 && random.nextInt(8) == 0) {
        for (int i = 0; i < 5; i++) {
          world.after(Duration.ofDays(12));
          tick();
        }
      } else {
        world.after(Duration.ofSeconds(random.nextInt(600)));
      }
    }

    private Identity speaker() {
      return !former.isEmpty() && random.nextInt(25) == 0
          ? former.get(random.nextInt(former.size()))
          : speakers.get(random.nextInt(speakers.size()));
    }

    private Identity agent() {
      return speakers.get(random.nextInt(AGENTS));
    }

    private Identity observer() {
      return speakers.get(AGENTS + random.nextInt(OBSERVERS));
    }

    /// Applies it, and holds what came of it against what the model expects.
    private Optional<Applied> says(
        Identity signer,
        Statement statement,
        @Nullable AgentKey recipient,
        Supplier<Optional<Refusal.Code>> expected) {
      model.advance(world.now());
      Optional<Refusal.Code> wanted = model.speaks(signer.id()).or(expected);
      Event event = world.stated(signer, world.schemeFor(statement), statement, recipient);
      Applied applied = world.apply(event);
      Optional<Refusal.Code> found = applied.refusal().map(Refusal::code);
      assertThat(found).as("%s of %s", statement, signer.id()).isEqualTo(wanted);
      found.ifPresent(code -> seen.add(statement.type() + " " + code));
      if (found.isEmpty()) {
        seen.add(statement.type());
      }
      return found.isEmpty() ? Optional.of(applied) : Optional.empty();
    }

    private void bind() {
      Identity signer = speaker();
      EscrowContract contract = Money.contract(random.nextInt(CONTRACTS));
      long now = world.now() / 1000;
      long notAfter =
          switch (random.nextInt(6)) {
            case 0 -> now + random.nextInt(3) - 1;
            case 1, 2 -> now + random.nextInt(200_000);
            default -> now + 100_000_000;
          };
      String wallet = "wallet " + random.nextInt(8);
      EscrowStatement.WalletBind bind =
          Money.bind(
              signer, Money.wallet(wallet), contract, "nonce " + random.nextLong(), notAfter);
      says(signer, bind, null, () -> model.binds(bind))
          .ifPresent(_ -> model.bound(signer.id(), bind));
    }

    private void offer() {
      Identity from = speaker();
      Identity to = agent();
      if (model.owner(from.id()).equals(model.owner(to.id()))) {
        return;
      }
      EscrowTerms terms = random.nextInt(6) == 0 ? null : terms();
      says(from, Money.offer(to, terms), to.key(), () -> model.offers(terms))
          .ifPresent(applied ->
              deals.add(
                  model.offered(
                      World.opened(applied), from.id(), to.id(), terms, applied.entry().hash())));
    }

    private EscrowTerms terms() {
      long now = world.now() / 1000;
      long deadline =
          switch (random.nextInt(12)) {
            case 0 -> now + random.nextInt(3) - 1;
            case 1 -> now + 366L * 24 * 60 * 60 + random.nextInt(3) - 1;
            case 2, 3 -> now + random.nextInt(2_000);
            default -> now + random.nextInt(2_000_000);
          };
      Identity observer = random.nextInt(20) == 0 ? speaker() : observer();
      return Money.terms(Money.contract(random.nextInt(CONTRACTS)), deadline, observer);
    }

    /// Mostly a recent deal that is in such a state; at times any.
    private Optional<EscrowModel.Deal> deal(Predicate<EscrowModel.Deal> wanted) {
      int recent = random.nextInt(10) == 0 ? 500 : 30;
      List<EscrowModel.Deal> some = deals.subList(Math.max(0, deals.size() - recent), deals.size());
      List<EscrowModel.Deal> fitting = some.stream().filter(wanted).toList();
      List<EscrowModel.Deal> chosen = fitting.isEmpty() || random.nextInt(5) == 0 ? some : fitting;
      return chosen.isEmpty()
          ? Optional.empty()
          : Optional.of(chosen.get(random.nextInt(chosen.size())));
    }

    private Identity today(AgentId account) {
      return speakers.stream()
          .filter(speaker -> model.owner(speaker.id()).equals(account))
          .findFirst()
          .orElseGet(this::speaker);
    }

    private void answer() {
      deal(deal -> deal.life == EscrowModel.Life.PENDING)
          .ifPresent(deal -> {
            Identity signer = random.nextInt(15) == 0 ? speaker() : today(deal.to);
            says(signer, World.accept(deal.id), null, () -> model.accepts(signer.id(), deal.id))
                .ifPresent(applied -> model.accepted(deal.id, applied.entry().hash()));
          });
    }

    private void end() {
      deal(deal -> deal.life == EscrowModel.Life.ACCEPTED)
          .ifPresent(deal -> {
            Identity signer =
                random.nextInt(15) == 0
                    ? speaker()
                    : today(random.nextBoolean() ? deal.from : deal.to);
            Statement end =
                random.nextInt(4) == 0 ? World.dispute(deal.id) : World.complete(deal.id);
            says(signer, end, null, () -> model.ends(signer.id(), deal.id))
                .ifPresent(_ -> model.ended(deal.id));
          });
    }

    /// Mostly what is due and true, by whom it is for to say.
    private void observe() {
      deal(deal ->
              (deal.cash != EscrowModel.Cash.NONE && random.nextInt(3) == 0)
                  || deal.cash == EscrowModel.Cash.AWAITED
                  || deal.cash == EscrowModel.Cash.LOCKED)
          .ifPresent(deal -> {
            AgentId named = deal.terms == null ? deal.from : deal.terms.observer();
            Identity signer = random.nextInt(12) == 0 ? speaker() : today(model.owner(named));
            EscrowStatement.Observation observation = observation(deal);
            says(signer, observation, null, () -> model.observes(signer.id(), observation))
                .ifPresent(_ -> model.observed(observation));
          });
    }

    private EscrowStatement.Observation observation(EscrowModel.Deal deal) {
      EscrowContract contract = deal.terms == null ? Money.CONTRACT : deal.terms.escrowContract();
      EvmHash id = deal.escrowId == null ? Money.hashOf("none") : deal.escrowId;
      if (random.nextInt(30) == 0) {
        id = Money.hashOf("a lie");
      }
      EvmChain chain = random.nextInt(40) == 0 ? new EvmChain(1) : contract.chain();
      EvmHash tx = Money.hashOf("tx " + random.nextInt());
      long block = 100L + random.nextInt(40);
      EvmHash hash = Money.hashOf("block " + block);
      boolean before =
          deal.cash == EscrowModel.Cash.AWAITED || deal.cash == EscrowModel.Cash.LAPSED;
      boolean locking = before == (random.nextInt(8) > 0);
      if (locking) {
        return new EscrowStatement.EscrowLocked(
            deal.id, id, chain, contract.address(), tx, block, hash);
      }
      if (random.nextInt(3) == 0) {
        return new EscrowStatement.EscrowRefunded(
            deal.id, id, chain, contract.address(), tx, block, hash);
      }
      TokenAmount toPayee = random.nextInt(10) == 0 ? TokenAmount.of("5") : Money.AMOUNT;
      return new EscrowStatement.EscrowSettled(
          deal.id,
          id,
          chain,
          contract.address(),
          tx,
          block,
          hash,
          toPayee,
          TokenAmount.ZERO,
          OUTCOMES.get(random.nextInt(OUTCOMES.size())));
    }

    /// Mostly a rotation; whoever lost its key comes back as somebody else.
    private void changeKey() {
      int place =
          random.nextBoolean() ? random.nextInt(AGENTS) : AGENTS + random.nextInt(OBSERVERS);
      Identity old = speakers.get(place);
      Identity next = fresh();
      if (random.nextInt(4) == 0) {
        says(old, new KeyStatement.RevokeKey("lost"), null, Optional::empty)
            .ifPresent(_ -> {
              model.revoke(old.id());
              replace(place, old, next);
            });
        return;
      }
      says(old, KeyStatement.RotateKey.of(old, next, World.ORIGIN), null, Optional::empty)
          .ifPresent(_ -> {
            model.rotate(old.id(), next.id());
            replace(place, old, next);
          });
    }

    private void replace(int place, Identity old, Identity next) {
      former.add(old);
      speakers.set(place, next);
    }

    /// The fold knows the deals that the model knows, as they are there.
    void assertSame() {
      Map<String, String> expected =
          model.known().stream()
              .collect(Collectors.toMap(deal -> deal.id, Run::words, (a, _) -> a, TreeMap::new));
      Map<String, String> found = new TreeMap<>();
      for (Proposal proposal : world.ledger.proposals()) {
        found.put(proposal.id(), words(proposal));
      }
      assertThat(found).isEqualTo(expected);
      expected.values().forEach(seen::add);
    }

    private static String words(EscrowModel.Deal deal) {
      String cash = deal.cash.name().toLowerCase(Locale.ROOT);
      return deal.life.name().toLowerCase(Locale.ROOT)
          + (deal.cash == EscrowModel.Cash.NONE ? "" : " " + cash);
    }

    private static String words(Proposal proposal) {
      String life =
          switch (proposal.status()) {
            case COMPLETED, DISPUTED -> "ended";
            case PENDING, ACCEPTED, CONTESTED, REJECTED, EXPIRED -> proposal.status().word();
          };
      Escrow escrow = proposal.escrow();
      return escrow == null ? life : life + " " + escrow.phase().word();
    }

    /// A simulation that never gets anywhere proves nothing.
    void assertVaried() {
      assertThat(new HashSet<>(seen))
          .contains(
              "WALLET_BIND",
              "ESCROW_LOCKED",
              "ESCROW_SETTLED",
              "ESCROW_REFUNDED",
              "WALLET_BIND WALLET_BINDING_EXPIRED",
              "PROPOSAL ESCROW_DEADLINE",
              "PROPOSAL UNKNOWN_OBSERVER",
              "ACCEPT ESCROW_DEADLINE",
              "ACCEPT UNKNOWN_OBSERVER",
              "ACCEPT WALLET_NOT_BOUND",
              "ACCEPT WALLETS_CONFLICT",
              "COMPLETE ESCROW_NOT_LOCKED",
              "DISPUTE ESCROW_NOT_LOCKED",
              "ESCROW_LOCKED NOT_ESCROW_OBSERVER",
              "ESCROW_LOCKED KEY_ROTATED",
              "ESCROW_LOCKED ESCROW_DIFFERS",
              "ESCROW_SETTLED ESCROW_DIFFERS",
              "ESCROW_LOCKED REPEATED",
              "ESCROW_SETTLED REPEATED",
              "ESCROW_REFUNDED REPEATED",
              "ESCROW_LOCKED ESCROW_OUT_OF_ORDER",
              "ESCROW_SETTLED ESCROW_OUT_OF_ORDER",
              "ESCROW_REFUNDED ESCROW_OUT_OF_ORDER",
              "ESCROW_SETTLED ESCROW_NOT_FOUND",
              "accepted awaited",
              "accepted locked",
              "accepted settled",
              "accepted refunded",
              "ended locked",
              "ended settled",
              "ended refunded",
              "expired lapsed",
              "expired locked",
              "expired settled");
    }
  }
}
