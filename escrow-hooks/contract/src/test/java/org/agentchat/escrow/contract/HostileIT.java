package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.ARBITER;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.agentchat.escrow.contract.Expect.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.web3j.crypto.Credentials;
import org.web3j.utils.Numeric;

/// Tokens and receivers that mean harm. Whoever deals with one may lose by it; nobody else does.
@ExtendWith(OnChain.class)
final class HostileIT {

  private static final BigInteger ZERO = BigInteger.ZERO;
  private static final BigInteger AMOUNT = Deal.AMOUNT;

  /// How a `MoodyToken` behaves, with its own numbers.
  private enum Mood {
    HONEST(0),
    LYING(1),
    REFUSING(2),
    FAILING(3),
    GENEROUS(4);

    private final int number;

    Mood(int number) {
      this.number = number;
    }
  }

  private final EscrowChain chain;

  HostileIT(EscrowChain chain) {
    this.chain = chain;
  }

  @Test
  void reenteringReceiverGetsItsCreditOnce() {
    String wallet = chain.deploy(PAYEE, TestContracts.creationCode("TestWallet"));
    Terms others = new Deal().number(1).terms();
    must(chain.call(PAYER, new Lock(others)));
    Terms terms = new Deal().number(2).payee(wallet).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYER, new Release(terms)));
    arm(wallet, new Withdraw(Hex.ZERO_ADDRESS));

    must(execute(wallet, new Withdraw(Hex.ZERO_ADDRESS)));

    assertThat(number(wallet, Calls.calls())).isOne();
    assertThat(number(wallet, Calls.successes())).isZero();
    assertThat(chain.balance(Hex.ZERO_ADDRESS, wallet)).isEqualTo(AMOUNT);
    assertThat(chain.balance(Hex.ZERO_ADDRESS, chain.contract())).isEqualTo(AMOUNT);
    refused(
        execute(wallet, new Withdraw(Hex.ZERO_ADDRESS)),
        Reason.NOTHING_TO_WITHDRAW,
        Hex.ZERO_ADDRESS,
        wallet);
  }

  @Test
  void refusingReceiverStopsNobodyAndSendsItsCreditElsewhere() {
    String wallet = chain.deploy(PAYEE, TestContracts.creationCode("TestWallet"));
    must(chain.send(PAYEE, wallet, ZERO, Calls.refuse(true)));
    Terms terms = new Deal().payee(wallet).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYER, new Dispute(terms, Deal.HASH)));
    must(chain.call(ARBITER, new Resolve(terms, BigInteger.ONE, Deal.HASH)));
    must(chain.call(PAYER, new Withdraw(Hex.ZERO_ADDRESS)));

    assertThat(execute(wallet, new Withdraw(Hex.ZERO_ADDRESS)).success()).isFalse();
    assertThat(chain.credit(Hex.ZERO_ADDRESS, wallet)).isOne();
    BigInteger before = chain.balance(Hex.ZERO_ADDRESS, STRANGER);
    must(execute(wallet, new WithdrawTo(Hex.ZERO_ADDRESS, STRANGER)));
    assertThat(chain.balance(Hex.ZERO_ADDRESS, STRANGER).subtract(before)).isOne();
  }

  /// Every call of the contract, made by the token in the middle of paying in and of paying out.
  @Test
  void tokenThatCallsBackGetsNothingDone() {
    String token = Currency.prepare(chain, "HookToken");
    Terms locked = new Deal().token(token).number(1).operator(token).terms();
    must(chain.call(PAYER, new Lock(locked)));
    Terms paid = new Deal().token(token).number(2).terms();
    must(chain.call(PAYER, new Lock(paid)));
    must(chain.call(PAYER, new Release(paid)));
    long calls = 0;
    int number = 10;
    for (EscrowCall inner : inner(token, locked)) {
      arm(token, inner);
      Terms terms = new Deal().token(token).number(number++).terms();
      must(chain.call(PAYER, new Lock(terms)));
      must(chain.call(PAYER, new Release(terms)));
      must(chain.call(PAYEE, new Withdraw(token)));
      calls += 4; // before and after each of two transfers
      assertThat(number(token, Calls.calls())).isEqualTo(calls);
      assertThat(number(token, Calls.successes())).as("%s from inside", inner).isZero();
      assertThat(chain.balance(token, chain.contract())).isEqualTo(AMOUNT);
    }
    must(chain.call(PAYER, new Release(locked)));
  }

  /// What the token would be allowed to do at another time, as operator, payer or anybody.
  private List<EscrowCall> inner(String token, Terms locked) {
    Terms own = new Deal().payer(token).token(token).number(3).terms();
    String signature =
        Signatures.sign(chain.domain().id(new Deal().token(token).number(4).terms()), payer());
    Terms signed = new Deal().token(token).number(4).terms();
    List<EscrowCall> calls = new ArrayList<>();
    calls.add(new Lock(own));
    calls.add(new LockFor(signed, signature));
    calls.add(new Deliver(locked, Deal.HASH));
    calls.add(new Dispute(locked, Deal.HASH));
    calls.add(new Release(locked));
    calls.add(new Settle(locked, AMOUNT));
    calls.add(new Refund(locked));
    calls.add(new ResolveSilent(locked));
    calls.add(new Withdraw(token));
    calls.add(new WithdrawTo(token, STRANGER));
    String digest = chain.domain().settlement(chain.domain().id(locked), AMOUNT, locked.deadline());
    calls.add(
        new SettleSigned(
            locked,
            AMOUNT,
            locked.deadline(),
            Signatures.sign(digest, payer()),
            Signatures.sign(digest, EscrowChain.keyOf(PAYEE))));
    return calls;
  }

  /// The same for a wallet that is paid coin.
  @Test
  void receiverThatCallsBackCannotEvenRelease() {
    String wallet = chain.deploy(PAYEE, TestContracts.creationCode("TestWallet"));
    Terms paid = new Deal().number(1).payee(wallet).terms();
    Terms open = new Deal().number(2).operator(wallet).terms();
    must(chain.call(PAYER, new Lock(paid)));
    must(chain.call(PAYER, new Lock(open)));
    must(chain.call(PAYER, new Release(paid)));
    arm(wallet, new Release(open));
    must(execute(wallet, new Withdraw(Hex.ZERO_ADDRESS)));
    assertThat(number(wallet, Calls.calls())).isOne();
    assertThat(number(wallet, Calls.successes())).isZero();
    assertThat(chain.status(chain.domain().id(open)).state()).isEqualTo(EscrowState.LOCKED);
    must(execute(wallet, new Release(open)));
  }

  @Test
  void tokenThatTakesAFeeIsNotLocked() {
    String token = Currency.prepare(chain, "FeeToken");
    BigInteger arrives = AMOUNT.subtract(AMOUNT.divide(BigInteger.valueOf(100)));
    Terms terms = new Deal().token(token).terms();
    refused(chain.call(PAYER, new Lock(terms)), Reason.WRONG_TRANSFER, arrives, AMOUNT);
    refused(
        chain.call(
            STRANGER, new LockFor(terms, Signatures.sign(chain.domain().id(terms), payer()))),
        Reason.WRONG_TRANSFER,
        arrives,
        AMOUNT);
    assertThat(chain.status(chain.domain().id(terms)).state()).isEqualTo(EscrowState.NONE);
  }

  @Test
  void tokenThatLiesRefusesOrFailsIsNotLocked() {
    String token = Currency.prepare(chain, "MoodyToken");
    Terms terms = new Deal().token(token).terms();
    become(token, Mood.LYING);
    refused(chain.call(PAYER, new Lock(terms)), Reason.WRONG_TRANSFER, 0, AMOUNT);
    become(token, Mood.REFUSING);
    refused(chain.call(PAYER, new Lock(terms)), Reason.SAFE_ERC20_FAILED_OPERATION, token);
    become(token, Mood.FAILING);
    EscrowChain.Outcome failed = chain.call(PAYER, new Lock(terms));
    assertThat(failed.success()).isFalse();
    assertThat(failed.data()).endsWith(PAYER.substring(2)); // the token's own words are passed on
    become(token, Mood.GENEROUS);
    refused(
        chain.call(PAYER, new Lock(terms)),
        Reason.WRONG_TRANSFER,
        AMOUNT.add(BigInteger.ONE),
        AMOUNT);
    become(token, Mood.HONEST);
    must(chain.call(PAYER, new Lock(terms)));
  }

  @Test
  void tokenThatTurnsBadKeepsTheCreditForBetterDays() {
    String token = Currency.prepare(chain, "MoodyToken");
    Terms terms = new Deal().token(token).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYER, new Release(terms)));
    become(token, Mood.LYING);
    refused(chain.call(PAYEE, new Withdraw(token)), Reason.WRONG_TRANSFER, 0, AMOUNT);
    become(token, Mood.REFUSING);
    refused(chain.call(PAYEE, new Withdraw(token)), Reason.SAFE_ERC20_FAILED_OPERATION, token);
    become(token, Mood.FAILING);
    assertThat(chain.call(PAYEE, new Withdraw(token)).success()).isFalse();
    assertThat(chain.credit(token, PAYEE)).isEqualTo(AMOUNT);
    become(token, Mood.HONEST);
    must(chain.call(PAYEE, new Withdraw(token)));
    assertThat(chain.balance(token, PAYEE)).isEqualTo(AMOUNT);
  }

  @Test
  void badTokenOfOneDealStopsNoOtherDeal() {
    String token = Currency.prepare(chain, "MoodyToken");
    Terms bad = new Deal().token(token).terms();
    Terms good = new Deal().terms();
    must(chain.call(PAYER, new Lock(bad)));
    must(chain.call(PAYER, new Lock(good)));
    become(token, Mood.FAILING);
    must(chain.call(PAYER, new Release(bad)));
    must(chain.call(PAYER, new Release(good)));
    must(chain.call(PAYEE, new Withdraw(Hex.ZERO_ADDRESS)));
  }

  @Test
  void tokenThatTakesMoreThanACreditPaysNobodyWithOthersMoney() {
    String token = Currency.prepare(chain, "GreedyToken");
    Terms mine = new Deal().token(token).number(1).terms();
    Terms theirs = new Deal().token(token).number(2).terms();
    must(chain.call(PAYER, new Lock(mine)));
    must(chain.call(PAYER, new Lock(theirs)));
    must(chain.call(PAYER, new Release(mine)));
    must(chain.send(STRANGER, token, ZERO, Calls.becomeGreedy()));
    BigInteger taken = AMOUNT.add(AMOUNT.divide(BigInteger.valueOf(100)));
    refused(chain.call(PAYEE, new Withdraw(token)), Reason.WRONG_TRANSFER, taken, AMOUNT);
    assertThat(chain.balance(token, chain.contract())).isEqualTo(AMOUNT.shiftLeft(1));
    assertThat(chain.credit(token, PAYEE)).isEqualTo(AMOUNT);
  }

  @Test
  void presentsToTheContractAreNobodys() {
    String token = Currency.TOKEN.prepare(chain);
    must(chain.send(PAYER, token, ZERO, Calls.transfer(chain.contract(), BigInteger.TEN)));
    chain.anvil().balance(chain.contract(), BigInteger.TEN);
    Terms terms = new Deal().token(token).terms();
    must(chain.call(PAYER, new Lock(terms)));
    must(chain.call(PAYER, new Release(terms)));
    must(chain.call(PAYEE, new Withdraw(token)));
    assertThat(chain.balance(token, PAYEE)).isEqualTo(AMOUNT);
    assertThat(chain.balance(token, chain.contract())).isEqualTo(BigInteger.TEN);
    refused(
        chain.call(PAYEE, new Withdraw(Hex.ZERO_ADDRESS)),
        Reason.NOTHING_TO_WITHDRAW,
        Hex.ZERO_ADDRESS,
        PAYEE);
  }

  @Test
  void creditInOneTokenIsNoneInAnother() {
    String token = Currency.TOKEN.prepare(chain);
    Terms worthless = new Deal().token(token).terms();
    must(chain.call(PAYER, new Lock(new Deal().terms())));
    must(chain.call(PAYER, new Lock(worthless)));
    must(chain.call(PAYER, new Release(worthless)));
    refused(
        chain.call(PAYEE, new Withdraw(Hex.ZERO_ADDRESS)),
        Reason.NOTHING_TO_WITHDRAW,
        Hex.ZERO_ADDRESS,
        PAYEE);
  }

  @Test
  void withdrawalInATokenWithoutCodeFindsNothing() {
    refused(chain.call(STRANGER, new Withdraw(PAYER)), Reason.NOTHING_TO_WITHDRAW, PAYER, STRANGER);
  }

  private void arm(String target, EscrowCall call) {
    must(chain.send(STRANGER, target, ZERO, Calls.arm(chain.contract(), call.data())));
  }

  private void become(String token, Mood mood) {
    must(chain.send(STRANGER, token, ZERO, Calls.become(mood.number)));
  }

  private EscrowChain.Outcome execute(String wallet, EscrowCall call) {
    return chain.send(PAYEE, wallet, ZERO, Calls.execute(chain.contract(), ZERO, call.data()));
  }

  private long number(String contract, String call) {
    return Numeric.toBigInt(
            (String) chain.anvil().call("eth_call", Map.of("to", contract, "data", call), "latest"))
        .longValueExact();
  }

  private static Credentials payer() {
    return EscrowChain.keyOf(PAYER);
  }
}
