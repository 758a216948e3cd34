package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Thousands of agents say tens of thousands of things in random order, legal and illegal; what
/// must always hold is checked after every step. `-Dagentchat.seed=N` runs one more seed.
class LedgerSimulationTest {
  private static final int STEPS = 5_000;
  private static final int STEPS_BETWEEN_REFOLDS = 2_500;

  /// The seed that is known to lead everywhere; of any other that cannot be promised.
  private static final long VARIED_SEED = 18;

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.of(VARIED_SEED, 2, 3), LongStream.of(Long.getLong("agentchat.seed", 4)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void invariantsHoldAfterEveryStep(long seed) throws InterruptedException {
    Simulation simulation = new Simulation(seed);
    Run run = new Run(simulation);
    int step = 0;
    try {
      for (; step < STEPS; step++) {
        run.step();
        if (step % STEPS_BETWEEN_REFOLDS == STEPS_BETWEEN_REFOLDS - 1) {
          run.assertWhole();
        }
      }
      run.assertSameWithThreads(4);
      if (seed == VARIED_SEED) {
        run.assertSameWithThreads(1);
        run.assertVaried();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d, step %d; again: -Dtest=LedgerSimulationTest -Dagentchat.seed=%1$d"
              .formatted(seed, step),
          e);
    }
  }

  @Test
  void sameSeedIsTheSameLog() {
    Simulation one = new Simulation(5);
    Simulation other = new Simulation(5);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = one.next(new Ledger()).bytes();
      assertThat(bytes).isEqualTo(other.next(new Ledger()).bytes());
    }
  }

  /// One ledger, what it was given, and what it must be according to its effects alone.
  private static final class Run {
    private final Simulation simulation;
    private final VerifiedEvents verified = new VerifiedEvents();
    private final EntryReader reader = new EntryReader(new Ed25519Verifier(), verified);
    private final Ledger ledger = new Ledger();
    private final RatingsWatch ratings = new RatingsWatch(ledger);
    private final List<byte[]> log = new ArrayList<>();
    private final List<List<Effect>> effects = new ArrayList<>();
    private final Map<AgentId, Integer> staked = new HashMap<>();
    private final Map<AgentId, Integer> transactions = new HashMap<>();
    private final Set<String> seen = new TreeSet<>();
    private boolean feeDue;

    Run(Simulation simulation) {
      this.simulation = simulation;
    }

    void step() {
      Simulation.Step step = simulation.next(ledger);
      if (step.honest()) {
        verified.add(LeafHash.of(step.bytes()));
      }
      Optional<Refusal.Code> said = step.event().flatMap(ledger::check).map(Refusal::code);
      long clock = ledger.clock();
      Applied applied = ledger.apply(reader.read(log.size(), step.bytes()));
      log.add(step.bytes());
      effects.add(applied.effects());
      simulation.learn(applied);
      ratings.saw(applied);

      Optional<Refusal.Code> refusal = applied.refusal().map(Refusal::code);
      if (step.event().isPresent() && step.honest() && !refusal.equals(said)) {
        // Only apply knows the bytes, so only it knows that they are the same again.
        assertThat(refusal).as("check said %s", said).contains(Refusal.Code.REPEATED);
      }
      if (!step.honest()) {
        assertThat(refusal.orElseThrow())
            .isIn(Refusal.Code.MALFORMED, Refusal.Code.BAD_SIGNATURE, Refusal.Code.NO_GENESIS);
      }
      refusal.map(Enum::name).ifPresent(seen::add);
      assertThat(ledger.clock()).isGreaterThanOrEqualTo(clock);
      assertThat(ledger.nextDeadline().orElse(Long.MAX_VALUE)).isGreaterThan(ledger.clock());
      applied.effects().forEach(this::count);
      applied.effects().forEach(this::assertAccounts);
      assertSignedInTime(applied);
    }

