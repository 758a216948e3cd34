package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

/// What the contract should do, said once more in another language and from the rules of
/// `docs/escrow.md`, not from the Solidity: a second opinion on each call, and the books.
///
/// Its accounts have keys of [EscrowChain] and no code, and its tokens are ordinary ones.
final class Model {

  private static final BigInteger MAX_AMOUNT =
      BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private static final long MAX_WAIT = 366L * 24 * 60 * 60;

  private final EscrowDomain domain;
  private final Map<String, Entry> escrows = new TreeMap<>();
  private final Map<Purse, BigInteger> wallets = new TreeMap<>();
  private final Map<Purse, BigInteger> allowances = new TreeMap<>();
  private final Map<Purse, BigInteger> credits = new TreeMap<>();

  Model(EscrowDomain domain) {
    this.domain = domain;
  }

  /// An account's money in one token.
  record Purse(String token, String account) implements Comparable<Purse> {
    @Override
    public int compareTo(Purse other) {
      int tokens = token.compareTo(other.token);
      return tokens == 0 ? account.compareTo(other.account) : tokens;
    }
  }

  /// One escrow.
  record Entry(Terms terms, EscrowState state, long until) {}

  /// What comes of a call.
  sealed interface Decision {

    /// Nothing changes.
    ///
    /// @param refusal empty when the token refuses, in words of its own
    record Refused(Optional<EscrowRefusal> refusal) implements Decision {}

    /// The escrow goes into a state that is not final.
    record Moved(Terms terms, EscrowState state, long until) implements Decision {}

    /// The escrow ends.
    record Ended(Terms terms, EscrowState state, BigInteger toPayee) implements Decision {}

    /// A credit is paid out.
    record Paid(String token, String account, String to) implements Decision {}
  }

  Map<String, Entry> escrows() {
    return escrows;
  }

  BigInteger wallet(String token, String account) {
    return wallets.getOrDefault(new Purse(token, account), BigInteger.ZERO);
  }

  BigInteger credit(String token, String account) {
    return credits.getOrDefault(new Purse(token, account), BigInteger.ZERO);
  }

  /// What the contract must hold: all that is open and all credits.
  BigInteger owed(String token) {
    BigInteger open =
        escrows.values().stream()
            .filter(entry -> !entry.state().isFinal() && entry.terms().token().equals(token))
            .map(entry -> entry.terms().amount())
            .reduce(BigInteger.ZERO, BigInteger::add);
    return credits.entrySet().stream()
        .filter(credit -> credit.getKey().token().equals(token))
        .map(Map.Entry::getValue)
        .reduce(open, BigInteger::add);
  }

  void give(String token, String account, BigInteger amount) {
    wallets.merge(new Purse(token, account), amount, BigInteger::add);
  }

  /// Sets what the contract may take.
  void allow(String token, String account, BigInteger amount) {
    allowances.put(new Purse(token, account), amount);
  }

  /// Does what [#decide] says.
  void apply(Decision decision) {
    switch (decision) {
      case Decision.Refused _ -> {}
      case Decision.Moved(Terms terms, EscrowState state, long until) -> {
        if (state == EscrowState.LOCKED) {
          take(wallets, terms.token(), terms.payer(), terms.amount());
          if (!terms.isNative()) {
            take(allowances, terms.token(), terms.payer(), terms.amount());
          }
        }
        escrows.put(domain.id(terms), new Entry(terms, state, until));
      }
      case Decision.Ended(Terms terms, EscrowState state, BigInteger toPayee) -> {
        escrows.put(domain.id(terms), new Entry(terms, state, 0));
        credits.merge(new Purse(terms.token(), terms.payee()), toPayee, BigInteger::add);
        credits.merge(
            new Purse(terms.token(), terms.payer()),
            terms.amount().subtract(toPayee),
            BigInteger::add);
      }
      case Decision.Paid(String token, String account, String to) -> {
        give(token, to, credit(token, account));
        credits.put(new Purse(token, account), BigInteger.ZERO);
      }
    }
  }

  private static void take(
      Map<Purse, BigInteger> purses, String token, String account, BigInteger amount) {
    purses.merge(new Purse(token, account), amount.negate(), BigInteger::add);
  }

