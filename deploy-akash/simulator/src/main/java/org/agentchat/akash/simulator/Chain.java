package org.agentchat.akash.simulator;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The state of the chain and its rules. One lock guards all of it; time is blocks.
final class Chain {
  static final String AKT = "uakt";
  static final String ACT = "uact";
  static final long MIN_DEPOSIT = 500_000;
  static final long MIN_MINT = 10_000_000;
  static final int EPOCH_BLOCKS = 10;
  static final long GAS_USED = 120_000;
  static final BigDecimal MIN_GAS_PRICE = new BigDecimal("0.025");

  private static final BigDecimal DEC = BigDecimal.TEN.pow(18);

  final String chainId;
  final Map<String, Account> accounts = new HashMap<>();
  final Map<String, Included> included = new LinkedHashMap<>();
  final Map<String, Deployment> deployments = new TreeMap<>();
  final List<SimulatedProvider.Listing> providers = new ArrayList<>();
  final Faults faults = new Faults();
  private final Map<String, byte[]> mempool = new LinkedHashMap<>();
  private final List<Mint> mints = new ArrayList<>();

  /// What one AKT is worth in ACT.
  BigDecimal aktPrice = new BigDecimal("0.5");

  long height = 1_000;

  /// How far its clock is ahead.
  Duration ahead = Duration.ZERO;

  Chain(String chainId) {
    this.chainId = chainId;
  }

  static final class Account {
    final long number;
    long sequence;
    @Nullable ByteString key;
    final Map<String, Long> balances = new TreeMap<>();

    Account(long number) {
      this.number = number;
    }

    long balance(String denom) {
      return balances.getOrDefault(denom, 0L);
    }

    void add(String denom, long amount) {
      balances.merge(denom, amount, Long::sum);
    }

    void take(String denom, long amount) throws Refused {
      if (balance(denom) < amount) {
        throw Refused.sdk(
            Refused.INSUFFICIENT_FUNDS,
            "spendable balance %d%s is smaller than %d%s: insufficient funds"
                .formatted(balance(denom), denom, amount, denom));
      }
      add(denom, -amount);
    }
  }

  record Included(
      String hash,
      long height,
      int code,
      String codespace,
      String log,
      long gasWanted,
      String type) {}

  private record Mint(String owner, long burned, long payAt) {}

  /// A deployment with its groups, orders, bids, leases and money.
  static final class Deployment {
    final String owner;
    final long dseq;
    byte[] hash;
    final long createdAt;
    boolean active = true;
    String escrowState = "open";
    BigDecimal funds;
    BigDecimal transferred = BigDecimal.ZERO;
    final List<Group> groups = new ArrayList<>();

    Deployment(String owner, long dseq, byte[] hash, long createdAt, long deposit) {
      this.owner = owner;
      this.dseq = dseq;
      this.hash = hash;
      this.createdAt = createdAt;
      this.funds = BigDecimal.valueOf(deposit);
    }

