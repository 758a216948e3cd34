package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.agentchat.ledger.World.ORIGIN;
import static org.agentchat.ledger.World.START;
import static org.agentchat.ledger.World.accept;
import static org.agentchat.ledger.World.code;
import static org.agentchat.ledger.World.complete;
import static org.agentchat.ledger.World.dispute;
import static org.agentchat.ledger.World.effect;
import static org.agentchat.ledger.World.effects;
import static org.agentchat.ledger.World.names;
import static org.agentchat.ledger.World.reject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The rules, one behaviour a test. [World] compares `check` with `apply` at every statement.
class LedgerTest {
  private static final Terms PLAIN = Terms.PLAIN;

  private final World world = World.named();

  @Nested
  class Genesis {
    @Test
    void firstGenesisNamesTheLog() {
      assertThat(world.ledger.origin()).contains(ORIGIN);
    }

    @Test
    void secondGenesisIsRefused() {
      Applied again = world.apply(new Event.Genesis(START, "relay-2", "other/log"));

      assertThat(code(again)).isEqualTo(Refusal.Code.GENESIS_REPEATED);
      assertThat(world.ledger.origin()).contains(ORIGIN);
    }

    @Test
    void nothingCountsInALogWithoutAName() {
      World nameless = new World();

      assertThat(nameless.ledger.origin()).isEmpty();
      assertThat(code(nameless.says(ALICE, PLAIN.to(BOB)))).isEqualTo(Refusal.Code.NO_GENESIS);
      assertThat(nameless.ledger.accounts()).isEmpty();
    }
  }

  @Nested
  class Proposing {
    @Test
    void proposalOpensAndBothSidesAreKnown() {
      Applied applied = world.says(ALICE, PLAIN.worth(10).to(BOB));

      assertThat(names(applied)).containsExactly("AgentKnown", "AgentKnown", "ProposalOpened");
      Proposal proposal = effect(applied, Effect.ProposalOpened.class).proposal();
      assertThat(proposal.status()).isEqualTo(Proposal.Status.PENDING);
      assertThat(proposal.expiresAt()).isEqualTo(START + Proposal.LONGEST_WAIT);
      assertThat(world.ledger.proposal(proposal.id())).contains(proposal);
      assertThat(world.account(BOB).rating()).isEqualTo(1200);
    }

    @Test
    void nobodyMakesADealWithItself() {
      assertThat(code(world.says(ALICE, PLAIN.to(ALICE)))).isEqualTo(Refusal.Code.SELF_PROPOSAL);
    }

    @Test
    void recipientMustHaveAKey() {
      Statement proposal = PLAIN.to(World.agent("nobody"));

      assertThat(code(world.says(ALICE, proposal))).isEqualTo(Refusal.Code.UNKNOWN_RECIPIENT);
    }

    @Test
    void recipientsKeyMustBeThatOfItsName() {
      Statement proposal = PLAIN.to(BOB);
      Event wrong = world.stated(ALICE, world.bound(START), proposal, CAROL.key());

      assertThat(code(world.apply(wrong))).isEqualTo(Refusal.Code.UNKNOWN_RECIPIENT);
      assertThat(world.ledger.accounts()).isEmpty();
    }

    @Test
    void stakesAreNotLookedAtBeforeAcceptance() {
      String id = world.proposes(ALICE, BOB, PLAIN.staking(5000, 0));

      assertThat(world.account(ALICE).staked()).isZero();
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
      assertThat(world.proposal(id).status()).isEqualTo(Proposal.Status.PENDING);
    }
  }

  @Nested
  class Answering {
    @Test
    void recipientAccepts() {
      String id = world.proposes(ALICE, BOB, PLAIN);

      assertThat(names(world.says(BOB, accept(id)))).containsExactly("ProposalAccepted");
      assertThat(world.proposal(id).status()).isEqualTo(Proposal.Status.ACCEPTED);
    }

