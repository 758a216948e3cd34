package org.agentchat.escrow.contract;

import static org.agentchat.escrow.contract.EscrowChain.STRANGER;
import static org.agentchat.escrow.contract.Expect.must;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
import org.agentchat.escrow.devchain.Anvil;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Long random sequences of calls by everybody, good and bad, around the time-outs, in coin, in an
/// ordinary token and in one that calls back. After each call the chain must agree with the [Model]
/// in every balance, credit and state; what the contract holds is what it owes; nobody ends an
/// escrow twice; and who is no party never gains.
///
/// A failing seed is in the test's name: `-Dfuzz.seed=N` runs it alone. `-Dfuzz.runs=N` runs so
/// many.
@ExtendWith(OnChain.class)
final class FuzzIT {

  private static final int STEPS = 150;

  /// Accounts 0 to 6; the stranger, 4, is no party to anything.
  private static final List<String> ACCOUNTS =
      IntStream.range(0, 7).mapToObj(account -> Anvil.key(account).getAddress()).toList();

  private static final List<String> PARTIES =
      ACCOUNTS.stream().filter(account -> !account.equals(STRANGER)).toList();

  private static final BigInteger RICHES = BigInteger.valueOf(50_000_000);

  private final EscrowChain chain;
  private final Model model;
  private final List<String> tokens;
  private final String hook;
  private final String probe;
  private final List<Terms> deals = new ArrayList<>();
  private final Set<String> ended = new HashSet<>();

  FuzzIT(EscrowChain chain) {
    this.chain = chain;
    this.model = new Model(chain.domain());
    this.probe = chain.deploy(TestContracts.creationCode("Probe"));
    this.hook = chain.deploy(TestContracts.creationCode("HookToken"));
    String token = chain.deploy(TestContracts.creationCode("TestToken"));
    this.tokens = List.of(Hex.ZERO_ADDRESS, token, hook);
    for (String account : ACCOUNTS) {
      chain.anvil().balance(account, RICHES);
      model.give(Hex.ZERO_ADDRESS, account, RICHES);
      for (String erc20 : List.of(token, hook)) {
        Currency.fund(chain, erc20, account, RICHES);
        model.give(erc20, account, RICHES);
        model.allow(erc20, account, RICHES);
      }
    }
  }

  static LongStream seeds() {
    Long seed = Long.getLong("fuzz.seed");
    return seed == null ? LongStream.range(0, Long.getLong("fuzz.runs", 8)) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "-Dfuzz.seed={0}")
  @MethodSource("seeds")
  void chainAgreesWithTheModel(long seed) {
    Random random = new Random(seed);
    int accepted = 0;
    for (int step = 0; step < STEPS; step++) {
      letTimePass(random);
      if (random.nextInt(8) == 0) {
        String inner = call(random, someDeal(random)).data();
        must(chain.send(STRANGER, hook, BigInteger.ZERO, Calls.arm(chain.contract(), inner)));
      }
      Terms terms = someDeal(random);
      EscrowCall call = call(random, terms);
      String from = caller(random, call, terms);
      accepted += step(from, call) ? 1 : 0;
    }
    assertThat(accepted).as("calls that went through").isGreaterThan(STEPS / 10);
  }

  private boolean step(String from, EscrowCall call) {
    String description = call + " by " + from + " at " + chain.now();
    Model.Decision decision = model.decide(from, call, chain.now());
    EscrowChain.Outcome outcome = chain.call(from, call);
    switch (decision) {
      case Model.Decision.Refused(Optional<EscrowRefusal> refusal) -> {
        assertThat(outcome.success()).as(description).isFalse();
        assertThat(outcome.refusal()).as(description).isEqualTo(refusal);
      }
      case Model.Decision.Moved _, Model.Decision.Ended _, Model.Decision.Paid _ ->
          assertThat(outcome.success()).as("%s: %s", description, outcome).isTrue();
    }
    model.apply(decision);
    outcome.events().forEach(this::checkEnd);
    look(description);
    return outcome.success();
  }

  /// An end comes once, and divides what was locked.
  private void checkEnd(EscrowEvent event) {
    Optional<BigInteger> sum =
        switch (event) {
          case EscrowEvent.Released released -> Optional.of(released.toPayee());
          case EscrowEvent.Refunded refunded -> Optional.of(refunded.toPayer());
          case EscrowEvent.Settled settled -> Optional.of(settled.toPayee().add(settled.toPayer()));
          case EscrowEvent.Resolved resolved ->
              Optional.of(resolved.toPayee().add(resolved.toPayer()));
          case EscrowEvent.ResolvedSilently resolved ->
              Optional.of(resolved.toPayee().add(resolved.toPayer()));
          case EscrowEvent.Locked _,
              EscrowEvent.Delivered _,
              EscrowEvent.Disputed _,
              EscrowEvent.Withdrawn _ ->
              Optional.empty();
        };
    if (sum.isPresent() && event instanceof EscrowEvent.Step step) {
      assertThat(ended.add(step.escrow())).as("%s ended twice", step.escrow()).isTrue();
      assertThat(sum).contains(model.escrows().get(step.escrow()).terms().amount());
    }
  }

