package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.time.Duration;

/// Terms in the making: an ordinary deal in the chain's own coin, unless something is changed.
final class Deal {

  static final long REVIEW = Duration.ofDays(2).toSeconds();
  static final long DISPUTE = Duration.ofDays(5).toSeconds();
  static final BigInteger AMOUNT = BigInteger.valueOf(1_000_003);
  static final String HASH = "0x" + "5a".repeat(32);

  private String payer = EscrowChain.PAYER;
  private String payee = EscrowChain.PAYEE;
  private String operator = EscrowChain.OPERATOR;
  private String arbiter = EscrowChain.ARBITER;
  private String token = Hex.ZERO_ADDRESS;
  private BigInteger amount = AMOUNT;
  private long deadline = EscrowChain.START + Duration.ofDays(10).toSeconds();
  private long reviewPeriod = REVIEW;
  private long disputePeriod = DISPUTE;
  private int silentBps = 2_500;
  private String proposal = "0x" + "a1".repeat(32);

  Deal payer(String account) {
    payer = account;
    return this;
  }

  Deal payee(String account) {
    payee = account;
    return this;
  }

  Deal operator(String account) {
    operator = account;
    return this;
  }

  Deal arbiter(String account) {
    arbiter = account;
    return this;
  }

  Deal token(String contract) {
    token = contract;
    return this;
  }

  Deal amount(BigInteger units) {
    amount = units;
    return this;
  }

  Deal amount(long units) {
    return amount(BigInteger.valueOf(units));
  }

  Deal deadline(long at) {
    deadline = at;
    return this;
  }

  Deal reviewPeriod(long seconds) {
    reviewPeriod = seconds;
    return this;
  }

  Deal disputePeriod(long seconds) {
    disputePeriod = seconds;
    return this;
  }

  Deal silentBps(int bps) {
    silentBps = bps;
    return this;
  }

  Deal proposal(String hash) {
    proposal = hash;
    return this;
  }

  /// Makes it another deal of the same kind.
  Deal number(int number) {
    proposal = "0x" + EscrowDomain.word(BigInteger.valueOf(number));
    return this;
  }

  Terms terms() {
    return new Terms(
        payer,
        payee,
        operator,
        arbiter,
        token,
        amount,
        deadline,
        reviewPeriod,
        disputePeriod,
        silentBps,
        proposal);
  }
}
