package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.agentchat.ledger.World.ORIGIN;
import static org.agentchat.ledger.World.accept;
import static org.agentchat.ledger.World.code;
import static org.agentchat.ledger.World.complete;
import static org.agentchat.ledger.World.dispute;
import static org.agentchat.ledger.World.effect;
import static org.agentchat.ledger.World.effects;
import static org.agentchat.ledger.World.names;
import static org.agentchat.ledger.World.skills;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Accounts whose keys change. [World] compares `check` with `apply` at every statement.
class KeysTest {
  private static final Terms PLAIN = Terms.PLAIN;
  private static final Identity NEXT = World.agent("alice, later");

  private final World world = World.named();

  private Applied rotate(Identity old, Identity next) {
    return world.says(old, KeyStatement.RotateKey.of(old, next, ORIGIN));
  }

  private Applied revoke(Identity key) {
    return world.says(key, new KeyStatement.RevokeKey("lost"));
  }

  private Applied offers(Identity from, Identity to) {
    return world.apply(world.stated(from, world.bound(world.now()), PLAIN.to(to), to.key()));
  }

  @Nested
  class Rotation {
    @Test
    void ratingAndSkillsAndHistoryStayWithTheAccount() {
      world.completed(ALICE, BOB, PLAIN.worth(10).inSkill("code"));
      world.says(ALICE, skills(5, "code"));
      Account before = world.account(ALICE);

      Applied applied = rotate(ALICE, NEXT);

      assertThat(names(applied)).containsExactly("KeyRotated");
      assertThat(effect(applied, Effect.KeyRotated.class))
          .isEqualTo(new Effect.KeyRotated(ALICE.key(), NEXT.key()));
      Account after = world.account(NEXT);
      assertThat(after.id()).isEqualTo(NEXT.id());
      assertThat(after.first()).isEqualTo(ALICE.id());
      assertThat(after.rating()).isEqualTo(before.rating());
      assertThat(after.transactions()).isEqualTo(1);
      assertThat(after.skills()).isEqualTo(before.skills());
      assertThat(after.registered()).isEqualTo(before.registered());
      assertThat(world.ledger.accounts()).hasSize(2);
    }

    @Test
    void everyNameLeadsToTheAccountAndItsKeysHaveTheirTimes() {
      world.says(ALICE, skills(5, "code"));
      rotate(ALICE, NEXT);

      assertThat(world.account(ALICE)).isEqualTo(world.account(NEXT));
      Tenure.End rotated = new Tenure.End(Tenure.Kind.ROTATED, 2);
      assertThat(world.account(NEXT).keys())
          .containsExactly(new Tenure(ALICE.key(), 1, rotated), new Tenure(NEXT.key(), 2, null));
    }

    @Test
    void formerKeySignsNothingMoreAndIsToldWhy() {
      rotate(ALICE, NEXT);
      Applied late = world.says(ALICE, PLAIN.to(BOB));

      Refusal refusal = late.refusal().orElseThrow();
      assertThat(refusal.code()).isEqualTo(Refusal.Code.KEY_ROTATED);
      assertThat(refusal.firstIndex()).isEqualTo(1);
      assertThat(refusal.detail())
          .isEqualTo(
              "the key of %s was rotated at index 1: sign as %s".formatted(ALICE.id(), NEXT.id()));
      assertThat(code(rotate(ALICE, CAROL))).isEqualTo(Refusal.Code.KEY_ROTATED);
      assertThat(code(revoke(ALICE))).isEqualTo(Refusal.Code.KEY_ROTATED);
      assertThat(code(world.apply(world.stated(ALICE, new Scheme.Joined(), skills(5, "code")))))
          .isEqualTo(Refusal.Code.KEY_ROTATED);
    }

    @Test
    void sameRotationAgainIsToldWhereTheFirstIs() {
      SignedStatement signed =
          SignedStatement.sign(
              ALICE, world.bound(world.now()), KeyStatement.RotateKey.of(ALICE, NEXT, ORIGIN));
      world.apply(new Event.Stated(world.now(), "relay-1", signed, null));
      Applied again = world.apply(new Event.Stated(world.now(), "relay-2", signed, null));

      assertThat(code(again)).isEqualTo(Refusal.Code.REPEATED);
      assertThat(again.refusal().orElseThrow().firstIndex()).isEqualTo(1);
    }

    @Test
    void openDealsGoOnUnderTheNewKeys() {
      Identity bobNext = World.agent("bob, later");
      String id = world.agreed(ALICE, BOB, PLAIN.worth(10).staking(50, 30));
      String offered = world.proposes(ALICE, BOB, PLAIN);
      rotate(ALICE, NEXT);
      rotate(BOB, bobNext);

      assertThat(world.account(NEXT).staked()).isEqualTo(50);
      assertThat(world.says(bobNext, accept(offered)).refusal()).isEmpty();
      Applied applied = world.says(NEXT, complete(id));

      assertThat(effects(applied, Effect.RatingChanged.class))
          .map(Effect.RatingChanged::agent)
          .containsExactly(NEXT.id(), bobNext.id());
      assertThat(effect(applied, Effect.ProposalCompleted.class).changes().agents().keySet())
          .containsExactly(NEXT.id().toString(), bobNext.id().toString());
      assertThat(world.account(NEXT).staked()).isZero();
      assertThat(world.account(bobNext).staked()).isZero();
      Receipt receipt = effect(applied, Effect.ReceiptIssued.class).receipt();
      assertThat(receipt.from()).isEqualTo(ALICE.id());
      assertThat(receipt.completedBy()).isEqualTo(NEXT.id());
      assertThat(receipt.legs().getLast().signer()).isEqualTo(NEXT.id());
    }

