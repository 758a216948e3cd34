package org.agentchat.ledger;

import static org.agentchat.ledger.Money.AMOUNT;
import static org.agentchat.ledger.Money.CONTRACT;
import static org.agentchat.ledger.Money.LATE;
import static org.agentchat.ledger.Money.OBSERVER;
import static org.agentchat.ledger.Money.bind;
import static org.agentchat.ledger.Money.claim;
import static org.agentchat.ledger.Money.escrow;
import static org.agentchat.ledger.Money.locked;
import static org.agentchat.ledger.Money.offer;
import static org.agentchat.ledger.Money.refunded;
import static org.agentchat.ledger.Money.settled;
import static org.agentchat.ledger.Money.terms;
import static org.agentchat.ledger.Money.wallet;
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
import static org.agentchat.ledger.World.names;
import static org.agentchat.ledger.World.skills;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.agentchat.ledger.World.Terms;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Wallets, escrows and whose word counts for them. [World] compares `check` with `apply` at every
/// statement.
class EscrowTest {
  private static final EvmKey ALICES = wallet("alice");
  private static final EvmKey BOBS = wallet("bob");
  private static final Identity LATER = World.agent("alice, later");

  private final World world = World.named();

  /// The observer is known and both sides have a wallet.
  private void given() {
    world.says(OBSERVER, skills(1, "observing"));
    world.says(ALICE, bind(ALICE, ALICES));
    world.says(BOB, bind(BOB, BOBS));
  }

  /// Alice offers, Bob accepts.
  private Proposal agreed() {
    given();
    return accepted(offered(terms()));
  }

  private String offered(EscrowTerms terms) {
    return World.opened(world.says(ALICE, offer(BOB, terms)));
  }

  private Proposal accepted(String id) {
    assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
    return world.proposal(id);
  }

  private Proposal started() {
    Proposal deal = agreed();
    assertThat(world.says(OBSERVER, locked(deal)).refusal()).isEmpty();
    return world.proposal(deal.id());
  }

  private Escrow.Phase phase(Proposal deal) {
    return escrow(world.proposal(deal.id())).phase();
  }

  /// Walks the clock there, as a relay does that has nothing to say for long.
  private void reach(long millis) {
    while (millis - world.now() > Ledger.MAX_ADVANCE / 2) {
      world.after(Duration.ofMillis(Ledger.MAX_ADVANCE / 2)).tick();
    }
    world.at(millis);
  }

  /// Milliseconds since 1970.
  private static long deadline() {
    return terms().deadline() * 1000;
  }

  @Nested
  class Binding {
    @Test
    void walletIsTheAccountsForOneContract() {
      Applied applied = world.says(ALICE, bind(ALICE, ALICES));

      assertThat(names(applied)).containsExactly("AgentKnown", "WalletBound");
      Wallet wallet = new Wallet(ALICES.address(), LATE, false, START, 1);
      assertThat(effect(applied, EscrowEffect.WalletBound.class))
          .isEqualTo(new EscrowEffect.WalletBound(ALICE.id(), CONTRACT, wallet));
      assertThat(world.account(ALICE).wallet(CONTRACT, START)).contains(wallet);
      assertThat(world.account(ALICE).wallet(Money.contract(2), START)).isEmpty();
      assertThat(applied.named()).containsExactly(ALICE.id());
    }

    @Test
    void newestOneCounts() {
      world.says(ALICE, bind(ALICE, ALICES));
      world.says(ALICE, bind(ALICE, wallet("another"), CONTRACT, "2", LATE));

      assertThat(world.account(ALICE).wallets()).hasSize(1);
      assertThat(world.account(ALICE).wallet(CONTRACT, START).orElseThrow().address())
          .isEqualTo(wallet("another").address());
    }

    /// An older one does not come back when a newer one is over.
    @Test
    void itHoldsUntilItsLastSecond() {
      long soon = START / 1000 + 60;
      world.says(ALICE, bind(ALICE, ALICES));
      world.says(ALICE, bind(ALICE, wallet("short"), CONTRACT, "2", soon));

      assertThat(world.account(ALICE).wallet(CONTRACT, soon * 1000)).isPresent();
      assertThat(world.account(ALICE).wallet(CONTRACT, soon * 1000 + 1)).isEmpty();
    }