  /// Compares all that can be seen.
  private void look(String description) {
    List<String> ids = List.copyOf(model.escrows().keySet());
    Words seen = new Words(dropHead(ask(Calls.look(chain.contract(), tokens, ACCOUNTS, ids))));
    int next = 0;
    for (String token : tokens) {
      BigInteger held = seen.uint(next++);
      BigInteger owed = BigInteger.ZERO;
      for (String account : ACCOUNTS) {
        BigInteger wallet = seen.uint(next++);
        BigInteger credit = seen.uint(next++);
        assertThat(wallet)
            .as("%s in the wallet of %s after %s", token, account, description)
            .isEqualTo(model.wallet(token, account));
        assertThat(credit)
            .as("%s credit of %s after %s", token, account, description)
            .isEqualTo(model.credit(token, account));
        if (account.equals(STRANGER)) {
          assertThat(wallet.add(credit)).as("a stranger after %s", description).isEqualTo(RICHES);
        }
        owed = owed.add(credit);
      }
      assertThat(held).as("%s held after %s", token, description).isEqualTo(model.owed(token));
      int states = tokens.size() * (1 + 2 * ACCOUNTS.size());
      for (int index = 0; index < ids.size(); index++) {
        Model.Entry entry = model.escrows().get(ids.get(index));
        EscrowState state = EscrowState.of(seen.number(states + 2 * index));
        assertThat(state).as("%s after %s", ids.get(index), description).isEqualTo(entry.state());
        assertThat(seen.number(states + 2 * index + 1)).isEqualTo(entry.until());
        if (!state.isFinal() && entry.terms().token().equals(token)) {
          owed = owed.add(entry.terms().amount());
        }
      }
      assertThat(held).as("%s held against owed after %s", token, description).isEqualTo(owed);
    }
    assertThat(new Words(ask(hook, Calls.successes())).uint(0))
        .as("calls from inside a transfer after %s", description)
        .isZero();
  }

  private String ask(String data) {
    return ask(probe, data);
  }

  private String ask(String contract, String data) {
    return (String) chain.anvil().call("eth_call", Map.of("to", contract, "data", data), "latest");
  }

  /// An array's offset and length stand before its elements.
  private static String dropHead(String answer) {
    return "0x" + answer.substring(2 + 128);
  }

  /// Usually none or little; now and then to just before, at or after some escrow's time-out.
  private void letTimePass(Random random) {
    List<Long> timeOuts =
        model.escrows().values().stream()
            .map(Model.Entry::until)
            .filter(until -> until > chain.now())
            .sorted(Comparator.naturalOrder())
            .limit(3)
            .toList();
    int choice = random.nextInt(20);
    if (choice < 2 && !timeOuts.isEmpty()) {
      long until = timeOuts.get(random.nextInt(timeOuts.size()));
      chain.at(Math.max(chain.now(), until - 1 + random.nextInt(3)));
    } else if (choice < 8) {
      chain.at(chain.now() + random.nextInt(600));
    }
  }

  /// One of the last few deals, or a new one.
  private Terms someDeal(Random random) {
    if (deals.isEmpty() || random.nextInt(5) == 0) {
      deals.add(deal(random));
    }
    int recent = Math.min(deals.size(), 5);
    return deals.get(deals.size() - 1 - random.nextInt(recent));
  }

  private Terms deal(Random random) {
    List<String> parties = new ArrayList<>(PARTIES);
    Collections.shuffle(parties, random);
    Deal deal =
        new Deal()
            .payer(parties.get(0))
            .payee(parties.get(1))
            .arbiter(parties.get(2))
            .operator(parties.get(3))
            .token(any(random, tokens))
            .amount(1 + random.nextInt(2_000_000))
            .deadline(chain.now() + 1 + random.nextInt(4_000))
            .reviewPeriod(1 + random.nextInt(2_000))
            .disputePeriod(1 + random.nextInt(3_000))
            .silentBps(random.nextInt(10_001))
            .number(deals.size());
    return switch (random.nextInt(40)) {
      case 0 -> deal.payee(parties.get(0)).terms();
      case 1 -> deal.arbiter(parties.get(1)).terms();
      case 2 -> deal.operator(parties.get(1)).terms();
      case 3 -> deal.deadline(chain.now()).terms();
      case 4 -> deal.amount(0).terms();
      case 5 -> deal.silentBps(10_001).terms();
      case 6 -> deal.payee(chain.contract()).terms();
      case 7 -> deal.reviewPeriod(0).terms();
      case 8 -> deal.operator(Hex.ZERO_ADDRESS).terms();
      case 9 -> deal.operator(parties.get(0)).terms();
      case 10 -> deal.operator(parties.get(2)).terms();
      default -> deal.terms();
    };
  }