    @Test
    void disputeAfterARotationTakesTheOtherSidesStake() {
      String id = world.agreed(ALICE, BOB, PLAIN.staking(50, 30));
      rotate(ALICE, NEXT);
      Applied applied = world.says(NEXT, dispute(id));

      Effect.StakeSettled settled = effect(applied, Effect.StakeSettled.class);
      assertThat(settled.winner()).isEqualTo(NEXT.id());
      assertThat(settled.amount()).isEqualTo(30);
      assertThat(world.account(BOB).rating()).isEqualTo(1200 - 16 - 30);
      assertThat(world.account(NEXT).rating()).isEqualTo(1200 + 8 + 30);
    }

    @Test
    void strangerIsNoPartyAndTheFormerKeyCannotEndADealEither() {
      String id = world.agreed(ALICE, BOB, PLAIN);
      rotate(ALICE, NEXT);

      assertThat(code(world.says(CAROL, complete(id)))).isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
      assertThat(code(world.says(ALICE, complete(id)))).isEqualTo(Refusal.Code.KEY_ROTATED);
    }

    @Test
    void pairStaysAPair() {
      world.completed(ALICE, BOB, PLAIN);
      rotate(ALICE, NEXT);
      String id = World.opened(offers(NEXT, BOB));
      world.says(BOB, accept(id));
      Applied soon = world.says(BOB, complete(id));
      assertThat(effect(soon, Effect.ReceiptIssued.class).receipt().cooldown()).isTrue();

      world.after(Duration.ofHours(2));
      String later = World.opened(offers(NEXT, BOB));
      world.says(BOB, accept(later));
      Applied second = world.says(BOB, complete(later));
      assertThat(effects(second, Effect.RatingChanged.class))
          .map(Effect.RatingChanged::change)
          .containsExactly(4, 4);
    }

    @Test
    void openOffersOfAllKeysCountTogether() {
      for (int i = 0; i < Proposals.MAX_OPEN; i++) {
        world.proposes(ALICE, BOB, PLAIN);
      }
      rotate(ALICE, NEXT);

      assertThat(code(offers(NEXT, BOB))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
    }

    @Test
    void stakesReleasedByTimeAreFreeForTheNewKey() {
      world.agreed(ALICE, BOB, PLAIN.staking(1_000, 0).lapsingAfter(60));
      rotate(ALICE, NEXT);
      String id =
          World.opened(
              world.apply(
                  world.stated(
                      NEXT, world.bound(world.now()), PLAIN.staking(1_100, 0).to(BOB), BOB.key())));
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
      world.after(Duration.ofSeconds(61));
      assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
    }

    @Test
    void offerToAFormerKeyNamesTheOneOfToday() {
      rotate(ALICE, NEXT);
      Applied applied = offers(BOB, ALICE);

      assertThat(code(applied)).isEqualTo(Refusal.Code.UNKNOWN_RECIPIENT);
      assertThat(applied.refusal().orElseThrow().detail())
          .isEqualTo(
              "agent %s has had another key since index 1: propose to %s"
                  .formatted(ALICE.id(), NEXT.id()));
      assertThat(offers(BOB, NEXT).refusal()).isEmpty();
      assertThat(code(offers(NEXT, ALICE))).isEqualTo(Refusal.Code.UNKNOWN_RECIPIENT);
    }

    @Test
    void keyThatTheLogKnowsFollowsNobody() {
      world.proposes(BOB, CAROL, PLAIN);

      assertThat(code(rotate(ALICE, ALICE))).isEqualTo(Refusal.Code.KEY_CONFLICT);
      assertThat(code(rotate(ALICE, BOB))).isEqualTo(Refusal.Code.KEY_CONFLICT);
      assertThat(code(rotate(ALICE, CAROL))).isEqualTo(Refusal.Code.KEY_CONFLICT);
      rotate(ALICE, NEXT);
      assertThat(code(rotate(NEXT, ALICE))).isEqualTo(Refusal.Code.KEY_CONFLICT);
      assertThat(code(rotate(BOB, NEXT))).isEqualTo(Refusal.Code.KEY_CONFLICT);
    }

    @Test
    void newKeyMustAgree() {
      KeyStatement.RotateKey unasked =
          new KeyStatement.RotateKey(NEXT.key(), ALICE.sign(new byte[] {1}));
      byte[] event = EventCodec.encode(world.stated(ALICE, world.bound(world.now()), unasked));

      assertThat(code(world.append(event))).isEqualTo(Refusal.Code.BAD_SIGNATURE);
      assertThat(world.ledger.account(NEXT.id())).isEmpty();
    }

    @Test
    void rotationsAreBounded() {
      Identity last = ALICE;
      for (int i = 0; i < Account.MAX_ROTATIONS; i++) {
        Identity next = World.agent("alice " + i);
        assertThat(rotate(last, next).refusal()).isEmpty();
        last = next;
      }

      assertThat(code(rotate(last, NEXT))).isEqualTo(Refusal.Code.TOO_MANY_KEYS);
      assertThat(world.account(ALICE).keys()).hasSize(Account.MAX_ROTATIONS + 1);
      assertThat(revoke(last).refusal()).isEmpty();
    }

    @Test
    void leaderboardShowsTheKeyOfToday() {
      world.completed(ALICE, BOB, PLAIN);
      rotate(ALICE, NEXT);

      assertThat(world.ledger.leaderboard().map(Account::id))
          .containsExactlyInAnyOrder(NEXT.id(), BOB.id());
    }

    @Test
    void whatWasSignedIsVerifiableUnderTheKeyOfItsTime() {
      world.completed(ALICE, BOB, PLAIN);
      rotate(ALICE, NEXT);
      world.says(BOB, accept(World.opened(offers(NEXT, BOB))));
      EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
      for (int i = 1; i < world.log.size(); i++) {
        Entry entry = reader.read(i, world.log.get(i));
        Statement statement = signed(entry).statement();
        Tenure tenure =
            world
                .ledger
                .account(signed(entry).key().id())
                .orElseThrow()
                .tenure(signed(entry).key().id())
                .orElseThrow();
        assertThat(tenure.covers(i)).as(statement.type()).isTrue();
      }
      assertThat(world.account(ALICE).keys().getFirst().covers(5)).isFalse();
    }

    private static SignedStatement signed(Entry entry) {
      return entry.content() instanceof Entry.Content.Sound(Event.Stated stated)
          ? stated.signed()
          : fail("entry " + entry.index());
    }
  }

