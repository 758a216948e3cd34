package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.ARBITER;
import static org.agentchat.escrow.contract.EscrowChain.OPERATOR;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.START;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.agentchat.escrow.contract.Expect.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import org.agentchat.escrow.contract.EscrowCall.Deliver;
import org.agentchat.escrow.contract.EscrowCall.Dispute;
import org.agentchat.escrow.contract.EscrowCall.Lock;
import org.agentchat.escrow.contract.EscrowCall.LockFor;
import org.agentchat.escrow.contract.EscrowCall.Refund;
import org.agentchat.escrow.contract.EscrowCall.Release;
import org.agentchat.escrow.contract.EscrowCall.ResolveSilent;
import org.agentchat.escrow.contract.EscrowCall.Withdraw;
import org.agentchat.escrow.contract.EscrowRefusal.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which terms are locked, and that none of them can be bent.
@ExtendWith(OnChain.class)
final class TermsIT {

  private static final long YEAR = Duration.ofDays(366).toSeconds();
  private static final BigInteger MAX_AMOUNT =
      BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private final EscrowChain chain;

  TermsIT(EscrowChain chain) {
    this.chain = chain;
  }

  @Test
  void partiesMustExist() {
    assertRefused(new Deal().payee(Hex.ZERO_ADDRESS), Reason.INVALID_PARTY, Hex.ZERO_ADDRESS);
    assertRefused(new Deal().arbiter(Hex.ZERO_ADDRESS), Reason.INVALID_PARTY, Hex.ZERO_ADDRESS);
    assertRefused(new Deal().payee(chain.contract()), Reason.INVALID_PARTY, chain.contract());
    assertRefused(new Deal().arbiter(chain.contract()), Reason.INVALID_PARTY, chain.contract());
  }

  @Test
  void payerThatIsNobodyOrTheContractLocksNothing() {
    String token = Currency.TOKEN.prepare(chain);
    for (String payer : new String[] {Hex.ZERO_ADDRESS, chain.contract()}) {
      refused(
          chain.ask(STRANGER, new LockFor(new Deal().token(token).payer(payer).terms(), "0x")),
          Reason.INVALID_PARTY,
          payer);
    }
  }

  @Test
  void oneAccountMayNotJudgeOrPayItself() {
    assertRefused(new Deal().payee(PAYER), Reason.SAME_PARTY, PAYER);
    assertRefused(new Deal().operator(PAYEE), Reason.SAME_PARTY, PAYEE);
    assertRefused(new Deal().arbiter(PAYER), Reason.SAME_PARTY, PAYER);
    assertRefused(new Deal().arbiter(PAYEE), Reason.SAME_PARTY, PAYEE);
  }

  @Test
  void operatorMayBeNobodyThePayerOrTheArbiter() {
    must(chain.ask(PAYER, new Lock(new Deal().operator(Hex.ZERO_ADDRESS).terms())));
    must(chain.ask(PAYER, new Lock(new Deal().operator(PAYER).terms())));
    must(chain.ask(PAYER, new Lock(new Deal().operator(ARBITER).terms())));
  }

  @Test
  void amountIsAtLeastOneAndSmallEnoughForShares() {
    assertRefused(new Deal().amount(0), Reason.INVALID_AMOUNT, 0);
    BigInteger more = MAX_AMOUNT.add(BigInteger.ONE);
    String token = Currency.TOKEN.prepare(chain);
    assertRefused(new Deal().token(token).amount(more), Reason.INVALID_AMOUNT, more);
  }