  /// Mostly what the escrow's state is there for, otherwise anything.
  private EscrowCall call(Random random, Terms terms) {
    if (random.nextInt(4) == 0) {
      return anyCall(random, terms);
    }
    EscrowState state =
        Optional.ofNullable(model.escrows().get(chain.domain().id(terms)))
            .map(Model.Entry::state)
            .orElse(EscrowState.NONE);
    return switch (state) {
      case NONE ->
          terms.isNative() || random.nextBoolean() ? new Lock(terms) : lockFor(random, terms);
      case LOCKED ->
          switch (random.nextInt(6)) {
            case 0 -> new Dispute(terms, Deal.HASH);
            case 1 -> new Refund(terms);
            case 2 -> settle(random, terms);
            default -> new Deliver(terms, Deal.HASH);
          };
      case DELIVERED ->
          switch (random.nextInt(4)) {
            case 0 -> settle(random, terms);
            case 1 -> new Release(terms);
            default -> new Dispute(terms, Deal.HASH);
          };
      case DISPUTED ->
          switch (random.nextInt(4)) {
            case 0 -> settle(random, terms);
            case 1 -> new ResolveSilent(terms);
            default -> new Resolve(terms, part(random, terms), Deal.HASH);
          };
      case RELEASED, REFUNDED, RESOLVED ->
          random.nextBoolean()
              ? new Withdraw(terms.token())
              : new WithdrawTo(terms.token(), receiver(random));
    };
  }

  private EscrowCall settle(Random random, Terms terms) {
    return random.nextBoolean()
        ? settleSigned(random, terms)
        : new Settle(terms, part(random, terms));
  }

  private EscrowCall anyCall(Random random, Terms terms) {
    return switch (random.nextInt(12)) {
      case 0 -> new Lock(terms);
      case 1 -> lockFor(random, terms);
      case 2 -> new Deliver(terms, Deal.HASH);
      case 3 -> new Release(terms);
      case 4 -> new Settle(terms, part(random, terms));
      case 5 -> settleSigned(random, terms);
      case 6 -> new Refund(terms);
      case 7 -> new Dispute(terms, Deal.HASH);
      case 8 -> new Resolve(terms, part(random, terms), Deal.HASH);
      case 9 -> new ResolveSilent(terms);
      case 10 -> new Withdraw(any(random, tokens));
      default -> new WithdrawTo(any(random, tokens), receiver(random));
    };
  }

  private String receiver(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> chain.contract();
      case 1 -> Hex.ZERO_ADDRESS;
      default -> any(random, PARTIES);
    };
  }

  private LockFor lockFor(Random random, Terms terms) {
    String signer = random.nextInt(5) == 0 ? any(random, ACCOUNTS) : terms.payer();
    return new LockFor(terms, Signatures.sign(chain.domain().id(terms), EscrowChain.keyOf(signer)));
  }

  private SettleSigned settleSigned(Random random, Terms terms) {
    BigInteger toPayee = part(random, terms);
    long notAfter = chain.now() - 1 + random.nextInt(20);
    String digest = chain.domain().settlement(chain.domain().id(terms), toPayee, notAfter);
    String payee = random.nextInt(5) == 0 ? any(random, PARTIES) : terms.payee();
    String second = payee.equals(chain.contract()) ? STRANGER : payee;
    return new SettleSigned(
        terms,
        toPayee,
        notAfter,
        Signatures.sign(digest, EscrowChain.keyOf(terms.payer())),
        Signatures.sign(digest, EscrowChain.keyOf(second)));
  }

  private static BigInteger part(Random random, Terms terms) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> BigInteger.ZERO;
      case 2, 3 -> terms.amount();
      case 4 -> terms.amount().add(BigInteger.ONE);
      default ->
          new BigInteger(terms.amount().bitLength() + 1, random)
              .mod(terms.amount().add(BigInteger.ONE));
    };
  }

  /// Mostly somebody who may, otherwise anybody.
  private static String caller(Random random, EscrowCall call, Terms terms) {
    if (random.nextInt(6) == 0) {
      return any(random, ACCOUNTS);
    }
    List<String> right =
        switch (call) {
          case Lock _ -> List.of(terms.payer());
          case Deliver _ -> List.of(terms.payee(), terms.operator());
          case Release _ -> List.of(terms.payer(), terms.operator(), STRANGER);
          case Settle _ -> List.of(terms.payer(), terms.payee());
          case Dispute _ -> List.of(terms.payer(), terms.payee(), terms.operator());
          case Resolve _ -> List.of(terms.arbiter());
          case LockFor _, SettleSigned _, Refund _, ResolveSilent _ -> List.of(STRANGER);
          case Withdraw _, WithdrawTo _ -> List.of(terms.payer(), terms.payee());
        };
    String caller = any(random, right);
    return ACCOUNTS.contains(caller) ? caller : STRANGER;
  }

  private static String any(Random random, List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