    @Test
    void oneThatIsOverIsRefused() {
      long now = START / 1000;
      assertThat(names(world.says(ALICE, bind(ALICE, ALICES, CONTRACT, "1", now))))
          .contains("WalletBound");
      assertThat(code(world.says(ALICE, bind(ALICE, ALICES, CONTRACT, "2", now - 1))))
          .isEqualTo(Refusal.Code.WALLET_BINDING_EXPIRED);
      assertThat(code(world.says(ALICE, bind(ALICE, ALICES, CONTRACT, "3", 0))))
          .isEqualTo(Refusal.Code.WALLET_BINDING_EXPIRED);
    }

    @Test
    void accountHasSixteenAtTheMost() {
      long soon = START / 1000 + 60;
      for (int i = 0; i < Account.MAX_WALLETS; i++) {
        EscrowContract contract = Money.contract(i);
        long notAfter = i == 0 ? soon : LATE;
        assertThat(world.says(ALICE, bind(ALICE, ALICES, contract, "n" + i, notAfter)).refusal())
            .isEmpty();
      }
      EscrowContract more = Money.contract(99);
      assertThat(code(world.says(ALICE, bind(ALICE, ALICES, more, "a", LATE))))
          .isEqualTo(Refusal.Code.TOO_MANY_WALLETS);
      assertThat(world.says(ALICE, bind(ALICE, BOBS, Money.contract(5), "b", LATE)).refusal())
          .as("one that replaces another")
          .isEmpty();
      world.after(Duration.ofSeconds(61));
      assertThat(world.says(ALICE, bind(ALICE, ALICES, more, "c", LATE)).refusal())
          .as("the place of one whose time is over")
          .isEmpty();
      assertThat(world.account(ALICE).wallets())
          .hasSize(Account.MAX_WALLETS)
          .doesNotContainKey(Money.contract(0));
    }

    @Test
    void signatureOfAContractWalletIsAClaim() {
      EvmAddress safe = wallet("safe").address();
      world.says(ALICE, claim(safe));

      assertThat(world.account(ALICE).wallet(CONTRACT, START).orElseThrow())
          .isEqualTo(new Wallet(safe, LATE, true, START, 1));
    }

    @Test
    void walletThatDidNotSignMakesTheEntryForged() {
      EscrowStatement.WalletBind good = bind(ALICE, ALICES);
      EscrowStatement.WalletBind stolen =
          new EscrowStatement.WalletBind(
              good.account(),
              good.escrow(),
              BOBS.sign(good.binding(ALICE.key()).digest()),
              good.nonce(),
              good.notAfter());
      SignedStatement signed =
          SignedStatement.sign(ALICE, new Scheme.Bound(ORIGIN, START, good.nonce()), stolen);
      Applied applied =
          world.append(EventCodec.encode(new Event.Stated(START, "relay-1", signed, null)));

      assertThat(code(applied)).isEqualTo(Refusal.Code.BAD_SIGNATURE);
      assertThat(world.ledger.accounts()).isEmpty();
    }

    @Test
    void sameBindingAgainIsToldWhereTheFirstIs() {
      world.says(ALICE, bind(ALICE, ALICES));
      Applied again = world.says(ALICE, bind(ALICE, ALICES));

      assertThat(again.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.REPEATED);
      assertThat(again.refusal().orElseThrow().firstIndex()).isEqualTo(1);
    }

    @Test
    void bindingBelongsToTheAccountNotToTheKey() {
      given();
      world.says(ALICE, KeyStatement.RotateKey.of(ALICE, LATER, ORIGIN));
      String id = World.opened(world.says(LATER, offer(BOB, terms())));
      Proposal deal = accepted(id);

      assertThat(escrow(deal).agreement().payer()).isEqualTo(ALICES.address());
    }
  }

  @Nested
  class Offering {
    @Test
    void termsAreKeptAndNothingElseChanges() {
      given();
      Proposal pending = world.proposal(offered(terms()));

      assertThat(pending.terms().escrow()).isEqualTo(terms());
      assertThat(pending.escrow()).isNull();
      assertThat(pending.deadline()).hasValue(START + Proposal.LONGEST_WAIT);
    }

    @Test
    void deadlineLiesAheadButNotTooFar() {
      world.says(OBSERVER, skills(1, "observing"));
      long now = START / 1000;
      long most = now + Escrow.MAX_AHEAD / 1000;
      for (long deadline : new long[] {0, now - 1, now, most + 1, (1L << 53) - 1}) {
        EscrowTerms terms = terms(CONTRACT, deadline, OBSERVER);
        assertThat(code(world.says(ALICE, offer(BOB, terms))))
            .as("deadline %d", deadline)
            .isEqualTo(Refusal.Code.ESCROW_DEADLINE);
      }
      for (long deadline : new long[] {now + 1, most}) {
        EscrowTerms terms = terms(CONTRACT, deadline, OBSERVER);
        assertThat(world.says(ALICE, offer(BOB, terms)).refusal()).isEmpty();
      }
    }