  @Nested
  class Revocation {
    @Test
    void revokedKeySignsNothingMoreAndHasNoSuccessor() {
      world.completed(ALICE, BOB, PLAIN);
      Applied applied = revoke(ALICE);

      assertThat(effects(applied, Effect.KeyRevoked.class))
          .isEqualTo(List.of(new Effect.KeyRevoked(ALICE.key(), "lost")));
      assertThat(world.account(ALICE).isRevoked()).isTrue();
      Applied late = world.says(ALICE, PLAIN.to(BOB));
      assertThat(code(late)).isEqualTo(Refusal.Code.KEY_REVOKED);
      assertThat(late.refusal().orElseThrow().firstIndex()).isEqualTo(4);
      assertThat(code(rotate(ALICE, NEXT))).isEqualTo(Refusal.Code.KEY_REVOKED);
      assertThat(code(revoke(ALICE))).isEqualTo(Refusal.Code.KEY_REVOKED);
      assertThat(code(rotate(BOB, ALICE))).isEqualTo(Refusal.Code.KEY_CONFLICT);
    }

    @Test
    void nobodyMakesADealWithIt() {
      String fromAlice = world.proposes(ALICE, BOB, PLAIN);
      revoke(ALICE);

      assertThat(code(offers(BOB, ALICE))).isEqualTo(Refusal.Code.UNKNOWN_RECIPIENT);
      assertThat(code(world.says(BOB, accept(fromAlice))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
      assertThat(world.says(BOB, World.reject(fromAlice)).refusal()).isEmpty();
    }

    @Test
    void otherSideStillEndsItsDeals() {
      String completed = world.agreed(ALICE, BOB, PLAIN);
      String disputed = world.agreed(ALICE, CAROL, PLAIN.staking(20, 10));
      revoke(ALICE);

      assertThat(world.says(BOB, complete(completed)).refusal()).isEmpty();
      Applied applied = world.says(CAROL, dispute(disputed));
      assertThat(effect(applied, Effect.StakeSettled.class).amount()).isEqualTo(20);
      assertThat(world.account(ALICE).staked()).isZero();
    }

    @Test
    void accountOfSeveralKeysEndsWithItsLast() {
      rotate(ALICE, NEXT);
      revoke(NEXT);

      assertThat(world.account(ALICE).isRevoked()).isTrue();
      assertThat(code(world.says(ALICE, PLAIN.to(BOB)))).isEqualTo(Refusal.Code.KEY_ROTATED);
      assertThat(code(world.says(NEXT, PLAIN.to(BOB)))).isEqualTo(Refusal.Code.KEY_REVOKED);
    }
  }

  @Test
  void everyChangeOfAKeyIsInTheStateHash() {
    Set<String> hashes = new HashSet<>();
    hashes.add(world.ledger.stateHash());
    rotate(ALICE, NEXT);
    hashes.add(world.ledger.stateHash());
    revoke(NEXT);
    hashes.add(world.ledger.stateHash());
    world.says(NEXT, PLAIN.to(BOB));
    hashes.add(world.ledger.stateHash());

    assertThat(hashes).hasSize(4);
    assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
  }
}