  @Test
  void largestAmountIsDividedWithoutOverflow() {
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    Currency.fund(chain, token, PAYER, MAX_AMOUNT);
    Terms terms = new Deal().token(token).amount(MAX_AMOUNT).silentBps(10_000).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYER, new Dispute(terms, Deal.HASH)));
    chain.at(START + Deal.DISPUTE);
    must(chain.call(STRANGER, new ResolveSilent(terms)));
    assertThat(chain.credit(token, PAYEE)).isEqualTo(MAX_AMOUNT);
    assertThat(chain.credit(token, PAYER)).isZero();
  }

  @Test
  void deadlineIsInTheFutureAndWithinAYear() {
    assertRefused(new Deal().deadline(START), Reason.INVALID_DEADLINE, START);
    assertRefused(new Deal().deadline(0), Reason.INVALID_DEADLINE, 0);
    long far = START + YEAR + 1;
    assertRefused(new Deal().deadline(far), Reason.INVALID_DEADLINE, far);
    assertRefused(new Deal().deadline(Long.MAX_VALUE), Reason.INVALID_DEADLINE, Long.MAX_VALUE);
    must(chain.ask(PAYER, new Lock(new Deal().deadline(START + 1).terms())));
    must(chain.ask(PAYER, new Lock(new Deal().deadline(START + YEAR).terms())));
  }

  @Test
  void periodsAreAtLeastASecondAndAtMostAYear() {
    long max = 0xFFFF_FFFFL;
    for (long period : new long[] {0, YEAR + 1, max}) {
      assertRefused(new Deal().reviewPeriod(period), Reason.INVALID_PERIOD, period);
      assertRefused(new Deal().disputePeriod(period), Reason.INVALID_PERIOD, period);
    }
    must(chain.ask(PAYER, new Lock(new Deal().reviewPeriod(YEAR).disputePeriod(YEAR).terms())));
  }

  @Test
  void longestEscrowEnds() {
    Terms terms = new Deal().deadline(START + YEAR).reviewPeriod(YEAR).disputePeriod(YEAR).terms();
    must(chain.call(PAYER, new Lock(terms)));
    chain.at(START + YEAR - 1);
    must(chain.call(PAYEE, new Deliver(terms, Deal.HASH)));
    chain.at(START + 2 * YEAR - 2);
    must(chain.call(PAYER, new Dispute(terms, Deal.HASH)));
    chain.at(START + 3 * YEAR - 2);
    must(chain.call(STRANGER, new ResolveSilent(terms)));
  }

  @Test
  void silentShareIsAtMostAWhole() {
    assertRefused(new Deal().silentBps(10_001), Reason.INVALID_SHARE, 10_001);
    assertRefused(new Deal().silentBps(0xFFFF), Reason.INVALID_SHARE, 0xFFFF);
    must(chain.ask(PAYER, new Lock(new Deal().silentBps(10_000).terms())));
    must(chain.ask(PAYER, new Lock(new Deal().silentBps(0).terms())));
  }

  @Test
  void silentShareOfZeroGivesAllToThePayer() {
    Terms terms = new Deal().silentBps(0).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYEE, new Dispute(terms, Deal.HASH)));
    chain.at(START + Deal.DISPUTE);
    must(chain.call(STRANGER, new ResolveSilent(terms)));
    assertThat(chain.credit(Hex.ZERO_ADDRESS, PAYEE)).isZero();
    assertThat(chain.credit(Hex.ZERO_ADDRESS, PAYER)).isEqualTo(Deal.AMOUNT);
  }

  @Test
  void tokenMustHaveCode() {
    assertRefused(new Deal().token(STRANGER), Reason.INVALID_TOKEN, STRANGER);
    String precompiled = "0x" + "0".repeat(39) + "4";
    assertRefused(new Deal().token(precompiled), Reason.INVALID_TOKEN, precompiled);
    Terms itself = new Deal().token(chain.contract()).terms();
    assertThat(chain.ask(PAYER, new Lock(itself)).success()).isFalse();
  }

  @Test
  void exactlyTheAmountMustBeSent() {
    Terms terms = new Deal().terms();
    for (long wrong : new long[] {0, 1_000_002, 1_000_004}) {
      refused(
          chain.send(PAYER, chain.contract(), BigInteger.valueOf(wrong), new Lock(terms).data()),
          Reason.WRONG_VALUE,
          wrong,
          Deal.AMOUNT);
    }
  }

  @Test
  void coinSentWithATokenIsRefused() {
    Terms terms = new Deal().token(Currency.TOKEN.prepare(chain)).terms();
    refused(
        chain.send(PAYER, chain.contract(), BigInteger.ONE, new Lock(terms).data()),
        Reason.WRONG_VALUE,
        1,
        0);
  }

  @Test
  void noOtherFunctionTakesCoin() {
    Terms terms = new Deal().terms();
    must(chain.call(PAYER, new Lock(terms)));
    assertThat(
            chain
                .send(PAYER, chain.contract(), BigInteger.ONE, new Release(terms).data())
                .success())
        .isFalse();
    assertThat(chain.send(PAYER, chain.contract(), BigInteger.ONE, "0x").success()).isFalse();
    assertThat(
            chain
                .send(
                    PAYEE, chain.contract(), BigInteger.ONE, new Withdraw(Hex.ZERO_ADDRESS).data())
                .success())
        .isFalse();
  }

  @Test
  void onlyThePayerLocks() {
    refused(chain.call(STRANGER, new Lock(new Deal().terms())), Reason.NOT_ALLOWED, STRANGER);
    String token = Currency.TOKEN.prepare(chain);
    refused(
        chain.call(STRANGER, new Lock(new Deal().token(token).terms())),
        Reason.NOT_ALLOWED,
        STRANGER);
  }

  @Test
  void changedTermsAreAnotherEscrow() {
    Terms locked = new Deal().terms();
    must(chain.call(PAYER, new Lock(locked)));
    chain.at(locked.deadline() - 1);
    Deal[] changed = {
      new Deal().payee(STRANGER),
      new Deal().operator(STRANGER),
      new Deal().arbiter(STRANGER),
      new Deal().token(STRANGER),
      new Deal().amount(1),
      new Deal().deadline(START + 1),
      new Deal().reviewPeriod(1),
      new Deal().disputePeriod(1),
      new Deal().silentBps(1),
      new Deal().number(1)
    };
    for (Deal deal : changed) {
      Terms terms = deal.terms();
      refused(
          chain.ask(PAYER, new Release(terms)),
          Reason.WRONG_STATE,
          chain.domain().id(terms),
          "None");
    }
    refused(
        chain.ask(OPERATOR, new Refund(new Deal().payer(OPERATOR).terms())),
        Reason.WRONG_STATE,
        chain.domain().id(new Deal().payer(OPERATOR).terms()),
        "None");
    must(chain.ask(PAYER, new Release(locked)));
  }

  @Test
  void addressesWithMoreThanTwentyBytesAreRefused() {
    String data = new Lock(new Deal().terms()).data();
    String bent = data.substring(0, 10) + "1" + data.substring(11);
    EscrowChain.Outcome outcome = chain.send(PAYER, chain.contract(), Deal.AMOUNT, bent);
    assertThat(outcome.success()).isFalse();
    assertThat(outcome.data()).isEqualTo("0x");
  }

  private void assertRefused(Deal deal, Reason reason, Object argument) {
    refused(chain.call(PAYER, new Lock(deal.terms())), reason, argument);
  }
}
