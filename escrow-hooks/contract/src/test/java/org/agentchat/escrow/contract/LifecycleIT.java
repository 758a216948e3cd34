package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.ARBITER;
import static org.agentchat.escrow.contract.EscrowChain.OPERATOR;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.agentchat.escrow.contract.Expect.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.agentchat.escrow.contract.EscrowCall.Deliver;
import org.agentchat.escrow.contract.EscrowCall.Dispute;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.contract.EscrowCall.LockFor;
import org.agentchat.escrow.contract.EscrowCall.Refund;
import org.agentchat.escrow.contract.EscrowCall.Release;
import org.agentchat.escrow.contract.EscrowCall.Resolve;
import org.agentchat.escrow.contract.EscrowCall.ResolveSilent;
import org.agentchat.escrow.contract.EscrowCall.Settle;
import org.agentchat.escrow.contract.EscrowCall.SettleSigned;
import org.agentchat.escrow.contract.EscrowCall.Withdraw;
import org.agentchat.escrow.contract.EscrowCall.WithdrawTo;
import org.agentchat.escrow.contract.EscrowRefusal.Reason;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every way through an escrow's life, in coin and in tokens, with what is paid, stored and logged.
@ExtendWith(OnChain.class)
final class LifecycleIT {

  private static final String HASH = Deal.HASH;
  private static final BigInteger AMOUNT = Deal.AMOUNT;
  private static final BigInteger ZERO = BigInteger.ZERO;

  private final EscrowChain chain;

  LifecycleIT(EscrowChain chain) {
    this.chain = chain;
  }

  @ParameterizedTest
  @EnumSource
  void payerReleasesWhatWasDeliveredAndPayeeTakesIt(Currency currency) {
    Terms terms = lock(currency);
    String id = chain.domain().id(terms);
    assertThat(chain.status(id)).isEqualTo(status(EscrowState.LOCKED, terms.deadline()));
    assertThat(chain.balance(terms.token(), chain.contract())).isEqualTo(AMOUNT);

    chain.at(EscrowChain.START + 60);
    long until = chain.now() + Deal.REVIEW;
    assertThat(must(chain.call(PAYEE, new Deliver(terms, HASH))).events())
        .containsExactly(new EscrowEvent.Delivered(id, PAYEE, HASH, until));
    assertThat(chain.status(id)).isEqualTo(status(EscrowState.DELIVERED, until));

    assertThat(must(chain.call(PAYER, new Release(terms))).events())
        .containsExactly(new EscrowEvent.Released(id, PAYER, AMOUNT));
    assertEnded(terms, EscrowState.RELEASED, AMOUNT);

    BigInteger before = chain.balance(terms.token(), PAYEE);
    assertThat(must(chain.call(PAYEE, new Withdraw(terms.token()))).events())
        .containsExactly(new EscrowEvent.Withdrawn(terms.token(), PAYEE, PAYEE, AMOUNT));
    assertThat(chain.balance(terms.token(), PAYEE).subtract(before)).isEqualTo(AMOUNT);
    assertThat(chain.balance(terms.token(), chain.contract())).isZero();
    refused(
        chain.call(PAYEE, new Withdraw(terms.token())),
        Reason.NOTHING_TO_WITHDRAW,
        terms.token(),
        PAYEE);
  }

  @ParameterizedTest
  @EnumSource
  void lockTakesThePaymentFromThePayerAndLogsTheTerms(Currency currency) {
    Terms terms = new Deal().token(currency.prepare(chain)).terms();
    BigInteger before = chain.balance(terms.token(), PAYER);
    EscrowChain.Outcome outcome = must(chain.call(PAYER, new Lock(terms)));
    String id = chain.domain().id(terms);
    assertThat(outcome.data()).isEqualTo(id);
    assertThat(outcome.events()).containsExactly(new EscrowEvent.Locked(id, terms));
    assertThat(before.subtract(chain.balance(terms.token(), PAYER))).isEqualTo(AMOUNT);
    refused(chain.call(PAYER, new Lock(terms)), Reason.EXISTS, id);
  }

