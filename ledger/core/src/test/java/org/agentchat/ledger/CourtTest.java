package org.agentchat.ledger;

import static org.agentchat.ledger.Courtroom.NONCE;
import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.agentchat.ledger.World.JUDGES;
import static org.agentchat.ledger.World.code;
import static org.agentchat.ledger.World.effect;
import static org.agentchat.ledger.World.effects;
import static org.agentchat.ledger.World.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.StakeOutcome;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Agentcourt, phase by phase. Whatever a test does, [World] compares what was said before with
/// what came of it, and at its end the log is folded again.
class CourtTest {
  private static final Terms STAKED = Terms.PLAIN.worth(100).staking(50, 30).inSkill("review");
  private static final Verdict FOR = Verdict.DISPUTANT;
  private static final Verdict AGAINST = Verdict.RESPONDENT;
  private static final Verdict BOTH = Verdict.MUTUAL;

  private final Courtroom room = Courtroom.withDeal(STAKED, JUDGES.size());

  @AfterEach
  void foldsAgainToTheSame() {
    assertThat(room.world.refolded().stateHash()).isEqualTo(room.world.ledger.stateHash());
  }

  @Nested
  class Filing {
    @Test
    void holdsTheFeeAndTheDeal() {
      Applied applied = room.filed();

      assertThat(names(applied)).containsExactly("DisputeFiled");
      assertThat(room.held(ALICE)).isEqualTo(50 + 10);
      assertThat(room.world.proposal(room.deal()).status()).isEqualTo(Proposal.Status.CONTESTED);
      assertThat(room.world.proposal(room.deal()).escrowed()).isTrue();
      assertThat(room.open().phase()).isEqualTo(Dispute.Phase.INTENT);
      assertThat(room.open().panel().pool()).hasSize(JUDGES.size()).isSorted();
      assertThat(room.open().id()).startsWith("disp_").hasSize(31);
    }