  /// What must come of a call in a block of this time.
  Decision decide(String from, EscrowCall call, long now) {
    return switch (call) {
      case Lock(Terms terms) ->
          from.equals(terms.payer()) ? lock(terms, now, true) : refused(Reason.NOT_ALLOWED, from);
      case LockFor(Terms terms, String signature) ->
          terms.isNative()
              ? refused(Reason.INVALID_TOKEN, Hex.ZERO_ADDRESS)
              : lock(terms, now, signed(terms.payer(), domain.id(terms), signature));
      case Deliver(Terms terms, String _) -> deliver(from, terms, now);
      case Release(Terms terms) -> release(from, terms, now);
      case Settle(Terms terms, BigInteger toPayee) -> settle(from, terms, toPayee);
      case SettleSigned signed -> settleSigned(signed, now);
      case Refund(Terms terms) -> {
        Entry entry = entry(terms);
        if (entry.state() != EscrowState.LOCKED) {
          yield wrongState(entry);
        }
        yield now < entry.until()
            ? refused(Reason.TOO_EARLY, entry.until())
            : new Decision.Ended(terms, EscrowState.REFUNDED, BigInteger.ZERO);
      }
      case Dispute(Terms terms, String _) -> dispute(from, terms, now);
      case Resolve(Terms terms, BigInteger toPayee, String _) -> resolve(from, terms, toPayee, now);
      case ResolveSilent(Terms terms) -> {
        Entry entry = entry(terms);
        if (entry.state() != EscrowState.DISPUTED) {
          yield wrongState(entry);
        }
        yield now < entry.until()
            ? refused(Reason.TOO_EARLY, entry.until())
            : new Decision.Ended(terms, EscrowState.RESOLVED, share(terms));
      }
      case Withdraw(String token) -> withdraw(from, token, from);
      case WithdrawTo(String token, String to) ->
          to.equals(Hex.ZERO_ADDRESS) || to.equals(domain.contract())
              ? refused(Reason.INVALID_RECEIVER, to)
              : withdraw(from, token, to);
    };
  }

  private Decision lock(Terms terms, long now, boolean signed) {
    if (entry(terms).state() != EscrowState.NONE) {
      return refused(Reason.EXISTS, domain.id(terms));
    }
    Optional<Decision> invalid = invalid(terms, now);
    if (invalid.isPresent()) {
      return invalid.get();
    }
    if (!signed) {
      return refused(Reason.INVALID_SIGNATURE, terms.payer());
    }
    Purse purse = new Purse(terms.token(), terms.payer());
    boolean allowed =
        terms.isNative()
            || allowances.getOrDefault(purse, BigInteger.ZERO).compareTo(terms.amount()) >= 0;
    if (!allowed || wallet(terms.token(), terms.payer()).compareTo(terms.amount()) < 0) {
      return new Decision.Refused(Optional.empty());
    }
    return new Decision.Moved(terms, EscrowState.LOCKED, terms.deadline());
  }

  private Optional<Decision> invalid(Terms terms, long now) {
    for (String party : List.of(terms.payer(), terms.payee(), terms.arbiter())) {
      if (party.equals(Hex.ZERO_ADDRESS) || party.equals(domain.contract())) {
        return Optional.of(refused(Reason.INVALID_PARTY, party));
      }
    }
    if (List.of(terms.payer(), terms.operator()).contains(terms.payee())) {
      return Optional.of(refused(Reason.SAME_PARTY, terms.payee()));
    }
    if (List.of(terms.payer(), terms.payee()).contains(terms.arbiter())) {
      return Optional.of(refused(Reason.SAME_PARTY, terms.arbiter()));
    }
    if (terms.amount().signum() == 0 || terms.amount().compareTo(MAX_AMOUNT) > 0) {
      return Optional.of(refused(Reason.INVALID_AMOUNT, terms.amount()));
    }
    if (terms.deadline() <= now || terms.deadline() > now + MAX_WAIT) {
      return Optional.of(refused(Reason.INVALID_DEADLINE, terms.deadline()));
    }
    for (long period : List.of(terms.reviewPeriod(), terms.disputePeriod())) {
      if (period == 0 || period > MAX_WAIT) {
        return Optional.of(refused(Reason.INVALID_PERIOD, period));
      }
    }
    return terms.silentBps() > 10_000
        ? Optional.of(refused(Reason.INVALID_SHARE, terms.silentBps()))
        : Optional.empty();
  }

  private Decision deliver(String from, Terms terms, long now) {
    if (!List.of(terms.payee(), terms.operator()).contains(from)) {
      return refused(Reason.NOT_ALLOWED, from);
    }
    Entry entry = entry(terms);
    if (entry.state() != EscrowState.LOCKED) {
      return wrongState(entry);
    }
    return now >= entry.until()
        ? refused(Reason.TOO_LATE, entry.until())
        : new Decision.Moved(terms, EscrowState.DELIVERED, now + terms.reviewPeriod());
  }

