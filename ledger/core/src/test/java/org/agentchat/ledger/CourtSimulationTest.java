package org.agentchat.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Parties and judges who do anything at any time: points neither vanish nor appear, what is held
/// is held for something, and no case lasts for ever. [World] compares every check with its
/// outcome.
class CourtSimulationTest {
  private static final int STEPS = 700;
  private static final long VARIED_SEED = 1;

  /// Filing, two nonces, three assignments of the slowest seat, evidence, votes.
  private static final int MOST_DEADLINES = 3 + 3 * Panel.SIZE + 2;

  static LongStream seeds() {
    return LongStream.of(VARIED_SEED, 2, Long.getLong("agentchat.seed", 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void pointsAndCasesAreAccountedFor(long seed) {
    Run run = new Run(seed);
    int step = 0;
    try {
      for (; step < STEPS; step++) {
        run.step();
      }
      run.assertEveryCaseEnds();
      if (seed == VARIED_SEED) {
        run.assertVaried();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d, step %d; again: -Dtest=CourtSimulationTest -Dagentchat.seed=%1$d"
              .formatted(seed, step),
          e);
    }
  }

  private static final class Run {
    private final World world;
    private final RatingsWatch ratings;
    private final Random random;
    private final List<Identity> parties = List.of(World.ALICE, World.BOB, World.CAROL);
    private final Set<String> seen = new TreeSet<>();
    private final Map<String, String> nonces = new HashMap<>();
    private int filed;

    Run(long seed) {
      this.random = new Random(seed);
      this.world = Courtroom.seasonedWorld();
      world.proposes(World.ALICE, World.BOB, Terms.PLAIN);
      world.proposes(World.BOB, World.CAROL, Terms.PLAIN);
      this.ratings = RatingsWatch.of(world);
    }

    void step() {
      letTimePass();
      int before = ratings();
      Applied applied = act();
      applied.refusal().map(Refusal::code).map(Enum::name).ifPresent(seen::add);
      World.names(applied).forEach(seen::add);

      int moved =
          World.effects(applied, Effect.RatingChanged.class).stream()
              .filter(change -> change.capability() == null)
              .mapToInt(change -> change.newRating() - change.oldRating())
              .sum();
      assertThat(ratings() - before).isEqualTo(moved);
      World.effects(applied, CourtEffect.VerdictReached.class).forEach(Run::assertAccounted);
      assertHeld();
      ratings.saw(applied);
      ratings.assertLeaves();
      assertThat(world.ledger.nextDeadline().orElse(Long.MAX_VALUE))
          .isGreaterThan(world.ledger.clock());
    }

    private void letTimePass() {
      int choice = random.nextInt(100);
      if (choice < 80) {
        world.after(Duration.ofSeconds(random.nextInt(60)));
      } else if (choice < 97) {
        long deadline = world.ledger.nextDeadline().orElse(world.now());
        long hours = world.now() + Dispute.VOTING_TIME;
        world.at(Math.min(Math.max(world.now(), deadline - random.nextInt(2)), hours));
      } else if (choice < 99) {
        world.after(Duration.ofMinutes(random.nextInt(200)));
      } else {
        world.after(Duration.ofDays(random.nextInt(12)));
      }
    }

    private Applied act() {
      int choice = random.nextInt(20);
      List<Dispute> open =
          world.ledger.disputes().stream().filter(one -> one.phase().isOpen()).toList();
      if (choice == 0) {
        return random.nextBoolean()
            ? world.tick()
            : world.apply(world.commitment(world.ledger.size() - random.nextInt(5)));
      }
      if (choice < 3 || open.isEmpty()) {
        return aboutADeal();
      }
      return inCourt(open.get(random.nextInt(open.size())));
    }

    private Applied aboutADeal() {
      List<Proposal> accepted =
          world.ledger.proposals().stream()
              .filter(deal -> deal.status() == Proposal.Status.ACCEPTED)
              .toList();
      Optional<Proposal> pending =
          world.ledger.proposals().stream()
              .filter(deal -> deal.status() == Proposal.Status.PENDING)
              .findFirst();
      if (pending.isPresent()) {
        return world.says(
            party(pending.get().to()), World.accept(pending.get().id(), random.nextInt(60)));
      }
      if (accepted.size() < 3) {
        return propose();
      }
      Proposal deal = accepted.get(random.nextInt(accepted.size()));
      Identity party = party(random.nextBoolean() ? deal.from() : deal.to());
      return switch (random.nextInt(8)) {
        case 0 -> world.says(party, World.complete(deal.id()));
        case 1 -> world.says(party, World.dispute(deal.id()));
        default -> file(party, deal);
      };
    }

    private Applied propose() {
      Identity from = parties.get(random.nextInt(parties.size()));
      Identity to = parties.get((parties.indexOf(from) + 1) % parties.size());
      Terms terms = Terms.PLAIN.staking(random.nextInt(60), 0);
      return world.says(from, (random.nextBoolean() ? terms : terms.lapsingAfter(3000)).to(to));
    }

    private Applied file(Identity party, Proposal deal) {
      world.online.clear();
      World.JUDGES.stream()
          .limit(random.nextInt(5) == 0 ? 2 : World.JUDGES.size())
          .map(Identity::id)
          .forEach(world.online::add);
      filed++;
      String nonce = "a-nonce-of-the-run-%06d".formatted(filed);
      nonces.put(Sha256.hex(nonce), nonce);
      return world.says(
          party, new CourtStatement.DisputeIntent(deal.id(), "bad", Sha256.hex(nonce)));
    }

    private Applied inCourt(Dispute dispute) {
      if (random.nextInt(12) == 0) {
        return world.says(anybody(), anything(dispute));
      }
      return switch (dispute.phase()) {
        case INTENT -> {
          String nonce = nonces.getOrDefault(dispute.intent().commitment(), "");
          yield world.says(
              party(dispute.disputant()),
              new CourtStatement.DisputeReveal(
                  dispute.proposalId(), random.nextInt(6) == 0 ? nonce + "x" : nonce));
        }
        case REVEALED ->
            world.apply(
                new Event.PanelNonce(
                    world.now(),
                    random.nextInt(6) == 0 ? "relay-2" : "relay-1",
                    dispute.id(),
                    World.relayNonce(dispute.intent().commitment())));
        case PANEL -> {
          Identity judge = judge(dispute);
          yield world.says(
              judge,
              random.nextInt(6) == 0
                  ? new CourtStatement.ArbiterDecline(dispute.id(), null)
                  : new CourtStatement.ArbiterAccept(dispute.id()));
        }
        case EVIDENCE ->
            world.says(
                party(random.nextBoolean() ? dispute.disputant() : dispute.respondent()),
                new CourtStatement.Evidence(
                    dispute.id(), Courtroom.items(random.nextInt(13)), "words"));
        case VOTING -> world.says(judge(dispute), vote(dispute));
        case RESOLVED, FALLBACK -> throw new IllegalStateException(dispute.id());
      };
    }

    private Statement anything(Dispute dispute) {
      return switch (random.nextInt(5)) {
        case 0 -> new CourtStatement.ArbiterAccept(dispute.id());
        case 1 -> new CourtStatement.ArbiterDecline(dispute.id(), "no");
        case 2 -> vote(dispute);
        case 3 -> new CourtStatement.Evidence("disp_x", Courtroom.items(1), "");
        default -> World.complete(dispute.proposalId());
      };
    }

    private Statement vote(Dispute dispute) {
      Verdict verdict = List.of(Verdict.values()).get(random.nextInt(3));
      return new CourtStatement.ArbiterVote(dispute.id(), verdict, "so it is");
    }

    private Identity judge(Dispute dispute) {
      List<Seat> seats = dispute.panel().seats();
      return Courtroom.judge(seats.get(random.nextInt(seats.size())).arbiter());
    }

    private Identity anybody() {
      return random.nextBoolean()
          ? parties.get(random.nextInt(parties.size()))
          : World.JUDGES.get(random.nextInt(World.JUDGES.size()));
    }

    private Identity party(AgentId id) {
      return parties.stream().filter(party -> party.id().equals(id)).findFirst().orElseThrow();
    }

    private int ratings() {
      return world.ledger.accounts().stream().mapToInt(Account::rating).sum();
    }

    /// A verdict moves what the formula says, what the arbiters earn, a lost fee and burned stakes;
    /// a stake that changes hands is neither more nor less.
    private static void assertAccounted(CourtEffect.VerdictReached reached) {
      Dispute dispute = reached.dispute();
      Verdict verdict = dispute.majority();
      List<RatingChange> changes = List.copyOf(reached.changes().agents().values());
      CourtSettlement.Points points =
          CourtSettlement.Points.of(
              verdict,
              changes.get(0).oldRating(),
              changes.get(1).oldRating(),
              CourtSettlement.K_FACTOR);
      int rewards =
          dispute.panel().seats().stream()
              .mapToInt(seat -> seat.vote() == null ? -25 : seat.vote() == verdict ? 5 : 0)
              .sum();
      Proposal deal = reached.proposal();
      int burned = verdict == Verdict.MUTUAL ? deal.proposerStake() + deal.acceptorStake() : 0;
      int fee = verdict == Verdict.DISPUTANT ? 0 : 10;
      assertThat(changes.stream().mapToInt(RatingChange::change).sum())
          .isEqualTo(points.disputant() + points.respondent() + rewards - burned - fee);
      assertThat(changes)
          .allSatisfy(change ->
              assertThat(change.newRating())
                  .isEqualTo(Math.max(100, change.oldRating() + change.change())));
    }

    /// Everything that is held is held for a deal that stands or a case that is open.
    private void assertHeld() {
      Map<AgentId, Integer> held = new HashMap<>();
      for (Proposal deal : world.ledger.proposals()) {
        if (deal.escrowed()) {
          held.merge(deal.from(), deal.proposerStake(), Integer::sum);
          held.merge(deal.to(), deal.acceptorStake(), Integer::sum);
        }
      }
      for (Dispute dispute : world.ledger.disputes()) {
        if (dispute.phase().isOpen()) {
          held.merge(dispute.disputant(), Dispute.FILING_FEE, Integer::sum);
          dispute
              .panel()
              .arbiters()
              .forEach(arbiter -> held.merge(arbiter, Dispute.ARBITER_STAKE, Integer::sum));
        }
      }
      for (Account account : world.ledger.accounts()) {
        assertThat(account.staked()).isEqualTo(held.getOrDefault(account.id(), 0));
      }
    }

    /// When everybody falls silent, time alone closes every case.
    void assertEveryCaseEnds() {
      List<Dispute> open = new ArrayList<>(world.ledger.disputes());
      int ticks = IntStream.of(MOST_DEADLINES, open.size(), world.ledger.proposals().size()).sum();
      for (int i = 0; i < ticks * MOST_DEADLINES && isAnyOpen(); i++) {
        ratings.saw(world.at(world.ledger.nextDeadline().orElseThrow()).tick());
      }
      assertThat(isAnyOpen()).isFalse();
      assertHeld();
      ratings.assertLeaves();
      assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
    }

    private boolean isAnyOpen() {
      return world.ledger.disputes().stream().anyMatch(dispute -> dispute.phase().isOpen());
    }

    void assertVaried() {
      assertThat(seen)
          .contains(
              "DisputeFiled",
              "NonceRevealed",
              "PanelFormed",
              "ArbiterAccepted",
              "ArbiterReplaced",
              "EvidenceOpened",
              "EvidenceGiven",
              "VotingOpened",
              "VoteCast",
              "VerdictReached",
              "DisputeFellBack",
              "DISPUTE_ALREADY_EXISTS",
              "DISPUTE_COMMITMENT_MISMATCH",
              "DISPUTE_DEADLINE_PASSED",
              "DISPUTE_NOT_ARBITER",
              "DISPUTE_NOT_FOUND",
              "PROPOSAL_NOT_ACCEPTED");
    }
  }
}