    @Test
    void nothingElseEndsTheDealMeanwhile() {
      room.filed();

      Refusal refusal = room.world.says(BOB, World.complete(room.deal())).refusal().orElseThrow();
      assertThat(refusal.code()).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(refusal.firstIndex()).as("the case").isEqualTo(room.open().filedIndex());
      assertThat(code(room.world.says(BOB, World.dispute(room.deal()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(code(room.world.says(BOB, room.intent("the-other-sides-nonce"))))
          .isEqualTo(Refusal.Code.DISPUTE_ALREADY_EXISTS);
      assertThat(code(room.world.says(CAROL, room.intent("a-strangers-nonce"))))
          .isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
    }

    @Test
    void isForPartiesOfAcceptedDealsOnly() {
      assertThat(code(room.world.says(CAROL, room.intent(NONCE))))
          .isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
      String pending = room.world.proposes(ALICE, BOB, Terms.PLAIN);
      CourtStatement early =
          new CourtStatement.DisputeIntent(pending, "late", Sha256.hex("some-nonce-of-mine"));
      assertThat(code(room.world.says(ALICE, early)))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_DISPUTABLE);
      CourtStatement unknown =
          new CourtStatement.DisputeIntent("prop_x", "late", Sha256.hex("some-nonce-of-mine"));
      assertThat(code(room.world.says(ALICE, unknown))).isEqualTo(Refusal.Code.PROPOSAL_NOT_FOUND);
      room.world.says(BOB, World.complete(room.deal()));
      assertThat(code(room.world.says(ALICE, room.intent(NONCE))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_DISPUTABLE);
    }

    @Test
    void wantsTheFeeToBeFree() {
      String other = room.world.agreed(ALICE, CAROL, Terms.PLAIN.staking(1100 - 50 - 9, 0));
      assertThat(other).isNotEmpty();

      Applied applied = room.world.says(ALICE, room.intent(NONCE));

      assertThat(code(applied)).isEqualTo(Refusal.Code.COURT_INSUFFICIENT);
      assertThat(applied.refusal().orElseThrow().detail())
          .isEqualTo("Insufficient ELO. Available: 9, Requested: 10");
    }

    @Test
    void wantsAPool() {
      Event.Stated bare =
          room.world.stated(ALICE, room.world.bound(room.world.now()), room.intent(NONCE));
      Applied applied =
          room.world.apply(new Event.Stated(bare.at(), bare.relay(), bare.signed(), null));

      assertThat(code(applied)).isEqualTo(Refusal.Code.POOL_MISSING);
    }

    @Test
    void happensThreeTimesAtMostAndNeverWithTheSameCommitment() {
      for (String nonce :
          List.of("first-of-my-nonces", "second-of-my-nonces", "third-of-my-nonces")) {
        room.filed(nonce);
        room.passes(Dispute.REVEAL_TIME);
        assertThat(code(room.world.says(ALICE, room.intent(nonce))))
            .isEqualTo(Refusal.Code.DISPUTE_ALREADY_EXISTS);
      }

      Applied fourth = room.world.says(ALICE, room.intent("fourth-of-my-nonces"));

      assertThat(code(fourth)).isEqualTo(Refusal.Code.DISPUTE_ALREADY_EXISTS);
      assertThat(room.world.says(BOB, room.intent("first-of-his-nonces")).refusal())
          .as("one side does not use up the other's filings")
          .isEmpty();
    }

    @Test
    void isForAFewCasesAtATime() {
      room.filed();
      for (int i = 1; i < Dispute.MAX_OPEN; i++) {
        assertThat(anotherOfAlice(i).refusal()).isEmpty();
      }

      assertThat(code(anotherOfAlice(9))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
      room.passes(Dispute.REVEAL_TIME);
      assertThat(anotherOfAlice(10).refusal()).isEmpty();
    }

    private Applied anotherOfAlice(int number) {
      String deal = room.world.agreed(ALICE, CAROL, Terms.PLAIN);
      String commitment = Sha256.hex("one-of-my-nonces-" + number);
      return room.world.says(ALICE, new CourtStatement.DisputeIntent(deal, "bad", commitment));
    }

    @Test
    void secondCaseThatFindsNoPanelCostsTheFee() {
      room.online(2);
      room.drawn();
      assertThat(room.account(ALICE).rating()).isEqualTo(1200);
      room.filed("another-nonce-of-mine");
      room.reveals(ALICE, "another-nonce-of-mine");
      Applied second = room.relayReveals();

      assertThat(names(second)).containsExactly("DisputeFellBack", "RatingChanged");
      assertThat(effect(second, CourtEffect.DisputeFellBack.class).feeLost()).isTrue();
      assertThat(room.account(ALICE).rating()).isEqualTo(1190);
      assertThat(room.held(ALICE)).isEqualTo(50);
    }

    @Test
    void sameBytesFileOneCaseOnly() {
      Event.Stated joined = room.world.stated(ALICE, new Scheme.Joined(), room.intent(NONCE));
      assertThat(room.world.apply(joined).refusal()).isEmpty();

      assertThat(code(room.world.append(EventCodec.encode(joined))))
          .isEqualTo(Refusal.Code.DISPUTE_ALREADY_EXISTS);
      room.passes(Dispute.REVEAL_TIME);
      assertThat(code(room.world.append(EventCodec.encode(joined))))
          .isEqualTo(Refusal.Code.DISPUTE_ALREADY_EXISTS);
    }

    @Test
    void stopsTheDealsClock() {
      Courtroom limited = Courtroom.withDeal(STAKED.lapsingAfter(60), JUDGES.size());
      limited.filed();
      Applied late = limited.passes(120_000);

      assertThat(late.effects()).isEmpty();
      Applied closed = limited.passes(Dispute.REVEAL_TIME);
      assertThat(names(closed)).containsExactly("DisputeFellBack", "RatingChanged", "StakeSettled");
      assertThat(limited.held(ALICE)).isZero();
      assertThat(limited.held(BOB)).isZero();
    }
  }

  @Nested
  class Pool {
    private List<AgentId> pool() {
      room.filed();
      return room.open().panel().pool();
    }

    private final Identity judge = JUDGES.getFirst();

    @Test
    void holdsAgentsWhoMayJudgeOnly() {
      room.world.online.add(ALICE.id());
      room.world.online.add(BOB.id());
      room.world.online.add(CAROL.id());
      room.world.online.add(World.agent("unknown").id());

      assertThat(pool()).hasSize(JUDGES.size()).doesNotContain(ALICE.id(), BOB.id(), CAROL.id());
    }

    @Test
    void hasNobodyWithADealWithAParty() {
      room.world.agreed(judge, BOB, Terms.PLAIN);

      assertThat(pool()).doesNotContain(judge.id()).hasSize(JUDGES.size() - 1);
    }

    @Test
    void hasThoseWhoseDealWithAPartyIsThirtyDaysOld() {
      room.world.completed(judge, CAROL, Terms.PLAIN);
      room.world.after(Duration.ofMillis(Bench.INDEPENDENCE - 1));
      CourtStatement.DisputeIntent intent = later();
      room.world.says(ALICE, intent);
      assertThat(room.world.ledger.disputes().iterator().next().panel().pool())
          .doesNotContain(judge.id());
      room.world.after(Duration.ofMillis(Dispute.REVEAL_TIME)).tick();
      room.world.says(
          ALICE,
          new CourtStatement.DisputeIntent(
              intent.proposalId(), "again", Sha256.hex("another-of-my-nonces")));

      assertThat(List.copyOf(room.world.ledger.disputes()).getLast().panel().pool())
          .contains(judge.id());
    }

    /// A new deal with the one whom the judge had a deal with.
    private CourtStatement.DisputeIntent later() {
      String deal = room.world.agreed(ALICE, CAROL, Terms.PLAIN);
      return new CourtStatement.DisputeIntent(deal, "bad", Sha256.hex("one-of-my-nonces"));
    }

    @Test
    void hasNobodyWhosePointsAreAtRisk() {
      int free = room.account(judge).available();
      room.world.agreed(judge, CAROL, Terms.PLAIN.staking(free - 24, 0));

      assertThat(pool()).doesNotContain(judge.id()).hasSize(JUDGES.size() - 1);
    }

    @Test
    void hasNobodyWhoLostItsRating() {
      for (int i = 0; i < 3; i++) {
        room.world.says(
            CAROL, World.dispute(room.world.agreed(judge, CAROL, Terms.PLAIN.worth(100))));
        room.world.after(Duration.ofHours(1));
      }
      assertThat(room.account(judge).rating()).isLessThan(Bench.MIN_RATING);

      assertThat(pool()).doesNotContain(judge.id()).hasSize(JUDGES.size() - 1);
    }

    @Test
    void hasNobodyOnThreePanels() {
      List<String> cases = new ArrayList<>();
      room.online(3);
      for (int i = 0; i <= Bench.MAX_PANELS; i++) {
        cases.add(room.anotherCase(i));
      }
      for (Identity asked : JUDGES.subList(0, 3)) {
        for (String open : cases.subList(0, Bench.MAX_PANELS)) {
          room.world.says(asked, new CourtStatement.ArbiterAccept(open));
        }
        assertThat(code(room.world.says(asked, new CourtStatement.ArbiterAccept(cases.getLast()))))
            .isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      }
      room.online(JUDGES.size());

      assertThat(pool()).hasSize(JUDGES.size() - 3);
    }

    @Test
    void hasWhoWasOnlyAskedHoweverOften() {
      room.online(3);
      for (int i = 0; i < 2 * Bench.MAX_PANELS; i++) {
        room.anotherCase(i);
      }

      assertThat(pool()).hasSize(3);
    }

    @Test
    void hasNobodyYoungerThanAWeek() {
      World young = World.named();
      for (int i = 0; i < JUDGES.size(); i++) {
        for (int j = 0; j < i; j++) {
          young.completed(JUDGES.get(i), JUDGES.get(j), Terms.PLAIN);
        }
      }
      Proposal deal = young.proposal(young.agreed(ALICE, BOB, Terms.PLAIN));
      List<AgentId> judges = JUDGES.stream().map(Identity::id).toList();

      young.after(Duration.ofMillis(Bench.MIN_AGE - 1)).tick();
      assertThat(young.ledger.eligibleArbiters(judges, deal)).isEmpty();
      young.after(Duration.ofMillis(1)).tick();
      assertThat(young.ledger.eligibleArbiters(judges, deal)).isEqualTo(judges);
    }
  }

  @Nested
  class Drawing {
    @Test
    void onlyTheDisputantRevealsAndOnlyWhatItCommittedTo() {
      room.filed();

      assertThat(code(room.reveals(BOB, NONCE))).isEqualTo(Refusal.Code.DISPUTE_NOT_PARTY);
      assertThat(code(room.reveals(ALICE, "another-nonce-of-mine")))
          .isEqualTo(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH);
      assertThat(names(room.reveals(ALICE, NONCE))).containsExactly("NonceRevealed");
      assertThat(code(room.reveals(ALICE, NONCE))).isEqualTo(Refusal.Code.REPEATED);
      CourtStatement nothing = new CourtStatement.DisputeReveal("prop_x", "some-nonce-or-other");
      assertThat(code(room.world.says(ALICE, nothing))).isEqualTo(Refusal.Code.DISPUTE_NOT_FOUND);
    }

    @Test
    void missingRevealCostsTheFee() {
      room.filed();
      Applied early = room.passes(Dispute.REVEAL_TIME - 1);
      Applied applied = room.passes(1);

      assertThat(early.effects()).isEmpty();
      assertThat(names(applied)).containsExactly("DisputeFellBack", "RatingChanged");
      assertThat(effect(applied, CourtEffect.DisputeFellBack.class).dispute().fallback())
          .isEqualTo("Reveal timeout expired");
      assertThat(room.account(ALICE).rating()).isEqualTo(1190);
      assertThat(room.account(ALICE).transactions()).isZero();
      assertThat(room.held(ALICE)).isEqualTo(50);
      Proposal deal = room.world.proposal(room.deal());
      assertThat(deal.status()).isEqualTo(Proposal.Status.ACCEPTED);
      assertThat(deal.deadline()).hasValue(room.world.now() + Proposal.LONGEST_WAIT);
      assertThat(room.world.says(BOB, World.complete(room.deal())).refusal()).isEmpty();
    }

    @Test
    void relaysNonceComesFromTheRelayThatFiledAndAfterTheDisputants() {
      room.filed();
      String nonce = World.relayNonce(room.open().intent().commitment());

      assertThat(code(room.relayReveals("relay-1", nonce)))
          .isEqualTo(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH);
      room.reveals(ALICE, NONCE);
      assertThat(code(room.relayReveals("relay-2", nonce)))
          .isEqualTo(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH);
      assertThat(code(room.relayReveals("relay-1", "guessed")))
          .isEqualTo(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH);
      assertThat(names(room.relayReveals("relay-1", nonce))).containsExactly("PanelFormed");
      assertThat(code(room.relayReveals("relay-1", nonce)))
          .isEqualTo(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH);
      assertThat(
              code(
                  room.world.apply(
                      new Event.PanelNonce(room.world.now(), "relay-1", "disp_x", nonce))))
          .isEqualTo(Refusal.Code.DISPUTE_NOT_FOUND);
    }

    @Test
    void missingRelayNonceCostsNobodyAnything() {
      room.filed();
      room.reveals(ALICE, NONCE);
      Applied applied = room.passes(Dispute.REVEAL_TIME);

      assertThat(names(applied)).containsExactly("DisputeFellBack");
      assertThat(room.account(ALICE).rating()).isEqualTo(1200);
      assertThat(room.held(ALICE)).isEqualTo(50);
    }

    @Test
    void fewerThanThreeArbitersAreNoPanel() {
      room.online(2);
      Applied applied = room.drawn();

      assertThat(names(applied)).containsExactly("DisputeFellBack");
      assertThat(effect(applied, CourtEffect.DisputeFellBack.class).dispute().fallback())
          .isEqualTo("Insufficient eligible arbiters (2 available, 3 required)");
      assertThat(room.account(ALICE).rating()).isEqualTo(1200);
      room.online(3);
      room.filed("another-nonce-of-mine");
    }

    @Test
    void panelFollowsFromBothNonces() {
      Applied applied = room.drawn();

      Panel panel = effect(applied, CourtEffect.PanelFormed.class).dispute().panel();
      String relayNonce = World.relayNonce(Sha256.hex(NONCE));
      assertThat(panel.seed()).isEqualTo(Sha256.hex(room.deal() + NONCE + relayNonce));
      List<AgentId> sorted = JUDGES.stream().map(Identity::id).sorted().toList();
      assertThat(panel.seats().stream().map(Seat::arbiter))
          .containsExactlyElementsOf(
              Panel.shuffled(sorted, Sha256.hex(room.deal() + NONCE + relayNonce)).subList(0, 3));
    }

    @Test
    void whoIsNotEligibleAnyMoreIsNotDrawn() {
      room.online(4);
      room.filed();
      room.world.agreed(JUDGES.getFirst(), BOB, Terms.PLAIN);
      room.reveals(ALICE, NONCE);
      room.relayReveals();

      assertThat(room.panel())
          .containsExactlyInAnyOrder(JUDGES.get(1), JUDGES.get(2), JUDGES.get(3));
    }

    @Test
    void whoBecomesIneligibleChangesNobodyElsesPlaceInTheDraw() {
      room.filed();
      room.reveals(ALICE, NONCE);
      String seed = Sha256.hex(room.deal() + NONCE + World.relayNonce(Sha256.hex(NONCE)));
      List<AgentId> order = Panel.shuffled(room.open().panel().pool(), seed);
      room.world.agreed(Courtroom.judge(order.get(0)), BOB, Terms.PLAIN);
      room.world.agreed(Courtroom.judge(order.get(7)), BOB, Terms.PLAIN);
      room.relayReveals();

      assertThat(room.panel().stream().map(Identity::id))
          .containsExactlyElementsOf(order.subList(1, 4));
    }

    /// Two draws captured from the reference: its pool is in the order of connections.
    @Test
    void shuffleIsTheReferences() {
      List<AgentId> pool =
          List.of(
                  "84998443d0741f10",
                  "ee749a7e5ee9f9e9",
                  "4ff8f69cf247b416",
                  "407c102d7b5ee33b",
                  "3065e6d88e3929f0")
              .stream()
              .map(AgentId::new)
              .toList();

      assertThat(
              Panel.shuffled(
                  pool, "bb1d23681022314937d534cd7fddd4b570dee051d831caa4181ff2abb233233c"))
          .startsWith(pool.get(4), pool.get(1), pool.get(2));
      assertThat(
              Panel.shuffled(
                  pool, "f5bb68c4e1e683b501bef6153b02b9376ebdb534534a36caa55b0541f0f12409"))
          .startsWith(pool.get(2), pool.get(0), pool.get(3));
    }
  }

  @Nested
  class Seating {
    @Test
    void acceptanceHoldsTheStake() {
      room.drawn();
      Identity first = room.panel().getFirst();

      assertThat(names(room.accepts(first))).containsExactly("ArbiterAccepted");
      assertThat(room.held(first)).isEqualTo(25);
      assertThat(code(room.accepts(first))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      assertThat(code(room.declines(first))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      assertThat(code(room.accepts(CAROL))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
    }

    @Test
    void acceptanceWantsTheStakeToBeFree() {
      room.drawn();
      Identity first = room.panel().getFirst();
      room.world.agreed(first, CAROL, Terms.PLAIN.staking(room.account(first).available() - 24, 0));

      assertThat(code(room.accepts(first))).isEqualTo(Refusal.Code.COURT_INSUFFICIENT);
    }

    @Test
    void allThreeOpenTheEvidence() {
      Applied applied = room.complete();

      assertThat(names(applied)).containsExactly("ArbiterAccepted", "EvidenceOpened");
      assertThat(room.open().deadline()).hasValue(room.world.now() + Dispute.EVIDENCE_TIME);
    }

    @Test
    void whoDeclinesIsReplacedAndNeverBlocksThePanel() {
      room.drawn();
      Identity gone = room.panel().getFirst();
      Applied applied = room.declines(gone);

      CourtEffect.ArbiterReplaced replaced = effect(applied, CourtEffect.ArbiterReplaced.class);
      assertThat(replaced.gone()).isEqualTo(gone.id());
      assertThat(replaced.seat().arbiter()).isEqualTo(room.open().panel().pool().get(3));
      assertThat(replaced.seat().respondBy()).isEqualTo(room.world.now() + Dispute.RESPONSE_TIME);
      assertThat(room.held(gone)).isZero();
      room.panel().forEach(room::accepts);
      assertThat(room.open().phase()).isEqualTo(Dispute.Phase.EVIDENCE);
    }

    @Test
    void whoIsSilentIsReplacedAtNoCost() {
      room.drawn();
      List<Identity> first = room.panel();
      room.accepts(first.get(1));
      int rating = room.account(first.getFirst()).rating();
      Applied early = room.passes(Dispute.RESPONSE_TIME - 1);
      Applied applied = room.passes(1);

      assertThat(early.effects()).isEmpty();
      assertThat(names(applied)).containsExactly("ArbiterReplaced", "ArbiterReplaced");
      assertThat(room.panel().get(1)).isEqualTo(first.get(1));
      assertThat(room.panel()).doesNotContain(first.get(0), first.get(2));
      assertThat(room.account(first.getFirst()).rating()).isEqualTo(rating);
      assertThat(code(room.accepts(first.getFirst()))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
    }

    @Test
    void oneSeatIsReplacedTwiceAtMost() {
      room.drawn();
      room.accepts(room.panel().get(1));
      for (int i = 0; i < 2; i++) {
        assertThat(names(room.declines(room.panel().getFirst())))
            .containsExactly("ArbiterReplaced");
      }
      Identity accepted = room.panel().get(1);
      Applied applied = room.declines(room.panel().getFirst());

      assertThat(names(applied)).containsExactly("DisputeFellBack");
      assertThat(effect(applied, CourtEffect.DisputeFellBack.class).dispute().fallback())
          .isEqualTo("Unable to form arbiter panel after replacements");
      assertThat(room.held(accepted)).isZero();
      assertThat(room.held(ALICE)).isEqualTo(50);
      assertThat(room.account(ALICE).rating()).isEqualTo(1200);
    }

    @Test
    void emptyPoolIsNoReplacement() {
      room.online(3);
      room.drawn();

      assertThat(names(room.declines(room.panel().getFirst()))).containsExactly("DisputeFellBack");
    }

    @Test
    void silenceOfEverybodyEndsTheCase() {
      room.drawn();
      room.passes(Dispute.RESPONSE_TIME);
      room.passes(Dispute.RESPONSE_TIME);
      Applied applied = room.passes(Dispute.RESPONSE_TIME);

      assertThat(names(applied)).containsExactly("DisputeFellBack");
      assertThat(room.world.proposal(room.deal()).status()).isEqualTo(Proposal.Status.ACCEPTED);
    }
  }

  @Nested
  class Showing {
    @Test
    void eachSideShowsOnce() {
      room.complete();

      Applied applied = room.shows(ALICE, 2, "my case");
      assertThat(effect(applied, CourtEffect.EvidenceGiven.class).items()).isEqualTo(2);
      assertThat(code(room.shows(ALICE, 1, "more")))
          .isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
      assertThat(room.shows(BOB, 0, "").refusal()).isEmpty();
      assertThat(code(room.shows(CAROL, 0, ""))).isEqualTo(Refusal.Code.DISPUTE_NOT_PARTY);
      assertThat(code(room.shows(room.panel().getFirst(), 0, "")))
          .isEqualTo(Refusal.Code.DISPUTE_NOT_PARTY);
    }

    @Test
    void evidenceHasLimits() {
      room.complete();

      assertThat(code(room.shows(ALICE, 11, ""))).isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
      assertThat(code(room.shows(ALICE, 0, "x".repeat(2001))))
          .isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
      assertThat(room.shows(ALICE, 10, "x".repeat(2000)).refusal()).isEmpty();
    }

    @Test
    void evidenceHasItsTimeAndIsNeverClosedEarly() {
      room.drawn();
      assertThat(code(room.shows(ALICE, 1, ""))).isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
      room.panel().forEach(room::accepts);
      room.shows(ALICE, 1, "");
      assertThat(room.shows(BOB, 1, "").effects()).hasSize(1);
      assertThat(room.passes(Dispute.EVIDENCE_TIME - 1).effects()).isEmpty();
      Applied applied = room.passes(1);

      assertThat(names(applied)).containsExactly("VotingOpened");
      Dispute ready = effect(applied, CourtEffect.VotingOpened.class).dispute();
      assertThat(ready.evidenceOf(ALICE.id())).isPresent();
      assertThat(ready.deadline()).hasValue(room.world.now() + Dispute.VOTING_TIME);
      assertThat(code(room.shows(ALICE, 1, ""))).isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
    }
  }

  @Nested
  class Judging {
    @Test
    void votesAreForArbitersInTheirTime() {
      room.complete();
      Identity judge = room.panel().getFirst();
      assertThat(code(room.votes(judge, FOR))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      room.passes(Dispute.EVIDENCE_TIME);

      assertThat(code(room.votes(CAROL, FOR))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      assertThat(code(room.votes(ALICE, FOR))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      CourtStatement wordy = new CourtStatement.ArbiterVote(room.dispute(), FOR, "x".repeat(501));
      assertThat(code(room.world.says(judge, wordy))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
      assertThat(names(room.votes(judge, FOR))).containsExactly("VoteCast");
      assertThat(code(room.votes(judge, AGAINST))).isEqualTo(Refusal.Code.DISPUTE_NOT_ARBITER);
    }

    @Test
    void verdictForTheDisputantSettlesEverythingAtOnce() {
      Applied applied = room.judged(FOR, AGAINST, FOR);

      assertThat(names(applied))
          .containsExactly(
              "VoteCast",
              "VerdictReached",
              "StakeSettled",
              "RatingChanged",
              "RatingChanged",
              "RatingChanged",
              "RatingChanged",
              "RatingChanged",
              "RatingChanged",
              "RatingChanged",
              "ReceiptIssued");
      assertThat(room.account(ALICE).rating()).isEqualTo(1200 + 4 + 30);
      assertThat(room.account(BOB).rating()).isEqualTo(1200 - 8 - 30);
      assertThat(room.account(BOB).skills().get("review").rating()).isEqualTo(1200 - 8 - 30);
      assertThat(List.of(room.held(ALICE), room.held(BOB))).containsOnly(0);
      assertThat(room.account(ALICE).transactions()).isEqualTo(1);
      assertThat(room.world.proposal(room.deal()).status()).isEqualTo(Proposal.Status.DISPUTED);
      assertThat(room.open().phase()).isEqualTo(Dispute.Phase.RESOLVED);
      assertThat(room.open().verdict()).isEqualTo(FOR);
      assertThat(effects(applied, CourtEffect.VerdictReached.class).getFirst().changes().escrow())
          .isEqualTo(StakeOutcome.transferred(50, 30, ALICE.id().toString(), 30));
    }

    @Test
    void arbitersAreRewardedForTheMajority() {
      room.ready();
      List<Identity> judges = room.panel();
      List<Integer> before = judges.stream().map(judge -> room.account(judge).rating()).toList();
      room.votes(judges.get(0), AGAINST);
      room.votes(judges.get(1), AGAINST);
      Applied applied = room.passes(Dispute.VOTING_TIME);

      assertThat(room.account(judges.get(0)).rating()).isEqualTo(before.get(0) + 5);
      assertThat(room.account(judges.get(1)).rating()).isEqualTo(before.get(1) + 5);
      assertThat(room.account(judges.get(2)).rating()).isEqualTo(before.get(2) - 25);
      assertThat(judges).allSatisfy(judge -> assertThat(room.held(judge)).isZero());
      assertThat(judges)
          .allSatisfy(judge -> assertThat(room.account(judge).transactions()).isEqualTo(11));
      assertThat(room.account(ALICE).rating()).isEqualTo(1200 - 8 - 50 - 10);
      assertThat(room.account(BOB).rating()).isEqualTo(1200 + 4 + 50);
      Receipt receipt = effect(applied, Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.arbiters()).extracting(ArbiterResult::reward).containsExactly(5, 5, -25);
      assertThat(receipt.verdict()).isEqualTo(AGAINST);
    }

    @Test
    void withoutAMajorityBothAreAtFaultAndStakesBurn() {
      Applied applied = room.judged(FOR, AGAINST, BOTH);

      assertThat(room.account(ALICE).rating()).isEqualTo(1200 - 8 - 50 - 10);
      assertThat(room.account(BOB).rating()).isEqualTo(1200 - 8 - 30);
      assertThat(effects(applied, CourtEffect.VerdictReached.class).getFirst().changes().escrow())
          .isEqualTo(StakeOutcome.burned(50, 30));
      assertThat(effects(applied, Effect.StakeSettled.class).getFirst().winner()).isNull();
    }

    @Test
    void withoutAnyVoteBothAreAtFault() {
      room.ready();
      assertThat(room.passes(Dispute.VOTING_TIME - 1).effects()).isEmpty();
      room.passes(1);

      assertThat(room.open().verdict()).isEqualTo(BOTH);
    }

    /// W43: whoever lost cannot turn it round.
    @Test
    void nobodyGoesOnAfterAVerdict() {
      room.judged(FOR, FOR, FOR);

      assertThat(code(room.world.says(BOB, World.dispute(room.deal()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(code(room.world.says(BOB, World.complete(room.deal()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(code(room.world.says(BOB, room.intent("revenge-of-the-loser"))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_DISPUTABLE);
      assertThat(code(room.shows(BOB, 1, ""))).isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
    }

    @Test
    void receiptOfAVerdictByTimeIsIssuedByTheEntryThatSaysSo() {
      room.ready();
      room.votes(room.panel().getFirst(), Verdict.DISPUTANT);
      room.world.completed(CAROL, JUDGES.getLast(), Terms.PLAIN);
      Applied applied = room.passes(Dispute.VOTING_TIME);

      Receipt receipt = effect(applied, Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.index()).isEqualTo(applied.entry().index());
      assertThat(receipt.legs().getLast().index()).isLessThan(receipt.index() - 3);
    }

    @Test
    void receiptHasEveryStatementOfTheCase() {
      room.complete();
      room.shows(ALICE, 1, "mine");
      room.shows(BOB, 1, "mine");
      room.passes(Dispute.EVIDENCE_TIME);
      room.panel().forEach(judge -> room.votes(judge, BOTH));
      Receipt receipt = lastReceipt();

      assertThat(receipt.type()).isEqualTo("VERDICT");
      assertThat(receipt.disputeId()).isEqualTo(room.dispute());
      assertThat(receipt.disputedBy()).isEqualTo(ALICE.id());
      assertThat(receipt.feeLost()).isEqualTo(10);
      assertThat(receipt.reason()).isEqualTo("bad work");
      assertThat(receipt.legs())
          .extracting(Receipt.Leg::type)
          .containsExactly(
              "PROPOSAL",
              "ACCEPT",
              "DISPUTE_INTENT",
              "DISPUTE_REVEAL",
              "ARBITER_ACCEPT",
              "ARBITER_ACCEPT",
              "ARBITER_ACCEPT",
              "EVIDENCE",
              "EVIDENCE",
              "ARBITER_VOTE",
              "ARBITER_VOTE",
              "ARBITER_VOTE");
    }

    private Receipt lastReceipt() {
      Ledger again = new Ledger();
      EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
      List<Receipt> receipts = new ArrayList<>();
      for (byte[] bytes : room.world.log) {
        effects(again.apply(reader.read(again.size(), bytes)), Effect.ReceiptIssued.class)
            .forEach(issued -> receipts.add(issued.receipt()));
      }
      return receipts.getLast();
    }

    @Test
    void closedCasesLeaveTheFoldAfterADay() {
      room.judged(FOR, FOR, FOR);
      assertThat(room.open().legs()).hasSize(1);
      room.passes(Dispute.MEMORY - 1);
      assertThat(room.world.ledger.dispute(room.dispute())).isPresent();
      room.passes(1);

      assertThat(room.world.ledger.disputes()).isEmpty();
      assertThat(code(room.votes(JUDGES.getFirst(), FOR)))
          .isEqualTo(Refusal.Code.DISPUTE_NOT_FOUND);
    }
  }

  /// What [Ledger#check] lets happen to answer is taken back.
  @Test
  void askingWhatWouldApplyChangesNothing() {
    room.ready();
    String before = room.world.ledger.stateHash();
    room.world.after(Duration.ofMillis(Dispute.VOTING_TIME));
    Event.Stated vote =
        room.world.stated(
            room.panel().getFirst(),
            room.world.bound(room.world.now()),
            new CourtStatement.ArbiterVote(room.dispute(), FOR, ""));

    assertThat(room.world.ledger.check(vote)).isPresent();
    assertThat(room.world.ledger.stateHash()).isEqualTo(before);
    assertThat(room.world.ledger.dispute(room.dispute())).contains(room.open());
    assertThat(room.world.apply(vote).refusal()).isPresent();
    assertThat(room.open().verdict()).isEqualTo(BOTH);
  }

  @Test
  void deadlinesOfCasesAndProposalsAreAwaitedAlike() {
    room.filed();

    assertThat(room.world.ledger.nextDeadline()).hasValue(room.world.now() + Dispute.REVEAL_TIME);
  }

  /// A case goes on with the key that an agent has now, not with the one that it began with.
  @Nested
  class Keys {
    private Identity rotated(Identity old) {
      Identity next = World.agent("the next key of " + old.id());
      Applied applied = room.world.says(old, KeyStatement.RotateKey.of(old, next, World.ORIGIN));
      assertThat(applied.refusal()).isEmpty();
      return next;
    }

    @Test
    void mayChangeAtEveryStepOfACase() {
      room.filed();
      Identity alice = rotated(ALICE);
      assertThat(code(room.reveals(ALICE, NONCE))).isEqualTo(Refusal.Code.KEY_ROTATED);
      assertThat(room.reveals(alice, NONCE).refusal()).isEmpty();
      room.relayReveals();
      List<Identity> judges = room.panel().stream().map(this::rotated).toList();
      judges.forEach(judge -> assertThat(room.accepts(judge).refusal()).isEmpty());
      Identity bob = rotated(BOB);
      assertThat(room.shows(alice, 1, "mine").refusal()).isEmpty();
      Identity latest = rotated(alice);
      assertThat(code(room.shows(latest, 1, "mine again")))
          .isEqualTo(Refusal.Code.DISPUTE_DEADLINE_PASSED);
      assertThat(room.shows(bob, 1, "mine").refusal()).isEmpty();
      room.passes(Dispute.EVIDENCE_TIME);
      Identity late = rotated(judges.getLast());
      room.votes(judges.get(0), FOR);
      room.votes(judges.get(1), FOR);
      Applied applied = room.votes(late, AGAINST);

      Receipt receipt = effect(applied, Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.disputedBy()).isEqualTo(latest.id());
      assertThat(receipt.arbiters())
          .extracting(ArbiterResult::arbiter)
          .containsExactly(judges.get(0).id(), judges.get(1).id(), late.id());
      assertThat(effects(applied, CourtEffect.VerdictReached.class).getFirst().changes().agents())
          .containsOnlyKeys(
              List.of(latest, bob, judges.get(0), judges.get(1), late).stream()
                  .map(agent -> agent.id().toString())
                  .toList());
      assertThat(effect(applied, Effect.StakeSettled.class).winner()).isEqualTo(latest.id());
      assertThat(room.account(latest).rating()).isEqualTo(1200 + 4 + 30);
      assertThat(room.account(bob).rating()).isEqualTo(1200 - 8 - 30);
      assertThat(room.account(bob).skills().get("review").rating()).isEqualTo(1200 - 8 - 30);
      for (Identity agent : List.of(latest, bob, judges.get(0), judges.get(1), late)) {
        assertThat(room.held(agent)).isZero();
      }
    }

    @Test
    void neitherNameOfAnAccountGivesASecondSeat() {
      Identity again = rotated(JUDGES.getFirst());
      room.world.online.add(again.id());
      room.drawn();

      assertThat(room.open().panel().pool()).hasSize(JUDGES.size()).doesNotContain(again.id());
    }

    @Test
    void ofPartiesGiveThemNoSeat() {
      Identity alice = rotated(ALICE);
      Identity bob = rotated(BOB);
      Proposal deal = room.world.proposal(room.deal());

      assertThat(room.world.ledger.eligibleArbiters(List.of(alice.id(), bob.id()), deal)).isEmpty();
    }

    @Test
    void thatWereRevokedJudgeNothing() {
      Identity gone = JUDGES.getFirst();
      room.world.says(gone, new KeyStatement.RevokeKey("lost"));
      room.filed();

      assertThat(room.open().panel().pool()).doesNotContain(gone.id()).hasSize(JUDGES.size() - 1);
    }

    @Test
    void ofTheRespondentMayBeRevokedAndTheCaseGoesOn() {
      room.complete();
      room.world.says(BOB, new KeyStatement.RevokeKey("lost"));
      assertThat(code(room.shows(BOB, 1, ""))).isEqualTo(Refusal.Code.KEY_REVOKED);
      room.passes(Dispute.EVIDENCE_TIME);
      room.panel().forEach(judge -> room.votes(judge, FOR));

      assertThat(room.open().verdict()).isEqualTo(FOR);
      assertThat(room.held(BOB)).isZero();
    }
  }
}