    private void count(Effect effect) {
      seen.add(effect.getClass().getSimpleName());
      switch (effect) {
        case Effect.StakeEscrowed(Proposal deal) -> {
          stake(deal, 1);
          assertCovered(deal.from(), deal.proposerStake());
          assertCovered(deal.to(), deal.acceptorStake());
        }
        case Effect.StakeSettled(Proposal deal, AgentId winner, int amount) -> {
          stake(deal, -1);
          assertThat(amount).isEqualTo(winner == null ? 0 : lostTo(winner, deal));
        }
        case Effect.RatingChanged changed -> {
          assertThat(changed.newRating())
              .isEqualTo(Math.max(100, changed.oldRating() + changed.change()));
          if (changed.capability() == null) {
            Integer before = transactions.put(first(changed.agent()), changed.transactions());
            assertThat(changed.transactions())
                .isEqualTo((before == null ? 0 : before) + (feeDue ? 0 : 1));
            feeDue = false;
          }
        }
        case CourtEffect.DisputeFiled(Dispute filed, _) ->
            staked.merge(filed.disputant(), Dispute.FILING_FEE, Integer::sum);
        case CourtEffect.DisputeFellBack(Dispute closed, _, boolean feeLost) -> {
          staked.merge(closed.disputant(), -Dispute.FILING_FEE, Integer::sum);
          feeDue = feeLost;
        }
        case CourtEffect _,
            EscrowEffect _,
            Effect.DeploymentObserved _,
            Effect.LogNamed _,
            Effect.AgentKnown _,
            Effect.ProposalOpened _,
            Effect.ProposalAccepted _,
            Effect.ProposalRejected _,
            Effect.ProposalExpired _,
            Effect.ProposalCompleted _,
            Effect.ProposalDisputed _,
            Effect.SkillsRegistered _,
            Effect.KeyRotated _,
            Effect.KeyRevoked _,
            Effect.ReceiptIssued _,
            Effect.RatingsCommitted _,
            Effect.Refused _ -> {}
      }
    }

    private int lostTo(AgentId winner, Proposal deal) {
      return first(winner).equals(first(deal.from())) ? deal.acceptorStake() : deal.proposerStake();
    }

    private AgentId first(AgentId agent) {
      return ledger.account(agent).orElseThrow().first();
    }

    private void stake(Proposal deal, int sign) {
      staked.merge(first(deal.from()), sign * deal.proposerStake(), Integer::sum);
      staked.merge(first(deal.to()), sign * deal.acceptorStake(), Integer::sum);
    }

    /// Who stakes anything has it. (Who lost rating since may hold more than it has, but adds
    /// nothing.)
    private void assertCovered(AgentId agent, int stake) {
      int stakable = ledger.account(agent).orElseThrow().rating() - Elo.MINIMUM_RATING;
      if (stake > 0) {
        assertThat(staked.getOrDefault(first(agent), 0)).isLessThanOrEqualTo(stakable);
      }
    }

    private void assertAccounts(Effect effect) {
      switch (effect) {
        case Effect.StakeEscrowed(Proposal deal) -> assertParties(deal);
        case Effect.StakeSettled(Proposal deal, _, _) -> assertParties(deal);
        case Effect.ProposalCompleted(Proposal deal, _, _) -> assertParties(deal);
        case Effect.ProposalDisputed(Proposal deal, _, _) -> assertParties(deal);
        default -> {}
      }
    }

    private void assertParties(Proposal deal) {
      assertAccount(ledger.account(deal.from()).orElseThrow());
      assertAccount(ledger.account(deal.to()).orElseThrow());
    }

    private void assertAccount(Account account) {
      assertThat(account.rating()).isGreaterThanOrEqualTo(Elo.MINIMUM_RATING);
      assertThat(account.staked())
          .isEqualTo(staked.getOrDefault(account.first(), 0))
          .isNotNegative();
      assertThat(account.transactions()).isEqualTo(transactions.getOrDefault(account.first(), 0));
      assertThat(account.available()).isNotNegative();
    }

    /// Everything, from nothing.
    void assertWhole() {
      ledger.accounts().forEach(this::assertAccount);
      ratings.assertLeaves();
      Map<AgentId, Integer> held = new HashMap<>();
      for (Proposal deal : ledger.proposals()) {
        if (deal.escrowed()) {
          assertThat(deal.status()).isIn(Proposal.Status.ACCEPTED, Proposal.Status.CONTESTED);
          held.merge(first(deal.from()), deal.proposerStake(), Integer::sum);
          held.merge(first(deal.to()), deal.acceptorStake(), Integer::sum);
        }
      }
      ledger.disputes().stream()
          .filter(dispute -> dispute.phase().isOpen())
          .forEach(open -> held.merge(open.disputant(), Dispute.FILING_FEE, Integer::sum));
      for (Account account : ledger.accounts()) {
        assertThat(account.staked()).isEqualTo(held.getOrDefault(account.first(), 0));
        assertKeys(account);
      }
      Ledger again = new Ledger();
      for (byte[] bytes : log) {
        again.apply(reader.read(again.size(), bytes));
      }
      assertThat(again.stateHash()).isEqualTo(ledger.stateHash());
    }