    @Test
    void recipientRejects() {
      String id = world.proposes(ALICE, BOB, PLAIN);

      assertThat(names(world.says(BOB, reject(id)))).containsExactly("ProposalRejected");
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void onlyTheRecipientAnswers() {
      String id = world.proposes(ALICE, BOB, PLAIN);

      for (Identity other : List.of(ALICE, CAROL)) {
        assertThat(code(world.says(other, accept(id))))
            .isEqualTo(Refusal.Code.NOT_PROPOSAL_RECIPIENT);
        assertThat(code(world.says(other, reject(id))))
            .isEqualTo(Refusal.Code.NOT_PROPOSAL_RECIPIENT);
      }
    }

    @Test
    void unknownProposalIsNotFound() {
      for (Statement statement :
          List.of(accept("prop_x"), reject("prop_x"), complete("prop_x"), dispute("prop_x"))) {
        assertThat(code(world.says(BOB, statement))).isEqualTo(Refusal.Code.PROPOSAL_NOT_FOUND);
      }
    }

    @Test
    void firstOfTwoAcceptancesWins() {
      String id = world.proposes(ALICE, BOB, PLAIN.staking(10, 0));
      world.says(BOB, accept(id, 7));

      assertThat(code(world.says(BOB, accept(id, 9)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
      assertThat(world.account(BOB).staked()).isEqualTo(7);
    }

    @Test
    void deadlineIsTheFirstMomentThatIsTooLate() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));

      world.at(START + 59_999);
      assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
      String late = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));
      world.after(Duration.ofSeconds(60));
      Applied refused = world.says(BOB, accept(late));
      assertThat(names(refused)).containsExactly("ProposalExpired", "Refused");
      assertThat(code(refused)).isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
    }