  @ParameterizedTest
  @EnumSource(names = {"TOKEN", "SILENT_TOKEN"})
  void strangerLocksForAPayerThatSigned(Currency currency) {
    Terms terms = new Deal().token(currency.prepare(chain)).terms();
    String id = chain.domain().id(terms);
    BigInteger before = chain.balance(terms.token(), PAYER);
    String signature = Signatures.sign(id, EscrowChain.keyOf(PAYER));
    assertThat(must(chain.call(STRANGER, new LockFor(terms, signature))).events())
        .containsExactly(new EscrowEvent.Locked(id, terms));
    assertThat(before.subtract(chain.balance(terms.token(), PAYER))).isEqualTo(AMOUNT);
    assertThat(chain.status(id)).isEqualTo(status(EscrowState.LOCKED, terms.deadline()));
    refused(chain.call(STRANGER, new LockFor(terms, signature)), Reason.EXISTS, id);
  }

  @ParameterizedTest
  @EnumSource
  void payerGetsItBackFromTheDeadlineOn(Currency currency) {
    Terms terms = lock(currency);
    chain.at(terms.deadline() - 1);
    refused(chain.call(STRANGER, new Refund(terms)), Reason.TOO_EARLY, terms.deadline());
    chain.at(terms.deadline());
    refused(chain.call(PAYEE, new Deliver(terms, HASH)), Reason.TOO_LATE, terms.deadline());
    refused(chain.call(PAYEE, new Dispute(terms, HASH)), Reason.TOO_LATE, terms.deadline());
    refused(chain.call(OPERATOR, new Release(terms)), Reason.TOO_LATE, terms.deadline());
    assertThat(must(chain.call(STRANGER, new Refund(terms))).events())
        .containsExactly(new EscrowEvent.Refunded(chain.domain().id(terms), STRANGER, AMOUNT));
    assertEnded(terms, EscrowState.REFUNDED, ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void payeeIsPaidFromTheEndOfTheReviewOn(Currency currency) {
    Terms terms = lock(currency);
    chain.at(terms.deadline() - 1);
    must(chain.call(OPERATOR, new Deliver(terms, HASH)));
    long until = chain.now() + Deal.REVIEW;
    chain.at(until - 1);
    refused(chain.call(STRANGER, new Release(terms)), Reason.TOO_EARLY, until);
    refused(chain.call(PAYEE, new Release(terms)), Reason.TOO_EARLY, until);
    chain.at(until);
    refused(chain.call(PAYER, new Dispute(terms, HASH)), Reason.TOO_LATE, until);
    assertThat(must(chain.call(STRANGER, new Release(terms))).events())
        .containsExactly(new EscrowEvent.Released(chain.domain().id(terms), STRANGER, AMOUNT));
    assertEnded(terms, EscrowState.RELEASED, AMOUNT);
  }

  @ParameterizedTest
  @EnumSource
  void arbiterDecidesForThePayee(Currency currency) {
    assertVerdict(disputed(currency), AMOUNT);
  }

  @ParameterizedTest
  @EnumSource
  void arbiterDecidesForThePayer(Currency currency) {
    assertVerdict(disputed(currency), ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void arbiterDividesBetweenBoth(Currency currency) {
    assertVerdict(disputed(currency), AMOUNT.shiftRight(1));
  }

  private void assertVerdict(Terms terms, BigInteger toPayee) {
    refused(
        chain.call(ARBITER, new Resolve(terms, AMOUNT.add(BigInteger.ONE), HASH)),
        Reason.SHARE_TOO_LARGE,
        AMOUNT.add(BigInteger.ONE),
        AMOUNT);
    assertThat(must(chain.call(ARBITER, new Resolve(terms, toPayee, HASH))).events())
        .containsExactly(
            new EscrowEvent.Resolved(
                chain.domain().id(terms), ARBITER, toPayee, AMOUNT.subtract(toPayee), HASH));
    assertEnded(terms, EscrowState.RESOLVED, toPayee);
  }

  @ParameterizedTest
  @EnumSource
  void agreedShareIsDueWhenTheArbiterStaysSilent(Currency currency) {
    Terms terms = disputed(currency);
    long until = chain.now() + Deal.DISPUTE;
    chain.at(until - 1);
    refused(chain.call(STRANGER, new ResolveSilent(terms)), Reason.TOO_EARLY, until);
    chain.at(until);
    refused(chain.call(ARBITER, new Resolve(terms, ZERO, HASH)), Reason.TOO_LATE, until);
    BigInteger toPayee = BigInteger.valueOf(250_000); // 2,500 bps of 1,000,003, rounded down
    assertThat(must(chain.call(STRANGER, new ResolveSilent(terms))).events())
        .containsExactly(
            new EscrowEvent.ResolvedSilently(
                chain.domain().id(terms), STRANGER, toPayee, AMOUNT.subtract(toPayee)));
    assertEnded(terms, EscrowState.RESOLVED, toPayee);
  }

  @ParameterizedTest
  @EnumSource
  void arbiterMayDecideInTheLastSecond(Currency currency) {
    Terms terms = disputed(currency);
    chain.at(chain.now() + Deal.DISPUTE - 1);
    must(chain.call(ARBITER, new Resolve(terms, ZERO, HASH)));
    assertEnded(terms, EscrowState.RESOLVED, ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void payerMayObjectInTheLastSecondOfTheReview(Currency currency) {
    Terms terms = lock(currency);
    must(chain.call(PAYEE, new Deliver(terms, HASH)));
    chain.at(chain.now() + Deal.REVIEW - 1);
    long until = chain.now() + Deal.DISPUTE;
    assertThat(must(chain.call(PAYER, new Dispute(terms, HASH))).events())
        .containsExactly(new EscrowEvent.Disputed(chain.domain().id(terms), PAYER, HASH, until));
    assertThat(chain.status(chain.domain().id(terms)))
        .isEqualTo(status(EscrowState.DISPUTED, until));
  }

  @ParameterizedTest
  @EnumSource
  void payeeCancels(Currency currency) {
    Terms terms = lock(currency);
    refused(chain.call(PAYER, new Settle(terms, ZERO)), Reason.NOT_ALLOWED, PAYER);
    refused(chain.call(PAYEE, new Settle(terms, BigInteger.ONE)), Reason.NOT_ALLOWED, PAYEE);
    assertThat(must(chain.call(PAYEE, new Settle(terms, ZERO))).events())
        .containsExactly(new EscrowEvent.Refunded(chain.domain().id(terms), PAYEE, AMOUNT));
    assertEnded(terms, EscrowState.REFUNDED, ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void payerPaysInFullAtOnce(Currency currency) {
    Terms terms = lock(currency);
    refused(
        chain.call(PAYER, new Settle(terms, AMOUNT.subtract(BigInteger.ONE))),
        Reason.NOT_ALLOWED,
        PAYER);
    assertThat(must(chain.call(PAYER, new Settle(terms, AMOUNT))).events())
        .containsExactly(new EscrowEvent.Released(chain.domain().id(terms), PAYER, AMOUNT));
    assertEnded(terms, EscrowState.RELEASED, AMOUNT);
  }

  @ParameterizedTest
  @EnumSource
  void eachSideMayGiveInDuringADispute(Currency currency) {
    Terms first = disputed(currency);
    must(chain.call(PAYER, new Release(first)));
    assertEnded(first, EscrowState.RELEASED, AMOUNT);
    Terms second = new Deal().token(first.token()).number(2).terms();
    must(chain.call(PAYER, new Lock(second)));
    must(chain.call(OPERATOR, new Dispute(second, HASH)));
    refused(
        chain.call(OPERATOR, new Release(second)),
        Reason.WRONG_STATE,
        chain.domain().id(second),
        "Disputed");
    must(chain.call(PAYEE, new Settle(second, ZERO)));
    assertThat(chain.credit(second.token(), PAYER)).isEqualTo(AMOUNT);
    assertThat(chain.credit(second.token(), PAYEE)).isEqualTo(AMOUNT);
  }

  @ParameterizedTest
  @EnumSource
  void bothSignAnyDivision(Currency currency) {
    Terms terms = disputed(currency);
    String id = chain.domain().id(terms);
    BigInteger toPayee = BigInteger.valueOf(7);
    long notAfter = chain.now() + 10;
    String digest = chain.domain().settlement(id, toPayee, notAfter);
    EscrowCall call =
        new SettleSigned(
            terms,
            toPayee,
            notAfter,
            Signatures.sign(digest, EscrowChain.keyOf(PAYER)),
            Signatures.sign(digest, EscrowChain.keyOf(PAYEE)));
    chain.at(notAfter);
    assertThat(must(chain.call(STRANGER, call)).events())
        .containsExactly(new EscrowEvent.Settled(id, STRANGER, toPayee, AMOUNT.subtract(toPayee)));
    assertEnded(terms, EscrowState.RESOLVED, toPayee);
  }

  @ParameterizedTest
  @EnumSource
  void operatorReleasesBeforeTheDeadlineAndAfterADelivery(Currency currency) {
    Terms terms = lock(currency);
    chain.at(terms.deadline() - 1);
    must(chain.call(OPERATOR, new Release(terms)));
    assertEnded(terms, EscrowState.RELEASED, AMOUNT);
  }

  @ParameterizedTest
  @EnumSource
  void creditsAddUpAndGoToAnotherAccountWhenTheirOwnerSaysSo(Currency currency) {
    Terms first = lock(currency);
    Terms second = new Deal().token(first.token()).number(2).terms();
    must(chain.call(PAYER, new Lock(second)));
    must(chain.call(PAYER, new Release(first)));
    must(chain.call(PAYER, new Release(second)));
    BigInteger both = AMOUNT.shiftLeft(1);
    assertThat(chain.credit(first.token(), PAYEE)).isEqualTo(both);

    refused(
        chain.call(PAYEE, new WithdrawTo(first.token(), Hex.ZERO_ADDRESS)),
        Reason.INVALID_RECEIVER,
        Hex.ZERO_ADDRESS);
    refused(
        chain.call(PAYEE, new WithdrawTo(first.token(), chain.contract())),
        Reason.INVALID_RECEIVER,
        chain.contract());
    refused(
        chain.call(STRANGER, new WithdrawTo(first.token(), STRANGER)),
        Reason.NOTHING_TO_WITHDRAW,
        first.token(),
        STRANGER);
    BigInteger before = chain.balance(first.token(), STRANGER);
    assertThat(must(chain.call(PAYEE, new WithdrawTo(first.token(), STRANGER))).events())
        .containsExactly(new EscrowEvent.Withdrawn(first.token(), PAYEE, STRANGER, both));
    assertThat(chain.balance(first.token(), STRANGER).subtract(before)).isEqualTo(both);
    assertThat(chain.credit(first.token(), PAYEE)).isZero();
  }

  private Terms lock(Currency currency) {
    Terms terms = new Deal().token(currency.prepare(chain)).terms();
    must(chain.call(PAYER, new Lock(terms)));
    return terms;
  }

  private Terms disputed(Currency currency) {
    Terms terms = lock(currency);
    must(chain.call(PAYEE, new Deliver(terms, HASH)));
    must(chain.call(PAYER, new Dispute(terms, HASH)));
    return terms;
  }

  private void assertEnded(Terms terms, EscrowState state, BigInteger toPayee) {
    String id = chain.domain().id(terms);
    assertThat(chain.status(id)).isEqualTo(status(state, 0));
    assertThat(chain.credit(terms.token(), PAYEE)).isEqualTo(toPayee);
    assertThat(chain.credit(terms.token(), PAYER)).isEqualTo(AMOUNT.subtract(toPayee));
    refused(chain.call(PAYER, new Lock(terms)), Reason.EXISTS, id);
  }

  private static AgentEscrow.Status status(EscrowState state, long until) {
    return new AgentEscrow.Status(state, until);
  }
}