    @Test
    void observerIsAKeyThatTheLogKnowsAndThatCanSpeak() {
      assertThat(code(world.says(ALICE, offer(BOB, terms()))))
          .isEqualTo(Refusal.Code.UNKNOWN_OBSERVER);
      world.says(OBSERVER, skills(1, "observing"));
      assertThat(world.says(ALICE, offer(BOB, terms())).refusal()).isEmpty();

      world.says(OBSERVER, KeyStatement.RotateKey.of(OBSERVER, LATER, ORIGIN));
      Applied former = world.says(ALICE, offer(BOB, terms()));
      assertThat(code(former)).isEqualTo(Refusal.Code.UNKNOWN_OBSERVER);
      assertThat(former.refusal().orElseThrow().detail()).contains("name " + LATER.id());
      EscrowTerms current = terms(CONTRACT, terms().deadline(), LATER);
      assertThat(world.says(ALICE, offer(BOB, current)).refusal()).isEmpty();

      world.says(LATER, new KeyStatement.RevokeKey("lost"));
      assertThat(code(world.says(ALICE, offer(BOB, current))))
          .isEqualTo(Refusal.Code.UNKNOWN_OBSERVER);
    }

    @Test
    void openOffersCountWhateverTheyDemand() {
      given();
      for (int i = 0; i < Proposals.MAX_OPEN; i++) {
        offered(terms());
      }
      assertThat(code(world.says(ALICE, offer(BOB, terms()))))
          .isEqualTo(Refusal.Code.TOO_MANY_OPEN);
    }
  }

  @Nested
  class Accepting {
    @Test
    void walletsOfBothSidesAreInTheAgreement() {
      Proposal deal = agreed();
      Escrow escrow = escrow(deal);

      assertThat(escrow.phase()).isEqualTo(Escrow.Phase.AWAITED);
      assertThat(escrow.payer().address()).isEqualTo(ALICES.address());
      assertThat(escrow.payee().address()).isEqualTo(BOBS.address());
      EvmHash commitment =
          EscrowAgreement.commitment(deal.legs().get(0).hash(), deal.legs().get(1).hash());
      EscrowAgreement agreement =
          new EscrowAgreement(terms(), ALICES.address(), BOBS.address(), commitment);
      assertThat(escrow.agreement()).isEqualTo(agreement);
      assertThat(escrow.id()).isEqualTo(agreement.id());
    }

    @Test
    void bothSidesNeedAWallet() {
      world.says(OBSERVER, skills(1, "observing"));
      String id = offered(terms());

      Applied neither = world.says(BOB, accept(id));
      assertThat(code(neither)).isEqualTo(Refusal.Code.WALLET_NOT_BOUND);
      assertThat(neither.refusal().orElseThrow().detail()).contains(ALICE.id().toString());
      world.says(ALICE, bind(ALICE, ALICES));
      Applied one = world.says(BOB, accept(id));
      assertThat(code(one)).isEqualTo(Refusal.Code.WALLET_NOT_BOUND);
      assertThat(one.refusal().orElseThrow().detail()).contains(BOB.id().toString());
      world.says(BOB, bind(BOB, BOBS, Money.contract(2), "other contract", LATE));
      EscrowContract otherChain = new EscrowContract(new EvmChain(1), CONTRACT.address());
      world.says(BOB, bind(BOB, BOBS, otherChain, "other chain", LATE));
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.WALLET_NOT_BOUND);
      world.says(BOB, bind(BOB, BOBS));
      assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
    }

    @Test
    void walletMustHoldWhenTheOfferIsAccepted() {
      long soon = START / 1000 + 60;
      world.says(OBSERVER, skills(1, "observing"));
      world.says(ALICE, bind(ALICE, ALICES, CONTRACT, "1", soon));
      world.says(BOB, bind(BOB, BOBS));
      String early = offered(terms());
      String late = offered(terms());

      world.at(soon * 1000);
      assertThat(world.says(BOB, accept(early)).refusal()).isEmpty();
      world.at(soon * 1000 + 1);
      assertThat(code(world.says(BOB, accept(late)))).isEqualTo(Refusal.Code.WALLET_NOT_BOUND);
    }

