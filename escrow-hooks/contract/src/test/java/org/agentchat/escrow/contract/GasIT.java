package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.ARBITER;
import static org.agentchat.escrow.contract.EscrowChain.OPERATOR;
import static org.agentchat.escrow.contract.EscrowChain.PAYEE;
import static org.agentchat.escrow.contract.EscrowChain.PAYER;
import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What each call costs, at its dearest: the first credit of an account, the first tokens that an
/// account or the contract ever has. Gas is deterministic, so every figure is a limit.
@ExtendWith(OnChain.class)
final class GasIT {

  private static final String HASH = Deal.HASH;
  private static final BigInteger AMOUNT = BigInteger.TEN.pow(18);

  private static final Path DOCUMENTATION = Path.of("../../docs/escrow.md");

  private final EscrowChain chain;
  private final List<Line> table = new ArrayList<>();
  private int number;

  GasIT(EscrowChain chain) {
    this.chain = chain;
  }

  private record Line(String call, long gas, long limit) {

    private String row() {
      return String.format(Locale.ROOT, "| %s | %,d |%n", call, gas);
    }
  }

  @Test
  void noCallCostsMoreThanItsLimitAndTheDocumentationSaysWhatItCosts() throws IOException {
    inCoin();
    inTokens();
    print();
    String documentation = Files.readString(DOCUMENTATION);
    assertThat(table).allSatisfy(line -> assertThat(line.gas()).isLessThanOrEqualTo(line.limit()));
    assertThat(table).allSatisfy(line -> assertThat(documentation).contains(line.row()));
  }

  private void inCoin() {
    Terms released = deal(Hex.ZERO_ADDRESS);
    measure("`lock`, coin", 60_000, PAYER, new Lock(released));
    measure("`deliver`", 35_000, PAYEE, new Deliver(released, HASH));
    measure("`release`", 58_000, PAYER, new Release(released));
    measure("`withdraw`, coin", 36_000, PAYEE, new Withdraw(Hex.ZERO_ADDRESS));

    Terms resolved = lock(Hex.ZERO_ADDRESS);
    measure("`dispute`", 35_000, PAYER, new Dispute(resolved, HASH));
    BigInteger half = AMOUNT.shiftRight(1);
    measure("`resolve`, divided", 81_000, ARBITER, new Resolve(resolved, half, HASH));
    must(chain.call(PAYEE, new Withdraw(Hex.ZERO_ADDRESS)));
    must(chain.call(PAYER, new Withdraw(Hex.ZERO_ADDRESS)));

    Terms cancelled = lock(Hex.ZERO_ADDRESS);
    measure("`settle`, cancelled", 58_000, PAYEE, new Settle(cancelled, BigInteger.ZERO));
    must(chain.call(PAYER, new Withdraw(Hex.ZERO_ADDRESS)));

    Terms settled = lock(Hex.ZERO_ADDRESS);
    measure("`settleSigned`, divided", 98_000, STRANGER, settlement(settled, half));
    must(chain.call(PAYER, new Withdraw(Hex.ZERO_ADDRESS)));
    measure("`withdrawTo`, coin", 36_000, PAYEE, new WithdrawTo(Hex.ZERO_ADDRESS, OPERATOR));

    Terms silent = lock(Hex.ZERO_ADDRESS);
    must(chain.call(PAYER, new Dispute(silent, HASH)));
    chain.at(chain.now() + Deal.DISPUTE);
    measure("`resolveSilent`, divided", 81_000, STRANGER, new ResolveSilent(silent));
    must(chain.call(PAYER, new Withdraw(Hex.ZERO_ADDRESS)));

    Terms refunded = lock(Hex.ZERO_ADDRESS);
    chain.at(refunded.deadline());
    measure("`refund`", 58_000, STRANGER, new Refund(refunded));
  }

  private void inTokens() {
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    Currency.fund(chain, token, PAYER, AMOUNT.shiftLeft(1));
    Terms terms = deal(token);
    String signature = Signatures.sign(chain.domain().id(terms), EscrowChain.keyOf(PAYER));
    measure(
        "`lockFor`, token that the contract never held",
        112_000,
        STRANGER,
        new LockFor(terms, signature));
    measure("`lock`, token", 75_000, PAYER, new Lock(deal(token)));
    must(chain.call(PAYER, new Release(terms)));
    measure("`withdraw`, token that the receiver never had", 61_000, PAYEE, new Withdraw(token));
  }

  private EscrowCall settlement(Terms terms, BigInteger toPayee) {
    String digest = chain.domain().settlement(chain.domain().id(terms), toPayee, terms.deadline());
    return new SettleSigned(
        terms,
        toPayee,
        terms.deadline(),
        Signatures.sign(digest, EscrowChain.keyOf(PAYER)),
        Signatures.sign(digest, EscrowChain.keyOf(PAYEE)));
  }

  private Terms lock(String token) {
    Terms terms = deal(token);
    must(chain.call(PAYER, new Lock(terms)));
    return terms;
  }

  /// A deal of ordinary size whose every byte costs what it does in earnest.
  private Terms deal(String token) {
    number++;
    return new Deal()
        .token(token)
        .amount(AMOUNT)
        .deadline(chain.now() + 864_000)
        .proposal(chain.domain().settlement(HASH, BigInteger.valueOf(number), 0))
        .terms();
  }

  private void measure(String name, long limit, String from, EscrowCall call) {
    table.add(new Line(name, must(chain.call(from, call)).gas(), limit));
  }

  private void print() {
    System.out.printf(Locale.ROOT, "%n%-46s %8s %8s%n", "Gas of AgentEscrow", "used", "limit");
    for (Line line : table) {
      System.out.printf(Locale.ROOT, "%-46s %,8d %,8d%n", line.call(), line.gas(), line.limit());
    }
    System.out.println();
  }
}