    BigDecimal drain() {
      return groups.stream()
          .map(Group::lease)
          .filter(bid -> bid != null && bid.lease.equals("active"))
          .map(bid -> bid.price)
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  /// What one compute profile of a group has, for all services on it.
  ///
  /// @param volumes `name=bytes`, sorted
  /// @param endpoints kinds of ports that are open to the world, sorted
  record Unit(
      long cpus, long bytes, List<String> volumes, long gpus, long count, List<Long> endpoints) {
    Unit {
      volumes = volumes.stream().sorted().toList();
      endpoints = endpoints.stream().sorted().toList();
    }
  }

  static final class Group {
    final int gseq;
    final String name;
    final BigDecimal maxPrice;
    final Map<String, String> attributes;
    final List<String> anyOf;
    final List<String> allOf;
    final Map<Long, Unit> units;
    final long orderedAt;
    String state = "open";
    String order = "open";
    final List<Bid> bids = new ArrayList<>();

    Group(
        int gseq,
        String name,
        BigDecimal maxPrice,
        Map<String, String> attributes,
        List<String> anyOf,
        List<String> allOf,
        Map<Long, Unit> units,
        long orderedAt) {
      this.gseq = gseq;
      this.name = name;
      this.maxPrice = maxPrice;
      this.attributes = attributes;
      this.anyOf = anyOf;
      this.allOf = allOf;
      this.units = units;
      this.orderedAt = orderedAt;
    }

    @Nullable Bid lease() {
      return bids.stream().filter(bid -> !bid.lease.isEmpty()).findFirst().orElse(null);
    }
  }

  static final class Bid {
    final String provider;
    final BigDecimal price;
    final long createdAt;
    String state = "open";
    String lease = "";
    long leasedAt;

    Bid(String provider, BigDecimal price, long createdAt) {
      this.provider = provider;
      this.price = price;
      this.createdAt = createdAt;
    }
  }

  static long amount(String digits) throws Refused {
    if (!digits.matches("0|[1-9][0-9]{0,17}")) {
      throw Refused.decoding("tx parse error: no amount: " + digits);
    }
    return Long.parseLong(digits);
  }

  Account account(String address) {
    return accounts.computeIfAbsent(address, _ -> new Account(accounts.size() + 17));
  }

  // ---- taking transactions in

  /// A sync broadcast: only what CheckTx looks at.
  synchronized Transaction checkTx(byte[] raw) throws Refused {
    Transaction tx = Transaction.read(raw);
    if (mempool.containsKey(tx.hash())) {
      throw Refused.sdk(Refused.IN_MEMPOOL, "tx already in mempool");
    }
    long pending = 0;
    for (byte[] other : mempool.values()) {
      pending += Transaction.read(other).signer().equals(tx.signer()) ? 1 : 0;
    }
    ante(tx, account(tx.signer()).sequence + pending, true);
    if (!faults.loses(tx.type())) {
      mempool.put(tx.hash(), raw);
    }
    return tx;
  }

  private void ante(Transaction tx, long expectedSequence, boolean pays) throws Refused {
    Account account = accounts.get(tx.signer());
    if (account == null) {
      throw Refused.sdk(9, "account " + tx.signer() + " not found: unknown address");
    }
    if (tx.timeoutHeight() != 0 && height + 1 > tx.timeoutHeight()) {
      throw Refused.sdk(
          Refused.TIMEOUT_HEIGHT,
          "block height: %d, timeout height: %d: tx timeout height"
              .formatted(height + 1, tx.timeoutHeight()));
    }
    BigDecimal wanted = MIN_GAS_PRICE.multiply(BigDecimal.valueOf(tx.gasLimit()));
    if (!tx.feeDenom().equals(AKT) || BigDecimal.valueOf(tx.fee()).compareTo(wanted) < 0) {
      throw Refused.sdk(
          Refused.INSUFFICIENT_FEE,
          "insufficient fees; got: %d%s required: %s%s: insufficient fee"
              .formatted(tx.fee(), tx.feeDenom(), wanted.setScale(0, RoundingMode.CEILING), AKT));
    }
    if (tx.sequence() != expectedSequence) {
      throw Refused.sdk(
          Refused.WRONG_SEQUENCE,
          "account sequence mismatch, expected %d, got %d: incorrect account sequence"
              .formatted(expectedSequence, tx.sequence()));
    }
    if (!Curve.verifies(
        tx.publicKey().toByteArray(),
        tx.signDoc(chainId, account.number),
        tx.signature().toByteArray())) {
      throw Refused.sdk(
          Refused.UNAUTHORIZED,
          "signature verification failed; please verify account number (%d), sequence (%d) and chain-id (%s): unauthorized"
              .formatted(account.number, account.sequence, chainId));
    }
    if (pays) {
      long fee = tx.fee();
      if (account.balance(AKT) < fee) {
        throw Refused.sdk(
            Refused.INSUFFICIENT_FUNDS,
            "spendable balance %d%s is smaller than %d%s: insufficient funds"
                .formatted(account.balance(AKT), AKT, fee, AKT));
      }
    }
  }

  /// What a simulation says: nothing is checked of fee and signature, and nothing is kept.
  synchronized long simulate(byte[] raw) throws Refused {
    Transaction tx = Transaction.read(raw);
    Account account = accounts.get(tx.signer());
    if (account == null) {
      throw Refused.sdk(9, "account " + tx.signer() + " not found: unknown address");
    }
    if (tx.sequence() != account.sequence) {
      throw Refused.sdk(
          Refused.WRONG_SEQUENCE,
          "account sequence mismatch, expected %d, got %d: incorrect account sequence"
              .formatted(account.sequence, tx.sequence()));
    }
    new Handlers(this, tx.signer()).dry(tx);
    return GAS_USED;
  }

  // ---- blocks

  /// Makes the next block of what is in the mempool.
  synchronized void mine() {
    height++;
    List<byte[]> block = new ArrayList<>(mempool.values());
    mempool.clear();
    block.forEach(this::deliver);
    payMints();
    drainEscrows();
    providers.forEach(provider -> provider.bid(this));
  }

  private void deliver(byte[] raw) {
    Transaction tx;
    try {
      tx = Transaction.read(raw);
      height--;
      try {
        ante(tx, account(tx.signer()).sequence, true);
      } finally {
        height++;
      }
    } catch (Refused _) {
      return;
    }
    Account account = account(tx.signer());
    account.sequence++;
    account.key = tx.publicKey();
    account.add(AKT, -tx.fee());
    try {
      faults.meanwhile(tx.type());
      if (tx.gasLimit() < GAS_USED) {
        throw Refused.sdk(
            Refused.OUT_OF_GAS,
            "out of gas in location: WriteFlat; gasWanted: %d, gasUsed: %d: out of gas"
                .formatted(tx.gasLimit(), GAS_USED));
      }
      faults.failDelivery(tx.type());
      new Handlers(this, tx.signer()).run(tx);
      include(tx, 0, "", "");
    } catch (Refused refused) {
      include(tx, refused.code(), refused.codespace(), refused.log());
    }
  }

  private void include(Transaction tx, int code, String codespace, String log) {
    included.put(
        tx.hash(), new Included(tx.hash(), height, code, codespace, log, tx.gasLimit(), tx.type()));
  }

  void addMint(String owner, long burned) {
    mints.add(new Mint(owner, burned, height + EPOCH_BLOCKS));
  }

  private void payMints() {
    Set<Mint> paid = new HashSet<>();
    for (Mint mint : mints) {
      if (height >= mint.payAt()) {
        account(mint.owner()).add(ACT, worth(mint.burned()));
        paid.add(mint);
      }
    }
    mints.removeAll(paid);
  }

  long worth(long burned) {
    return aktPrice
        .multiply(BigDecimal.valueOf(burned))
        .multiply(new BigDecimal("0.9975"))
        .longValue();
  }

  private void drainEscrows() {
    for (Deployment deployment : deployments.values()) {
      BigDecimal drain = deployment.drain();
      if (!deployment.active || drain.signum() == 0) {
        continue;
      }
      BigDecimal paid = drain.min(deployment.funds);
      deployment.funds = deployment.funds.subtract(paid);
      deployment.transferred = deployment.transferred.add(paid);
      if (paid.compareTo(drain) < 0) {
        end(deployment, "overdrawn", "insufficient_funds");
      }
    }
  }

  void end(Deployment deployment, String escrow, String lease) {
    deployment.active = false;
    deployment.escrowState = escrow;
    BigDecimal rest = deployment.funds;
    deployment.funds = BigDecimal.ZERO;
    account(deployment.owner).add(ACT, rest.longValue());
    for (Group group : deployment.groups) {
      group.state = "closed";
      group.order = "closed";
      for (Bid bid : group.bids) {
        if (bid.lease.equals("active")) {
          bid.lease = lease;
        }
        if (bid.state.equals("open") || bid.state.equals("active")) {
          bid.state = "closed";
        }
      }
    }
  }

  /// A decimal on the wire is the integer 10^18 times as large.
  static BigDecimal decimal(String digits) throws Refused {
    if (!digits.matches("[0-9]{1,40}")) {
      throw Refused.decoding("tx parse error: no decimal: " + digits);
    }
    return new BigDecimal(new BigInteger(digits)).divide(DEC);
  }

  /// What the chain is told to do wrong.
  static final class Faults {
    private final Set<String> losing = new HashSet<>();
    private final Map<String, Integer> failing = new HashMap<>();
    private final Map<String, Runnable> meanwhile = new HashMap<>();
    boolean mintHalted;

    synchronized void lose(String type) {
      losing.add(type);
    }

    synchronized boolean loses(String type) {
      return losing.remove(type);
    }

    synchronized void before(String type, Runnable what) {
      meanwhile.put(type, what);
    }

    synchronized void meanwhile(String type) {
      Runnable what = meanwhile.remove(type);
      if (what != null) {
        what.run();
      }
    }

    synchronized void fail(String type, int times) {
      failing.put(type, times);
    }

    synchronized void failDelivery(String type) throws Refused {
      int left = failing.getOrDefault(type, 0);
      if (left > 0) {
        failing.put(type, left - 1);
        throw new Refused(
            "market", 16, "failed to execute message; message index: 0: order closed");
      }
    }
  }
}