  private Decision release(String from, Terms terms, long now) {
    Entry entry = entry(terms);
    Decision all = new Decision.Ended(terms, EscrowState.RELEASED, terms.amount());
    boolean operator = from.equals(terms.operator());
    return switch (entry.state()) {
      case NONE, RELEASED, REFUNDED, RESOLVED -> wrongState(entry);
      case LOCKED -> {
        if (from.equals(terms.payer())) {
          yield all;
        }
        if (!operator) {
          yield refused(Reason.NOT_ALLOWED, from);
        }
        yield now < entry.until() ? all : refused(Reason.TOO_LATE, entry.until());
      }
      case DELIVERED ->
          from.equals(terms.payer()) || operator || now >= entry.until()
              ? all
              : refused(Reason.TOO_EARLY, entry.until());
      case DISPUTED -> from.equals(terms.payer()) ? all : wrongState(entry);
    };
  }

  private Decision settle(String from, Terms terms, BigInteger toPayee) {
    Entry entry = entry(terms);
    if (isNotOpen(entry)) {
      return wrongState(entry);
    }
    if (from.equals(terms.payer()) && toPayee.equals(terms.amount())) {
      return new Decision.Ended(terms, EscrowState.RELEASED, toPayee);
    }
    return from.equals(terms.payee()) && toPayee.signum() == 0
        ? new Decision.Ended(terms, EscrowState.REFUNDED, toPayee)
        : refused(Reason.NOT_ALLOWED, from);
  }

  private Decision settleSigned(SettleSigned call, long now) {
    Terms terms = call.terms();
    Entry entry = entry(terms);
    if (isNotOpen(entry)) {
      return wrongState(entry);
    }
    if (call.toPayee().compareTo(terms.amount()) > 0) {
      return refused(Reason.SHARE_TOO_LARGE, call.toPayee(), terms.amount());
    }
    if (now > call.notAfter()) {
      return refused(Reason.TOO_LATE, call.notAfter());
    }
    String digest = domain.settlement(domain.id(terms), call.toPayee(), call.notAfter());
    if (!signed(terms.payer(), digest, call.payerSignature())) {
      return refused(Reason.INVALID_SIGNATURE, terms.payer());
    }
    return signed(terms.payee(), digest, call.payeeSignature())
        ? new Decision.Ended(terms, EscrowState.RESOLVED, call.toPayee())
        : refused(Reason.INVALID_SIGNATURE, terms.payee());
  }

  private Decision dispute(String from, Terms terms, long now) {
    if (!List.of(terms.payer(), terms.payee(), terms.operator()).contains(from)) {
      return refused(Reason.NOT_ALLOWED, from);
    }
    Entry entry = entry(terms);
    return switch (entry.state()) {
      case NONE, DISPUTED, RELEASED, REFUNDED, RESOLVED -> wrongState(entry);
      case LOCKED, DELIVERED ->
          now >= entry.until()
              ? refused(Reason.TOO_LATE, entry.until())
              : new Decision.Moved(terms, EscrowState.DISPUTED, now + terms.disputePeriod());
    };
  }

  private Decision resolve(String from, Terms terms, BigInteger toPayee, long now) {
    if (!from.equals(terms.arbiter())) {
      return refused(Reason.NOT_ALLOWED, from);
    }
    Entry entry = entry(terms);
    if (entry.state() != EscrowState.DISPUTED) {
      return wrongState(entry);
    }
    if (now >= entry.until()) {
      return refused(Reason.TOO_LATE, entry.until());
    }
    return toPayee.compareTo(terms.amount()) > 0
        ? refused(Reason.SHARE_TOO_LARGE, toPayee, terms.amount())
        : new Decision.Ended(terms, EscrowState.RESOLVED, toPayee);
  }

  private Decision withdraw(String from, String token, String to) {
    return credit(token, from).signum() == 0
        ? refused(Reason.NOTHING_TO_WITHDRAW, token, from)
        : new Decision.Paid(token, from, to);
  }

  private Entry entry(Terms terms) {
    return escrows.getOrDefault(domain.id(terms), new Entry(terms, EscrowState.NONE, 0));
  }

  private static boolean isNotOpen(Entry entry) {
    return entry.state() == EscrowState.NONE || entry.state().isFinal();
  }

  private static boolean signed(String account, String digest, String signature) {
    return signature.equals(Signatures.sign(digest, EscrowChain.keyOf(account)));
  }

  private static BigInteger share(Terms terms) {
    return terms
        .amount()
        .multiply(BigInteger.valueOf(terms.silentBps()))
        .divide(BigInteger.valueOf(10_000));
  }

  private Decision wrongState(Entry entry) {
    String name = entry.state().name();
    return refused(
        Reason.WRONG_STATE,
        domain.id(entry.terms()),
        name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT));
  }

  private static Decision refused(Reason reason, Object... arguments) {
    return new Decision.Refused(
        Optional.of(
            new EscrowRefusal(reason, List.of(arguments).stream().map(String::valueOf).toList())));
  }
}