    @Test
    void walletHasOneRole() {
      given();
      String id = offered(terms());
      World same = world.copy();
      same.says(BOB, bind(BOB, ALICES, CONTRACT, "2", LATE));
      assertThat(code(same.says(BOB, accept(id)))).isEqualTo(Refusal.Code.WALLETS_CONFLICT);
      world.says(BOB, claim(terms().arbiter()));
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.WALLETS_CONFLICT);
    }

    @Test
    void laterBindingRedirectsNothing() {
      Proposal deal = agreed();
      world.says(ALICE, bind(ALICE, wallet("another"), CONTRACT, "2", LATE));
      world.says(BOB, bind(BOB, wallet("yet another"), CONTRACT, "3", LATE));

      assertThat(escrow(world.proposal(deal.id()))).isEqualTo(escrow(deal));
      assertThat(world.says(OBSERVER, locked(deal)).refusal()).isEmpty();
      assertThat(escrow(world.proposal(deal.id())).agreement().payee()).isEqualTo(BOBS.address());
    }

    @Test
    void claimedWalletCountsAndSaysSo() {
      world.says(OBSERVER, skills(1, "observing"));
      world.says(ALICE, bind(ALICE, ALICES));
      world.says(BOB, claim(wallet("safe").address()));
      Escrow escrow = escrow(accepted(offered(terms())));

      assertThat(escrow.payer().claimed()).isFalse();
      assertThat(escrow.payee().claimed()).isTrue();
      assertThat(escrow.agreement().payee()).isEqualTo(wallet("safe").address());
    }

    @Test
    void nothingIsAcceptedAfterTheDeadline() {
      given();
      String id = offered(terms());
      String other = offered(terms());
      world.at(deadline() - 1);
      assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
      world.at(deadline());
      assertThat(code(world.says(BOB, accept(other)))).isEqualTo(Refusal.Code.ESCROW_DEADLINE);
      assertThat(world.proposal(other).status()).isEqualTo(Proposal.Status.PENDING);
    }

    @Test
    void observerMustStillBeAbleToSpeak() {
      given();
      String rotated = offered(terms());
      String revoked = offered(terms());
      world.says(OBSERVER, KeyStatement.RotateKey.of(OBSERVER, LATER, ORIGIN));
      assertThat(world.says(BOB, accept(rotated)).refusal()).isEmpty();
      world.says(LATER, new KeyStatement.RevokeKey("lost"));
      assertThat(code(world.says(BOB, accept(revoked)))).isEqualTo(Refusal.Code.UNKNOWN_OBSERVER);
    }

    @Test
    void walletOfARevokedAccountDoesNotCount() {
      given();
      String id = offered(terms());
      world.says(ALICE, new KeyStatement.RevokeKey("lost"));

      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSAL_NOT_PENDING);
    }

    @Test
    void stakesAreLookedAtFirst() {
      world.says(OBSERVER, skills(1, "observing"));
      String id = World.opened(world.says(ALICE, offer(BOB, terms(), 5_000)));
      assertThat(code(world.says(BOB, accept(id)))).isEqualTo(Refusal.Code.PROPOSER_INSUFFICIENT);
    }

    @Test
    void dealWithoutEscrowNeedsNothingOfThis() {
      String id = world.agreed(ALICE, BOB, Terms.PLAIN);
      assertThat(world.proposal(id).escrow()).isNull();
      assertThat(world.proposal(id).isStarted()).isTrue();
      assertThat(world.says(BOB, complete(id)).refusal()).isEmpty();
    }
  }

  @Nested
  class Starting {
    @Test
    void nothingEndsADealWhoseMoneyIsNotLocked() {
      Proposal deal = agreed();
      Statement intent = new CourtStatement.DisputeIntent(deal.id(), "no", Sha256.hex("nonce"));

      assertThat(deal.isStarted()).isFalse();
      for (Identity side : List.of(ALICE, BOB)) {
        for (Statement end : List.of(complete(deal.id()), dispute(deal.id()), intent)) {
          assertThat(code(world.says(side, end))).isEqualTo(Refusal.Code.ESCROW_NOT_LOCKED);
        }
      }
      assertThat(code(world.says(CAROL, complete(deal.id()))))
          .isEqualTo(Refusal.Code.NOT_PROPOSAL_PARTY);
      assertThat(world.account(ALICE).transactions()).isZero();
    }

    @Test
    void lockedMoneyStartsIt() {
      Proposal deal = agreed();
      Applied applied = world.says(OBSERVER, locked(deal));

      assertThat(names(applied)).containsExactly("EscrowLocked");
      EscrowEffect.EscrowLocked effect = effect(applied, EscrowEffect.EscrowLocked.class);
      assertThat(effect.by()).isEqualTo(OBSERVER.id());
      assertThat(effect.proposal()).isEqualTo(world.proposal(deal.id()));
      assertThat(effect.proposal().isStarted()).isTrue();
      assertThat(escrow(effect.proposal()).locked())
          .isEqualTo(new Escrow.Sighting(applied.entry().index(), locked(deal)));
      assertThat(applied.named()).containsExactly(ALICE.id(), BOB.id(), OBSERVER.id());
      assertThat(world.says(BOB, complete(deal.id())).refusal()).isEmpty();
      assertThat(world.account(ALICE).rating()).isEqualTo(1208);
    }

    @Test
    void startedDealCanBeDisputedAndTakenToCourt() {
      Proposal deal = started();
      Statement intent = new CourtStatement.DisputeIntent(deal.id(), "no", Sha256.hex("nonce"));
      assertThat(world.copy().says(BOB, intent).refusal()).isEmpty();
      assertThat(world.says(BOB, dispute(deal.id())).refusal()).isEmpty();
    }

    /// Neither lets a deal end nor keeps it from it.
    @Test
    void whatHappensToTheMoneyDoesNotEndTheDeal() {
      Proposal deal = started();
      world.says(OBSERVER, refunded(deal));

      assertThat(world.proposal(deal.id()).status()).isEqualTo(Proposal.Status.ACCEPTED);
      assertThat(world.says(ALICE, dispute(deal.id())).refusal()).isEmpty();
    }
  }

  @Nested
  class Observing {
    @Test
    void onlyTheObserverIsBelieved() {
      Proposal deal = agreed();
      for (Identity other : List.of(ALICE, BOB, CAROL)) {
        assertThat(code(world.says(other, locked(deal))))
            .isEqualTo(Refusal.Code.NOT_ESCROW_OBSERVER);
      }
      assertThat(phase(deal)).isEqualTo(Escrow.Phase.AWAITED);
    }

    @Test
    void partyMayBeTheObserver() {
      given();
      Proposal deal = accepted(offered(terms(CONTRACT, terms().deadline(), BOB)));
      Applied applied = world.says(BOB, locked(deal));
      assertThat(applied.refusal()).isEmpty();
      assertThat(applied.named()).containsExactly(ALICE.id(), BOB.id());
    }

    @Test
    void laterKeyOfTheObserverIsTheObserver() {
      Proposal deal = agreed();
      Identity next = World.agent("observer, later");
      world.says(OBSERVER, KeyStatement.RotateKey.of(OBSERVER, next, ORIGIN));

      assertThat(code(world.says(OBSERVER, locked(deal)))).isEqualTo(Refusal.Code.KEY_ROTATED);
      Applied applied = world.says(next, locked(deal));
      assertThat(effect(applied, EscrowEffect.EscrowLocked.class).by()).isEqualTo(next.id());
    }

    @Test
    void itIsThisEscrowAndNoOther() {
      Proposal deal = agreed();
      EscrowStatement.EscrowLocked good = locked(deal);
      EscrowTerms terms = terms();
      List<EscrowStatement.EscrowLocked> wrong =
          List.of(
              seen(deal, Money.hashOf("another"), terms.chain(), terms.contract()),
              seen(deal, good.escrowId(), new EvmChain(1), terms.contract()),
              seen(deal, good.escrowId(), terms.chain(), Money.contract(2).address()));
      for (EscrowStatement.EscrowLocked other : wrong) {
        assertThat(code(world.says(OBSERVER, other))).isEqualTo(Refusal.Code.ESCROW_DIFFERS);
      }
    }

    private EscrowStatement.EscrowLocked seen(
        Proposal deal, EvmHash id, EvmChain chain, EvmAddress contract) {
      return new EscrowStatement.EscrowLocked(
          deal.id(), id, chain, contract, Money.hashOf("tx"), 1, Money.hashOf("block"));
    }

    @Test
    void partsMakeTheAmount() {
      Proposal deal = started();
      TokenAmount one = TokenAmount.of("1");
      List<EscrowStatement.EscrowSettled> wrong =
          List.of(
              settled(deal, AMOUNT, one, EscrowOutcome.SETTLED),
              settled(deal, TokenAmount.ZERO, TokenAmount.ZERO, EscrowOutcome.SETTLED),
              settled(deal, one, one, EscrowOutcome.RESOLVED));
      for (EscrowStatement.EscrowSettled other : wrong) {
        assertThat(code(world.says(OBSERVER, other))).isEqualTo(Refusal.Code.ESCROW_DIFFERS);
      }
      TokenAmount rest = TokenAmount.of("999999999999999999");
      Applied applied = world.says(OBSERVER, settled(deal, one, rest, EscrowOutcome.RESOLVED));
      assertThat(names(applied)).containsExactly("EscrowSettled");
      assertThat(phase(deal)).isEqualTo(Escrow.Phase.SETTLED);
    }

    @Test
    void sameThingAgainIsToldWhereTheFirstIs() {
      Proposal deal = started();
      long first = escrow(deal).locked().index();
      Applied again = world.says(OBSERVER, locked(deal, 101));
      assertThat(code(again)).isEqualTo(Refusal.Code.REPEATED);
      assertThat(again.refusal().orElseThrow().firstIndex()).isEqualTo(first);

      Applied settled = world.says(OBSERVER, settled(deal));
      Applied twice =
          world.says(OBSERVER, settled(deal, TokenAmount.ZERO, AMOUNT, EscrowOutcome.SILENT));
      assertThat(code(twice)).isEqualTo(Refusal.Code.REPEATED);
      assertThat(twice.refusal().orElseThrow().firstIndex()).isEqualTo(settled.entry().index());
      assertThat(code(world.says(OBSERVER, locked(deal)))).isEqualTo(Refusal.Code.REPEATED);
    }

    @Test
    void moneyGoesInBeforeItComesOut() {
      Proposal deal = agreed();
      assertThat(code(world.says(OBSERVER, settled(deal))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
      assertThat(code(world.says(OBSERVER, refunded(deal))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
    }

    @Test
    void moneyComesOutOnce() {
      Proposal deal = started();
      World other = world.copy();
      world.says(OBSERVER, settled(deal));
      assertThat(code(world.says(OBSERVER, refunded(deal))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
      other.says(OBSERVER, refunded(deal));
      assertThat(code(other.says(OBSERVER, settled(deal))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
    }

    @Test
    void noBlockComesBeforeThatOfTheLock() {
      Proposal deal = started();
      assertThat(code(world.says(OBSERVER, refunded(deal, 99))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
      Applied same = world.says(OBSERVER, refunded(deal, 100));
      assertThat(names(same)).containsExactly("EscrowRefunded");
      assertThat(phase(deal)).isEqualTo(Escrow.Phase.REFUNDED);
    }

    @Test
    void dealWithoutAnEscrowHasNone() {
      Proposal deal = agreed();
      String plain = world.agreed(ALICE, BOB, Terms.PLAIN);
      String pending = offered(terms());
      for (String id : List.of(plain, pending, "prop_unknown")) {
        EscrowStatement.EscrowLocked about =
            new EscrowStatement.EscrowLocked(
                id,
                escrow(deal).id(),
                CONTRACT.chain(),
                CONTRACT.address(),
                Money.hashOf("tx"),
                1,
                Money.hashOf("block"));
        assertThat(code(world.says(OBSERVER, about))).isEqualTo(Refusal.Code.ESCROW_NOT_FOUND);
      }
    }
  }

  @Nested
  class Expiring {
    @Test
    void dealThatIsNotLockedInTimeEndsWithoutRatings() {
      given();
      Proposal deal = accepted(World.opened(world.says(ALICE, offer(BOB, terms(), 50))));
      assertThat(world.account(ALICE).staked()).isEqualTo(50);
      assertThat(world.ledger.nextDeadline()).hasValue(deadline());

      assertThat(names(world.at(deadline() - 1).tick())).isEmpty();
      Applied applied = world.at(deadline()).tick();

      assertThat(names(applied)).containsExactly("StakeSettled", "ProposalExpired");
      Proposal expired = effect(applied, Effect.ProposalExpired.class).proposal();
      assertThat(expired.status()).isEqualTo(Proposal.Status.EXPIRED);
      assertThat(escrow(expired).phase()).isEqualTo(Escrow.Phase.LAPSED);
      assertThat(expired.isStarted()).isFalse();
      assertThat(world.account(ALICE).staked()).isZero();
      assertThat(world.account(ALICE).rating()).isEqualTo(1200);
      assertThat(world.account(ALICE).transactions()).isZero();
      assertThat(code(world.says(BOB, complete(deal.id()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }

    @Test
    void stakesGoFreeAtTheirOwnTimeWhenThatIsEarlier() {
      given();
      Statement offer =
          new Statement.Proposal(
              BOB.id(), "task", null, null, null, null, JsonNumber.of(600), 50, null, terms());
      Proposal deal = accepted(World.opened(world.says(ALICE, offer)));

      assertThat(names(world.at(START + 600_000).tick())).containsExactly("StakeSettled");
      assertThat(world.proposal(deal.id()).status()).isEqualTo(Proposal.Status.ACCEPTED);
      assertThat(names(world.at(deadline()).tick())).containsExactly("ProposalExpired");
    }

    @Test
    void lockThatIsToldTooLateDoesNotCount() {
      Proposal deal = agreed();
      World justInTime = world.copy();
      assertThat(justInTime.at(deadline() - 1).says(OBSERVER, locked(deal)).refusal()).isEmpty();

      Applied late = world.at(deadline()).says(OBSERVER, locked(deal));
      assertThat(names(late)).containsExactly("ProposalExpired", "Refused");
      assertThat(code(late)).isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
      assertThat(code(world.says(OBSERVER, refunded(deal))))
          .isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
      world.at(deadline() + Proposal.MEMORY);
      assertThat(code(world.says(OBSERVER, locked(deal)))).isEqualTo(Refusal.Code.ESCROW_NOT_FOUND);
    }

    @Test
    void startedDealWaitsThirtyDaysBeyondTheDeadline() {
      Proposal deal = started();
      long givenUp = deadline() + Proposal.LONGEST_WAIT;
      assertThat(world.ledger.nextDeadline()).hasValue(givenUp);
      reach(givenUp - 1);
      assertThat(names(world.tick())).isEmpty();
      Applied applied = world.at(givenUp).tick();
      assertThat(names(applied)).containsExactly("ProposalExpired");
      assertThat(phase(deal)).isEqualTo(Escrow.Phase.LOCKED);
    }

    @Test
    void deadlineWhileACaseIsOpenChangesNothing() {
      Proposal deal = started();
      world.says(BOB, new CourtStatement.DisputeIntent(deal.id(), "no", Sha256.hex("nonce")));
      assertThat(names(world.after(Duration.ofMinutes(10)).tick()))
          .containsExactly("DisputeFellBack", "RatingChanged");
      assertThat(world.proposal(deal.id()).status()).isEqualTo(Proposal.Status.ACCEPTED);
      assertThat(phase(deal)).isEqualTo(Escrow.Phase.LOCKED);
    }
  }

  @Nested
  class Outliving {
    private long remembered() {
      return deadline() + Money.REVIEW.toMillis() + Money.DISPUTE.toMillis() + Escrow.MARGIN;
    }

    @Test
    void escrowOutlivesItsDeal() {
      Proposal deal = started();
      world.says(BOB, complete(deal.id()));
      world.after(Duration.ofDays(5)).tick();

      Applied applied = world.says(OBSERVER, settled(deal));
      assertThat(names(applied)).containsExactly("EscrowSettled");
      Proposal after = effect(applied, EscrowEffect.EscrowSettled.class).proposal();
      assertThat(after.status()).isEqualTo(Proposal.Status.COMPLETED);
      assertThat(after.terms().task()).isEmpty();
      assertThat(escrow(after).phase()).isEqualTo(Escrow.Phase.SETTLED);
      assertThat(escrow(after).locked()).isEqualTo(escrow(deal).locked());
    }

    @Test
    void dealIsForgottenADayAfterItsMoneyCameOut() {
      Proposal deal = started();
      world.says(BOB, complete(deal.id()));
      world.after(Duration.ofDays(5)).says(OBSERVER, settled(deal));
      long end = world.now();

      world.at(end + Proposal.MEMORY - 1);
      assertThat(code(world.says(OBSERVER, settled(deal)))).isEqualTo(Refusal.Code.REPEATED);
      assertThat(code(world.says(BOB, complete(deal.id()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
      world.at(end + Proposal.MEMORY);
      assertThat(code(world.says(OBSERVER, settled(deal))))
          .isEqualTo(Refusal.Code.ESCROW_NOT_FOUND);
      assertThat(code(world.says(BOB, complete(deal.id()))))
          .isEqualTo(Refusal.Code.PROPOSAL_NOT_FOUND);
      assertThat(world.ledger.proposals()).isEmpty();
    }

    @Test
    void dealThatEndsAfterItsMoneyIsForgottenADayLater() {
      Proposal deal = started();
      world.says(OBSERVER, settled(deal));
      world.after(Duration.ofDays(5)).says(BOB, complete(deal.id()));
      long end = world.now();
      world.at(end + Proposal.MEMORY - 1).tick();
      assertThat(world.ledger.proposal(deal.id())).isPresent();
      world.at(end + Proposal.MEMORY).tick();
      assertThat(world.ledger.proposal(deal.id())).isEmpty();
    }

    @Test
    void moneyThatNobodyTellsOfIsForgottenWithItsTime() {
      Proposal deal = started();
      world.says(BOB, complete(deal.id()));

      assertThat(world.ledger.nextDeadline()).as("nothing is due").isEmpty();
      reach(remembered() - 1);
      assertThat(world.copy().says(OBSERVER, settled(deal)).refusal()).isEmpty();
      world.at(remembered());
      assertThat(code(world.copy().says(OBSERVER, settled(deal))))
          .isEqualTo(Refusal.Code.ESCROW_NOT_FOUND);
      assertThat(names(world.tick())).isEmpty();
      assertThat(world.ledger.proposals()).isEmpty();
    }

    @Test
    void moneyStillInAContractCountsAsAnOpenOffer() {
      given();
      for (int i = 0; i < Proposals.MAX_OPEN; i++) {
        Proposal deal = accepted(offered(terms()));
        world.says(OBSERVER, locked(deal));
        world.says(BOB, complete(deal.id()));
      }
      Statement plain = Terms.PLAIN.to(CAROL);
      assertThat(code(world.says(ALICE, plain))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
      assertThat(world.says(BOB, Terms.PLAIN.to(CAROL)).refusal())
          .as("it is the proposer's")
          .isEmpty();

      World told = world.copy();
      Proposal one = told.ledger.proposals().iterator().next();
      assertThat(told.says(OBSERVER, settled(one)).refusal()).isEmpty();
      assertThat(told.says(ALICE, plain).refusal()).isEmpty();
      assertThat(code(told.says(ALICE, plain))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);

      reach(remembered() - 1);
      assertThat(code(world.says(ALICE, plain))).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
      world.at(remembered());
      assertThat(world.says(ALICE, plain).refusal()).isEmpty();
    }

    @Test
    void disputedAndGivenUpDealsLingerToo() {
      Proposal deal = started();
      world.says(ALICE, dispute(deal.id()));
      world.after(Duration.ofDays(2));
      assertThat(world.says(OBSERVER, refunded(deal)).refusal()).isEmpty();
    }
  }

  @Nested
  class State {
    @Test
    void everyStepChangesTheStateAndRefoldingGivesTheSame() {
      world.says(OBSERVER, skills(1, "observing"));
      String before = world.ledger.stateHash();
      world.says(ALICE, bind(ALICE, ALICES));
      assertThat(world.ledger.stateHash()).isNotEqualTo(before);
      world.says(BOB, bind(BOB, BOBS));
      Proposal deal = accepted(offered(terms()));
      world.says(OBSERVER, locked(deal));
      world.says(BOB, complete(deal.id()));
      world.says(OBSERVER, settled(deal));

      assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
    }

    @Test
    void checkChangesNothingWhileACaseIsDue() {
      Proposal deal = started();
      world.says(BOB, new CourtStatement.DisputeIntent(deal.id(), "no", Sha256.hex("nonce")));
      String second = offered(terms(CONTRACT, START / 1000 + 300, OBSERVER));
      Proposal unlocked = accepted(second);
      String before = world.ledger.stateHash();

      world.after(Duration.ofMinutes(10));
      Event.Stated late = world.stated(OBSERVER, world.bound(world.now()), locked(unlocked));
      assertThat(world.ledger.check(late).map(Refusal::code))
          .contains(Refusal.Code.ESCROW_OUT_OF_ORDER);
      assertThat(world.ledger.stateHash()).isEqualTo(before);
      assertThat(code(world.apply(late))).isEqualTo(Refusal.Code.ESCROW_OUT_OF_ORDER);
    }

    @Test
    void receiptOfAnUnchangedKindIsUnchanged() {
      Applied plain = world.completed(ALICE, BOB, Terms.PLAIN.worth(10));
      String receipt = Json.text(effect(plain, Effect.ReceiptIssued.class).receipt());
      assertThat(receipt).doesNotContain("escrow");
    }
  }
}