    /// The tenures of an account follow each other without a gap, and every name leads to it.
    private void assertKeys(Account account) {
      long next = account.keys().getFirst().from();
      for (Tenure tenure : account.keys()) {
        assertThat(tenure.from()).isEqualTo(next);
        assertThat(ledger.account(tenure.id())).contains(account);
        next = tenure.end() == null ? -1 : tenure.end().index();
      }
    }

    /// Whoever applied a statement had a key that was good at that index.
    private void assertSignedInTime(Applied applied) {
      if (applied.refusal().isEmpty()
          && applied.entry().content() instanceof Entry.Content.Sound(Event.Stated stated)) {
        AgentId signer = stated.signed().key().id();
        Tenure tenure = ledger.account(signer).orElseThrow().tenure(signer).orElseThrow();
        assertThat(tenure.key()).isEqualTo(stated.signed().key());
        assertThat(tenure.covers(applied.entry().index())).isTrue();
      }
    }

    /// Reads without any memory of what was verified, on so many threads, and folds again.
    void assertSameWithThreads(int threads) throws InterruptedException {
      EntryReader fresh = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
      Entry[] entries = new Entry[log.size()];
      List<Thread> readers =
          IntStream.range(0, threads)
              .mapToObj(first ->
                  Thread.ofPlatform()
                      .start(() -> {
                        for (int i = first; i < entries.length; i += threads) {
                          entries[i] = fresh.read(i, log.get(i));
                        }
                      }))
              .toList();
      for (Thread thread : readers) {
        thread.join();
      }
      Ledger again = new Ledger();
      for (int i = 0; i < entries.length; i++) {
        assertThat(again.apply(entries[i]).effects()).as("entry %d", i).isEqualTo(effects.get(i));
      }
      assertThat(again.stateHash()).isEqualTo(ledger.stateHash());
      assertThat(again.rootHash()).isEqualTo(ledger.rootHash());
    }

    /// A simulation that never gets anywhere proves nothing.
    void assertVaried() {
      assertThat(seen)
          .contains(
              "LogNamed",
              "ProposalOpened",
              "ProposalAccepted",
              "ProposalRejected",
              "ProposalExpired",
              "ProposalCompleted",
              "ProposalDisputed",
              "DisputeFiled",
              "NonceRevealed",
              "DisputeFellBack",
              "StakeEscrowed",
              "StakeSettled",
              "ReceiptIssued",
              "SkillsRegistered",
              "KeyRotated",
              "KeyRevoked",
              "RatingsCommitted",
              "FALSE_RATINGS_ROOT",
              "STALE_RATINGS",
              "KEY_ROTATED",
              "KEY_REVOKED",
              "KEY_CONFLICT",
              "MALFORMED",
              "BAD_SIGNATURE",
              "GENESIS_REPEATED",
              "WRONG_ORIGIN",
              "STALE",
              "REPEATED",
              "UNKNOWN_RECIPIENT",
              "SELF_PROPOSAL",
              "PROPOSAL_NOT_FOUND",
              "PROPOSAL_NOT_PENDING",
              "NOT_PROPOSAL_RECIPIENT",
              "PROPOSAL_NOT_ACCEPTED",
              "NOT_PROPOSAL_PARTY",
              "PROPOSER_INSUFFICIENT",
              "ACCEPTOR_INSUFFICIENT",
              "PROPOSAL_NOT_DISPUTABLE",
              "DISPUTE_NOT_FOUND",
              "DISPUTE_NOT_PARTY",
              "DISPUTE_ALREADY_EXISTS",
              "DISPUTE_COMMITMENT_MISMATCH");
      assertThat(transactions.values()).anyMatch(count -> count > 30);
      assertThat(ledger.accounts().stream().mapToInt(Account::rating).min())
          .hasValue(Elo.MINIMUM_RATING);
    }
  }
}