    @Test
    void secondsMayHaveFractions() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(0.0015));

      assertThat(world.proposal(id).expiresAt()).isEqualTo(START + 1);
      assertThat(world.ledger.nextDeadline()).isEqualTo(OptionalLong.of(START + 1));
    }

    @Test
    void offerThatLapsesAtOnceIsNeverPending() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(0.0001));

      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
    }
  }

  @Nested
  class Deadlines {
    @Test
    void tickLetsAnOfferLapse() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));

      assertThat(names(world.at(START + 59_999).tick())).isEmpty();
      assertThat(names(world.at(START + 60_000).tick())).containsExactly("ProposalExpired");
      assertThat(world.proposal(id).status()).isEqualTo(Proposal.Status.EXPIRED);
      assertThat(world.ledger.nextDeadline()).isEmpty();
    }

    @Test
    void deadlinesFireInOrderOfTimeThenOfBirth() {
      String slow = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(90));
      String second = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));
      String third = world.proposes(BOB, ALICE, PLAIN.lapsingAfter(60));

      Applied applied = world.after(Duration.ofDays(1)).tick();

      assertThat(effects(applied, Effect.ProposalExpired.class))
          .map(expired -> expired.proposal().id())
          .containsExactly(second, third, slow);
    }

    @Test
    void stakesAreReleasedAtExpiresWhileTheDealStaysOpen() {
      String id = world.agreed(ALICE, BOB, PLAIN.lapsingAfter(3600).staking(50, 30));

      Applied applied = world.at(START + 3_600_000).tick();

      assertThat(names(applied)).containsExactly("StakeSettled");
      assertThat(effect(applied, Effect.StakeSettled.class).winner()).isNull();
      assertThat(world.account(ALICE).staked()).isZero();
      assertThat(world.proposal(id).status()).isEqualTo(Proposal.Status.ACCEPTED);
      Effect.ProposalDisputed ended =
          effect(world.says(ALICE, dispute(id)), Effect.ProposalDisputed.class);
      assertThat(ended.changes().agents())
          .containsEntry(BOB.id().toString(), new RatingChange(1200, 1184, -16, 1));
    }

    @Test
    void dealWithoutAnEndIsGivenUpThirtyDaysAfterItsAcceptance() {
      String id = world.proposes(ALICE, BOB, PLAIN.staking(50, 0));
      world.after(Duration.ofDays(10)).says(BOB, accept(id));
      long acceptedAt = world.now();

      world.at(acceptedAt + Proposal.LONGEST_WAIT - 1).tick();
      assertThat(world.account(ALICE).staked()).isEqualTo(50);
      Applied applied = world.at(acceptedAt + Proposal.LONGEST_WAIT).tick();

      assertThat(names(applied)).containsExactly("StakeSettled", "ProposalExpired");
      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void completionAtTheLastMomentIsTooLate() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      world.after(Duration.ofMillis(Proposal.LONGEST_WAIT));

      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void pointsWhoseReleaseIsDueMayBeStakedByTheVeryNextStatement() {
      world.agreed(ALICE, BOB, PLAIN.lapsingAfter(60).staking(1100, 0));
      String next = world.proposes(ALICE, BOB, PLAIN.staking(1100, 0));

      assertThat(code(world.says(BOB, accept(next)))).isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
      assertThat(names(world.at(START + 60_000).says(BOB, accept(next))))
          .containsExactly("StakeSettled", "ProposalAccepted", "StakeEscrowed");
    }

    @Test
    void finishedProposalIsForgottenADayAfterItsEnd() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      world.after(Duration.ofDays(2)).says(BOB, complete(id));
      long endedAt = world.now();

      world.at(endedAt + Proposal.MEMORY - 1);
      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(world.ledger.proposals()).hasSize(1);
      world.at(endedAt + Proposal.MEMORY);
      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_FOUND);
      assertThat(world.ledger.proposals()).isEmpty();
      assertThat(world.account(BOB).transactions()).isEqualTo(1);
    }
  }

  @Nested
  class Ending {
    @Test
    void completionMovesRatingsAndIssuesAReceipt() {
      Applied applied = world.completed(ALICE, BOB, PLAIN.worth(10).staking(50, 30));

      assertThat(names(applied))
          .containsExactly(
              "ProposalCompleted",
              "StakeSettled",
              "RatingChanged",
              "RatingChanged",
              "ReceiptIssued");
      assertThat(world.account(ALICE).rating()).isEqualTo(1217);
      assertThat(world.account(BOB).rating()).isEqualTo(1217);
      assertThat(world.account(ALICE).staked()).isZero();
      assertThat(world.account(BOB).updatedAt()).isEqualTo(START);
      assertThat(world.ledger.leaderboard()).hasSize(2);
    }

    @Test
    void receiptHoldsEveryLegWordForWord() {
      Receipt receipt =
          effect(world.completed(ALICE, BOB, PLAIN.worth(10)), Effect.ReceiptIssued.class)
              .receipt();

      assertThat(receipt.type()).isEqualTo("COMPLETE");
      assertThat(receipt.completedBy()).isEqualTo(BOB.id());
      assertThat(receipt.origin()).isEqualTo(ORIGIN);
      assertThat(receipt.cooldown()).isFalse();
      assertThat(receipt.index()).isEqualTo(3);
      assertThat(receipt.legs())
          .map(Receipt.Leg::type)
          .containsExactly("PROPOSAL", "ACCEPT", "COMPLETE");
      for (Receipt.Leg leg : receipt.legs()) {
        byte[] recorded = world.log.get((int) leg.index());
        assertThat(leg.event()).isEqualTo(new String(recorded, StandardCharsets.UTF_8));
        assertThat(leg.leafHash()).isEqualTo(LeafHash.of(recorded).toString());
      }
    }

    @Test
    void eitherSideCompletes() {
      String id = world.agreed(ALICE, BOB, PLAIN);

      assertThat(world.says(ALICE, complete(id)).refusal()).isEmpty();
    }

    @Test
    void strangerEndsNothing() {
      String id = world.agreed(ALICE, BOB, PLAIN.staking(50, 30));

      assertThat(code(world.says(CAROL, complete(id)))).isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
      assertThat(code(world.says(CAROL, dispute(id)))).isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
      assertThat(world.account(ALICE).staked()).isEqualTo(50);
      assertThat(world.ledger.account(CAROL.id())).isEmpty();
    }

    @Test
    void pendingProposalCannotEnd() {
      String id = world.proposes(ALICE, BOB, PLAIN);

      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(code(world.says(ALICE, dispute(id))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void disputeAfterCompletionComesTooLate() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      world.says(BOB, complete(id));

      assertThat(code(world.says(ALICE, dispute(id))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void completionAfterDisputeComesTooLate() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      world.says(ALICE, dispute(id));

      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      assertThat(world.account(BOB).rating()).isEqualTo(1184);
    }

    @Test
    void disputeTransfersTheLosersStake() {
      String id = world.agreed(ALICE, BOB, PLAIN.staking(50, 30));

      Applied applied = world.says(ALICE, dispute(id));

      Effect.StakeSettled settled = effect(applied, Effect.StakeSettled.class);
      assertThat(settled.winner()).isEqualTo(ALICE.id());
      assertThat(settled.amount()).isEqualTo(30);
      assertThat(world.account(ALICE).rating()).isEqualTo(1238);
      assertThat(world.account(BOB).rating()).isEqualTo(1154);
      Receipt receipt = effect(applied, Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.disputedBy()).isEqualTo(ALICE.id());
      assertThat(receipt.reason()).isEqualTo("not delivered");
    }

    @Test
    void secondCompletionOfAPairWithinTheHourMovesNoRating() {
      world.completed(ALICE, BOB, PLAIN);
      world.after(Duration.ofMillis(Elo.PAIR_COOLDOWN - 1));

      Applied applied = world.completed(BOB, ALICE, PLAIN.staking(50, 30).inSkill("review"));

      assertThat(names(applied))
          .containsExactly("ProposalCompleted", "StakeSettled", "ReceiptIssued");
      assertThat(effect(applied, Effect.ReceiptIssued.class).receipt().cooldown()).isTrue();
      assertThat(world.account(ALICE).staked()).isZero();
      assertThat(world.account(ALICE).transactions()).isEqualTo(1);
      assertThat(world.account(ALICE).rating()).isEqualTo(1208);
      assertThat(world.account(ALICE).skills()).isEmpty();
    }

    @Test
    void anHourAfterTheLastOneThatCountedAPairGainsHalf() {
      world.completed(ALICE, BOB, PLAIN.worth(10));
      world.after(Duration.ofMinutes(30)).completed(ALICE, BOB, PLAIN);
      world.after(Duration.ofMinutes(30)).completed(BOB, ALICE, PLAIN.worth(10));

      assertThat(world.account(ALICE).rating()).isEqualTo(1225);
      assertThat(world.account(ALICE).transactions()).isEqualTo(2);
    }

    @Test
    void cooldownIsThePairsAndDoesNotHinderDisputes() {
      world.completed(ALICE, BOB, PLAIN);
      world.completed(ALICE, CAROL, PLAIN);
      assertThat(world.account(ALICE).transactions()).isEqualTo(2);
      world.says(BOB, dispute(world.agreed(ALICE, BOB, PLAIN)));

      assertThat(world.account(ALICE).transactions()).isEqualTo(3);
    }

    @Test
    void secondDisputeOfAPairWithinTheHourMovesStakesOnly() {
      world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN)));
      Terms staked = PLAIN.staking(0, 30).inSkill("x");
      Applied applied = world.says(ALICE, dispute(world.agreed(ALICE, BOB, staked)));

      assertThat(world.account(ALICE).rating()).isEqualTo(1208 + 30);
      assertThat(world.account(BOB).rating()).isEqualTo(1184 - 30);
      assertThat(world.account(ALICE).transactions()).isEqualTo(1);
      assertThat(world.account(BOB).skills()).isEmpty();
      assertThat(world.account(BOB).staked()).isZero();
      assertThat(names(applied))
          .containsExactly(
              "ProposalDisputed",
              "StakeSettled",
              "RatingChanged",
              "RatingChanged",
              "ReceiptIssued");
      assertThat(effect(applied, Effect.ReceiptIssued.class).receipt().cooldown()).isTrue();
      Applied bare = world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN)));
      assertThat(names(bare)).containsExactly("ProposalDisputed", "ReceiptIssued");
    }

    @Test
    void disputesOfAPairCountLessEachTime() {
      int[] expected = {8, 4, 3};
      int before = Elo.DEFAULT_RATING;
      for (int gain : expected) {
        world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN)));
        assertThat(world.account(ALICE).rating() - before).isEqualTo(gain);
        before += gain;
        world.after(Duration.ofHours(1));
      }
    }

    @Test
    void repeatedDisputeBringsNothingThatTheOtherSideDoesNotLose() {
      world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN.staking(0, 1100))));
      assertThat(world.account(BOB).rating()).isEqualTo(Elo.MINIMUM_RATING);
      int rich = world.account(ALICE).rating();
      for (int i = 0; i < 20; i++) {
        world.after(Duration.ofMinutes(40));
        world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN)));
      }

      assertThat(world.account(ALICE).rating()).isEqualTo(rich);
      assertThat(world.account(BOB).rating()).isEqualTo(Elo.MINIMUM_RATING);
    }

    @Test
    void capabilityHasARatingOfItsOwn() {
      world.completed(ALICE, BOB, PLAIN);
      Applied applied = world.completed(ALICE, CAROL, PLAIN.worth(10).inSkill("code_review"));

      assertThat(effects(applied, Effect.RatingChanged.class))
          .map(Effect.RatingChanged::capability)
          .containsExactly(null, "code_review", null, "code_review");
      int gain = world.account(ALICE).rating() - 1208;
      assertThat(world.account(ALICE).skills())
          .containsExactly(Map.entry("code_review", new Account.Skill(1200 + gain, 1, START)));
    }

    @Test
    void callersCannotChangeAnAccount() {
      world.completed(ALICE, BOB, PLAIN.inSkill("x"));

      assertThatThrownBy(() -> world.account(ALICE).skills().clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> world.ledger.accounts().clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> world.ledger.proposals().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Nested
  class Stakes {
    @Test
    void acceptanceHoldsWhatBothSidesStake() {
      Applied applied =
          world.says(BOB, accept(world.proposes(ALICE, BOB, PLAIN.staking(50, 0)), 30));

      assertThat(names(applied)).containsExactly("ProposalAccepted", "StakeEscrowed");
      assertThat(world.account(ALICE).available()).isEqualTo(1050);
      assertThat(world.account(BOB).available()).isEqualTo(1070);
      assertThat(world.account(ALICE).rating()).isEqualTo(1200);
    }

    @Test
    void pointsAreStakedOnce() {
      world.agreed(ALICE, BOB, PLAIN.staking(600, 0));
      String second = world.proposes(ALICE, BOB, PLAIN.staking(501, 0));

      Applied refused = world.says(BOB, accept(second));
      assertThat(code(refused)).isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
      assertThat(refused.refusal().orElseThrow().detail())
          .isEqualTo("Insufficient ELO. Available: 500, Requested: 501");
      assertThat(code(world.says(BOB, accept(world.proposes(ALICE, BOB, PLAIN), 1101))))
          .isEqualTo(Refusal.Code.ACCEPTOR_INSUFFICIENT);
    }

    @Test
    void proposersStakeIsLookedAtFirst() {
      String id = world.proposes(ALICE, BOB, PLAIN.staking(5000, 0));

      assertThat(code(world.says(BOB, accept(id, 5000))))
          .isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
    }

    @Test
    void refusedAcceptanceMayBeRepeatedWhenPointsAreFree() {
      String first = world.agreed(ALICE, BOB, PLAIN.staking(1100, 0));
      String second = world.proposes(ALICE, CAROL, PLAIN.staking(100, 0));
      assertThat(code(world.says(CAROL, accept(second))))
          .isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
      world.says(BOB, complete(first));

      assertThat(world.says(CAROL, accept(second)).refusal()).isEmpty();
    }

    @Test
    void ratingNeverFallsBelowItsFloor() {
      for (int i = 0; i < 3; i++) {
        world.says(
            BOB,
            dispute(
                world.agreed(
                    ALICE,
                    BOB,
                    PLAIN.staking(
                        world.ledger.account(ALICE.id()).map(Account::available).orElse(1100),
                        0))));
      }

      assertThat(world.account(ALICE).rating()).isEqualTo(100);
      assertThat(world.account(ALICE).available()).isZero();
    }
  }

  @Nested
  class Binding {
    @Test
    void statementForAnotherLogIsRefused() {
      Scheme elsewhere = new Scheme.Bound("elsewhere.org/log", START, "0123456789abcdef");

      assertThat(code(world.apply(world.stated(ALICE, elsewhere, PLAIN.to(BOB)))))
          .isEqualTo(Refusal.Code.WRONG_ORIGIN);
    }

    @Test
    void signersClockMayBeTenMinutesOff() {
      for (long off : new long[] {-600_000, 600_000}) {
        assertThat(
                world.apply(world.stated(ALICE, world.bound(START + off), PLAIN.to(BOB))).refusal())
            .isEmpty();
        long more = off + Long.signum(off);
        assertThat(code(world.apply(world.stated(ALICE, world.bound(START + more), PLAIN.to(BOB)))))
            .isEqualTo(Refusal.Code.STALE);
      }
    }

    @Test
    void statementIsMeasuredByTheLogsClockNotTheRelays() {
      world.after(Duration.ofHours(1)).tick();
      world.at(START);

      assertThat(code(world.says(ALICE, PLAIN.to(BOB)))).isEqualTo(Refusal.Code.STALE);
    }

    @Test
    void nonceServesOnce() {
      Event.Stated event = world.stated(ALICE, world.bound(START), PLAIN.to(BOB));
      world.apply(event);
      Refusal refusal = world.apply(event).refusal().orElseThrow();

      assertThat(refusal.code()).isEqualTo(Refusal.Code.REPEATED);
      assertThat(refusal.firstIndex()).isEqualTo(1);
      assertThat(world.ledger.proposals()).hasSize(1);
    }

    @Test
    void nonceServesOnceAlsoForAnotherStatement() {
      Scheme scheme = world.bound(START);
      world.apply(world.stated(ALICE, scheme, PLAIN.to(BOB)));

      assertThat(code(world.apply(world.stated(ALICE, scheme, PLAIN.to(CAROL)))))
          .isEqualTo(Refusal.Code.REPEATED);
    }

    @Test
    void othersMayUseTheSameNonce() {
      Scheme scheme = world.bound(START);
      world.apply(world.stated(ALICE, scheme, PLAIN.to(BOB)));

      assertThat(world.apply(world.stated(BOB, scheme, PLAIN.to(ALICE))).refusal()).isEmpty();
    }

    @Test
    void refusedStatementDoesNotUseItsNonceUp() {
      String id = world.proposes(ALICE, BOB, PLAIN);
      Scheme scheme = world.bound(START);
      assertThat(code(world.apply(world.stated(BOB, scheme, complete(id)))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);

      assertThat(world.apply(world.stated(BOB, scheme, accept(id))).refusal()).isEmpty();
    }

    /// At no moment is a nonce forgotten while its statement is fresh enough to be taken again.
    @Test
    void replayIsRefusedAtEveryMoment() {
      Event.Stated future = world.stated(ALICE, world.bound(START + 600_000), PLAIN.to(BOB));
      Event.Stated past = world.stated(BOB, world.bound(START - 599_999), PLAIN.to(ALICE));
      world.apply(future);
      world.apply(past);
      for (int second = 0; second < 1_400; second += 7) {
        world.at(START + second * 1000L);
        for (Event.Stated event : List.of(future, past)) {
          Event again = new Event.Stated(world.now(), "relay-2", event.signed(), event.recipient());
          assertThat(code(world.apply(again))).isIn(Refusal.Code.REPEATED, Refusal.Code.STALE);
        }
      }
      assertThat(world.ledger.proposals()).hasSize(2);
    }
  }

  @Nested
  class ExistingClients {
    private final Scheme joined = new Scheme.Joined();

    @Test
    void joinedSignaturesCount() {
      Statement proposal = PLAIN.worth(10).to(BOB);
      String id = World.opened(world.apply(world.stated(ALICE, joined, proposal)));
      world.apply(world.stated(BOB, joined, accept(id)));

      Applied ended = world.apply(world.stated(BOB, joined, complete(id)));
      assertThat(effect(ended, Effect.ReceiptIssued.class).receipt().legs())
          .allMatch(leg -> leg.scheme().equals("agentchat/1"));
    }

    @Test
    void sameBytesTwiceAreOneProposal() {
      byte[] bytes = EventCodec.encode(world.stated(ALICE, joined, PLAIN.to(BOB)));
      world.append(bytes);
      Refusal refusal = world.append(bytes).refusal().orElseThrow();

      assertThat(refusal.code()).isEqualTo(Refusal.Code.REPEATED);
      assertThat(refusal.firstIndex()).isEqualTo(1);
    }

    /// `agentchat/1` has no nonce: what stops a relay from copying a whole finished deal to the end
    /// of the log, long after the fold has forgotten it, is that its events carry their time.
    @Test
    void finishedDealCannotBeReplayedAfterItIsForgotten() {
      byte[] offer = EventCodec.encode(world.stated(ALICE, joined, PLAIN.to(BOB)));
      String id = World.opened(world.append(offer));
      byte[] taken = EventCodec.encode(world.stated(BOB, joined, accept(id)));
      byte[] done = EventCodec.encode(world.stated(BOB, joined, complete(id)));
      world.append(taken);
      world.append(done);
      int rating = world.account(ALICE).rating();
      for (int hour = 0; hour < 60; hour++) {
        world.after(Duration.ofHours(1)).tick();
        for (byte[] bytes : List.of(offer, taken, done)) {
          assertThat(world.append(bytes).refusal()).as("hour %d", hour).isPresent();
        }
      }

      assertThat(world.account(ALICE).rating()).isEqualTo(rating);
      assertThat(world.ledger.proposals()).isEmpty();
    }

    @Test
    void eventThatIsADayOlderThanTheLogIsStale() {
      Event event = world.stated(ALICE, joined, PLAIN.to(BOB));
      world.at(START + Proposal.MEMORY - 1).tick();
      assertThat(world.apply(event).refusal()).isEmpty();
      Event other = world.at(START).stated(ALICE, joined, PLAIN.to(CAROL));
      world.at(START + Proposal.MEMORY).tick();

      assertThat(code(world.apply(other))).isEqualTo(Refusal.Code.STALE);
    }
  }

  @Nested
  class BadEntries {
    @Test
    void forgedStatementMovesOnlyTheTree() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));
      Event.Stated honest =
          world.after(Duration.ofSeconds(60)).stated(BOB, world.bound(START), accept(id));
      SignedStatement signed = honest.signed();
      SignedStatement forged =
          new SignedStatement(reject(id), signed.scheme(), signed.key(), signed.signature());

      Applied applied =
          world.append(EventCodec.encode(new Event.Stated(world.now(), "r", forged, null)));

      assertThat(code(applied)).isEqualTo(Refusal.Code.BAD_SIGNATURE);
      assertThat(names(applied)).containsExactly("Refused");
      assertThat(world.ledger.clock()).isEqualTo(START);
      assertThat(world.ledger.size()).isEqualTo(3);
    }

    @Test
    void malformedEntryMovesOnlyTheTree() {
      world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));
      String root = world.ledger.rootHash();

      for (byte[] bytes :
          List.of(
              new byte[0],
              new byte[] {'x'},
              new byte[70_000],
              "{\"at\":1e99999999999}".getBytes(StandardCharsets.UTF_8))) {
        assertThat(code(world.append(bytes))).isEqualTo(Refusal.Code.MALFORMED);
      }
      assertThat(world.ledger.rootHash()).isNotEqualTo(root);
      assertThat(world.ledger.clock()).isEqualTo(START);
      assertThat(world.ledger.proposals()).hasSize(1);
    }

    @Test
    void keyOfSmallOrderSignsNothing() {
      byte[] small = new byte[32];
      small[0] = 1;
      SignedStatement honest = SignedStatement.sign(ALICE, new Scheme.Joined(), PLAIN.to(BOB));
      SignedStatement forged =
          new SignedStatement(
              honest.statement(), honest.scheme(), AgentKey.ofRaw(small), honest.signature());

      assertThat(
              code(
                  world.append(EventCodec.encode(new Event.Stated(START, "r", forged, BOB.key())))))
          .isEqualTo(Refusal.Code.BAD_SIGNATURE);
    }

    @Test
    void entryOutOfTurnIsABug() {
      Entry entry = new Entry(5, LeafHash.of(new byte[0]), new Entry.Content.Malformed("x"));

      assertThatThrownBy(() -> world.ledger.apply(entry))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("entry 5 given, entry 1 wanted");
      assertThat(world.ledger.size()).isEqualTo(1);
    }

    @Test
    void anotherKeyNeverTakesAnAccountOver() {
      // Two keys with one short name need 2^32 tries; what can be had is that the first key stays.
      world.proposes(ALICE, BOB, PLAIN);
      world.proposes(BOB, ALICE, PLAIN);

      assertThat(world.account(ALICE).key()).isEqualTo(ALICE.key());
      assertThat(world.ledger.accounts()).hasSize(2);
    }
  }

  @Nested
  class Clock {
    @Test
    void logsClockIsTheRunningMaximum() {
      world.after(Duration.ofHours(1)).tick();
      world.at(START).tick();

      assertThat(world.ledger.clock()).isEqualTo(START + 3_600_000);
    }

    @Test
    void eventOfAClockThatIsFarAheadMovesNothing() {
      String id = world.agreed(ALICE, BOB, PLAIN.staking(50, 30));
      long before = world.ledger.clock();
      world.at(before + Ledger.MAX_ADVANCE + 1);

      assertThat(code(world.tick())).isEqualTo(Refusal.Code.TIME_JUMP);
      assertThat(code(world.says(BOB, complete(id)))).isEqualTo(Refusal.Code.TIME_JUMP);
      assertThat(world.ledger.clock()).isEqualTo(before);
      assertThat(world.account(ALICE).staked()).isEqualTo(50);
      world.at(before + 1000);
      assertThat(world.says(BOB, complete(id)).refusal()).isEmpty();
    }

    @Test
    void logThatWasIdleGoesOnStepByStep() {
      long wanted = START + 3 * Ledger.MAX_ADVANCE;
      while (world.ledger.clock() < wanted) {
        world.at(world.ledger.clock() + Ledger.MAX_ADVANCE);
        assertThat(world.tick().refusal()).isEmpty();
      }
      assertThat(world.proposes(ALICE, BOB, PLAIN)).isNotEmpty();
    }

    @Test
    void proposalsTimesAreLogTimesWhenARelaysClockIsBehind() {
      world.after(Duration.ofMinutes(9)).tick();
      long logTime = world.now();
      world.at(START);
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));

      assertThat(world.proposal(id).expiresAt()).isEqualTo(logTime + 60_000);
      assertThat(world.proposal(id).openedAt()).isEqualTo(logTime);
      world.says(BOB, accept(id));
      Receipt receipt = effect(world.says(BOB, complete(id)), Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.proposal().createdAt()).isEqualTo(logTime);
      assertThat(receipt.ts()).isEqualTo(logTime);
    }

    @Test
    void nextDeadlineIsWhenATickIsWanted() {
      assertThat(world.ledger.nextDeadline()).isEmpty();
      world.proposes(ALICE, BOB, PLAIN.lapsingAfter(90));
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60).staking(1, 0));
      assertThat(world.ledger.nextDeadline()).hasValue(START + 60_000);
      world.says(BOB, accept(id));
      assertThat(world.ledger.nextDeadline()).hasValue(START + 60_000);
      world.says(BOB, complete(id));
      assertThat(world.ledger.nextDeadline()).hasValue(START + 90_000);
    }
  }

  @Nested
  class Bounds {
    @Test
    void agentHasSoManyOpenProposalsAndNoMore() {
      String first = world.proposes(ALICE, BOB, PLAIN);
      for (int i = 1; i < Proposals.MAX_OPEN; i++) {
        world.proposes(ALICE, BOB, PLAIN);
      }

      assertThat(code(world.says(ALICE, PLAIN.to(CAROL)))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
      world.proposes(CAROL, ALICE, PLAIN);
      world.says(BOB, reject(first));
      world.proposes(ALICE, CAROL, PLAIN);
    }

    @Test
    void agentHasSoManySkillsAndFurtherOnesMoveOnlyItsOwnRating() {
      for (int i = 0; i < Account.MAX_SKILLS; i++) {
        world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN.inSkill("skill-" + i))));
        world.after(Duration.ofHours(1));
      }
      int rating = world.account(BOB).rating();

      Applied applied =
          world.says(BOB, dispute(world.agreed(ALICE, BOB, PLAIN.inSkill("one-more"))));

      assertThat(world.account(BOB).skills()).hasSize(Account.MAX_SKILLS);
      assertThat(world.account(BOB).rating()).isGreaterThan(rating);
      assertThat(names(applied))
          .containsExactly("ProposalDisputed", "RatingChanged", "RatingChanged", "ReceiptIssued");
      world.after(Duration.ofHours(1));
      world.says(ALICE, dispute(world.agreed(ALICE, BOB, PLAIN.inSkill("skill-0"))));
      assertThat(world.account(ALICE).skills().get("skill-0").transactions()).isEqualTo(2);
    }

    @Test
    void textsOfAFinishedDealAreForgottenAtOnce() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      world.says(BOB, complete(id));

      Proposal kept = world.ledger.proposal(id).orElseThrow();
      assertThat(kept.status()).isEqualTo(Proposal.Status.COMPLETED);
      assertThat(kept.terms().task()).isEmpty();
      assertThat(kept.legs()).hasSize(1);
      assertThatThrownBy(() -> kept.legs().getFirst().event())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class State {
    @Test
    void sameLogGivesTheSameState() {
      world.completed(ALICE, BOB, PLAIN.staking(5, 5).inSkill("x"));
      world.says(CAROL, dispute(world.agreed(ALICE, CAROL, PLAIN.staking(5, 5))));
      world.agreed(BOB, CAROL, PLAIN.staking(9, 9));

      assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
    }

    @Test
    void everyStatementChangesTheState() {
      Set<String> hashes = new HashSet<>();
      hashes.add(world.ledger.stateHash());
      String id = world.proposes(ALICE, BOB, PLAIN);
      hashes.add(world.ledger.stateHash());
      world.says(BOB, accept(id));
      hashes.add(world.ledger.stateHash());
      world.says(BOB, accept(id));
      hashes.add(world.ledger.stateHash());
      world.says(BOB, complete(id));
      hashes.add(world.ledger.stateHash());
      world.tick();
      hashes.add(world.ledger.stateHash());

      assertThat(hashes).hasSize(6);
    }

    @Test
    void checkChangesNothing() {
      String id = world.proposes(ALICE, BOB, PLAIN.lapsingAfter(60));
      String before = world.ledger.stateHash();
      world.after(Duration.ofDays(3));
      world.ledger.check(world.stated(BOB, world.bound(world.now()), accept(id)));

      assertThat(world.ledger.stateHash()).isEqualTo(before);
    }
  }
}
