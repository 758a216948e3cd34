package org.agentchat.akash.deployment;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.chain.Included;
import org.agentchat.akash.chain.Lease;
import org.agentchat.akash.chain.MintTerms;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.tx.Price;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;

/// A chain, its providers and a wallet in a few maps, with misfortune by lot. It has the rules that
/// decisions rely on and nothing else: no bytes, no sockets, no time but blocks.
final class World {
  private static final int MAX_INDEX_LAG = 2;
  private static final long FEE = 5_000;
  private static final List<String> PROVIDERS =
      List.of(
          "akash17wmxfkwz0fzd0unr7llelxldfa8ehjtspwxucp",
          "akash19w7sjv945pmmangv2z3rnchdqf0m954tn7qmmr",
          "akash1jqt6h6wl73wgazw89mg3s2qesm6hxyy7m5pned");

  /// How likely misfortunes are, in hundredths.
  private final int misfortune;

  private final Random random;
  long height = 1_000;
  long sequence = 7;
  long spentAkt;
  long spentAct;
  long act;
  int mints;
  long toppedUp;
  int updates;
  private final Map<String, Sent> sent = new TreeMap<>();
  private final List<Long> minting = new ArrayList<>();
  final Map<Long, Rented> rented = new TreeMap<>();
  private int names;

  private static final class Sent {
    private final Order order;
    private final long sequence;
    private final long timeout;
    private boolean inMempool;
    private @Nullable Included included;

    private Sent(Order order, long sequence, long timeout) {
      this.order = order;
      this.sequence = sequence;
      this.timeout = timeout;
    }
  }

  static final class Rented {
    private final long dseq;
    private final long createdAt;
    boolean active = true;
    private long deposited;
    private long funds;
    private ByteString hash;
    private boolean overdrawn;
    private int bids;
    private @Nullable String lessor;
    private boolean leaseActive;

    private Rented(long dseq, long createdAt, long deposit, ByteString hash) {
      this.deposited = deposit;
      this.funds = deposit;
      this.dseq = dseq;
      this.createdAt = createdAt;
      this.hash = hash;
    }
  }

  World(Random random, int misfortune, long act) {
    this.random = random;
    this.misfortune = misfortune;
    this.act = act;
  }

  boolean unlucky() {
    return random.nextInt(100) < misfortune;
  }

  // ---- what a process does

  /// Signs, or says why it would fail.
  Optional<Step.Signed> sign(Order order) {
    if (refusal(order).isPresent()) {
      return Optional.empty();
    }
    String hash = "H%05d".formatted(names++);
    sent.put(hash, new Sent(order, sequence, height + 20));
    return Optional.of(
        new Step.Signed(
            Kind.of(order),
            hash,
            "",
            sequence,
            height + 20,
            200_000,
            FEE,
            order instanceof Order.MintAct mint ? mint.burned().amount() : 0,
            order.moves().stream()
                .filter(coin -> coin.denom().equals(Coin.UACT))
                .mapToLong(Coin::amount)
                .sum()));
  }

  Optional<String> refusal(Order order) {
    return switch (order) {
      case Order.CreateDeployment create ->
          rented.containsKey(create.id().dseq())
              ? Optional.of("deployment exists")
              : act < create.deposit().amount()
                  ? Optional.of("insufficient funds")
                  : Optional.empty();
      case Order.CreateLease lease -> {
        Rented one = rented.get(lease.bid().deployment().dseq());
        yield one == null || !one.active || one.lessor != null
            ? Optional.of("order not open")
            : Optional.empty();
      }
      case Order.CloseDeployment close -> {
        Rented one = rented.get(close.id().dseq());
        yield one == null || !one.active ? Optional.of("deployment closed") : Optional.empty();
      }
      case Order.TopUp more -> {
        Rented one = rented.get(more.id().dseq());
        yield one == null || !one.active
            ? Optional.of("account closed")
            : act < more.deposit().amount()
                ? Optional.of("insufficient balance")
                : Optional.empty();
      }
      case Order.UpdateDeployment update -> {
        Rented one = rented.get(update.id().dseq());
        yield one == null || !one.active
            ? Optional.of("deployment closed")
            : one.hash.equals(update.manifestHash())
                ? Optional.of("deployment hash")
                : Optional.empty();
      }
      case Order.MintAct _ -> Optional.empty();
    };
  }

  Broadcast broadcast(String hash) {
    Sent one = sent.get(hash);
    if (one.included != null || one.sequence != sequence) {
      return new Broadcast.Refused(32, "sdk", "account sequence mismatch");
    }
    if (height >= one.timeout) {
      return new Broadcast.Refused(30, "sdk", "tx timeout height");
    }
    if (unlucky()) {
      return new Broadcast.Unknown("the line was cut before");
    }
    one.inMempool = true;
    return unlucky() ? new Broadcast.Unknown("the line was cut after") : new Broadcast.Taken();
  }

  ManifestAnswer manifest() {
    return switch (random.nextInt(unlucky() ? 3 : 1)) {
      case 1 -> new ManifestAnswer.NotYet("not yet");
      case 2 -> new ManifestAnswer.Refused("never");
      default -> new ManifestAnswer.Taken();
    };
  }

  // ---- what happens anyway

  void block() {
    height++;
    sent.values().stream()
        .filter(one -> one.inMempool && one.included == null)
        .toList()
        .forEach(this::include);
    if (unlucky() && random.nextInt(4) == 0) {
      sequence++;
    }
    minting.removeIf(due -> {
      if (height >= due) {
        act += 10_000_000;
      }
      return height >= due;
    });
    rented.values().forEach(this::live);
  }

  private void include(Sent one) {
    if (unlucky()) {
      one.inMempool = false;
      return;
    }
    if (one.sequence != sequence || height > one.timeout) {
      one.inMempool = false;
      return;
    }
    sequence++;
    spentAkt += FEE;
    boolean fails = unlucky() || refusal(one.order).isPresent();
    one.included =
        new Included(height, fails ? (random.nextBoolean() ? 11 : 16) : 0, "sdk", "misfortune");
    if (!fails) {
      carryOut(one.order);
    }
  }

  private void carryOut(Order order) {
    switch (order) {
      case Order.MintAct mint -> {
        mints++;
        spentAkt += mint.burned().amount();
        minting.add(height + 10);
      }
      case Order.CreateDeployment create -> {
        long deposit = create.deposit().amount();
        act -= deposit;
        spentAct += deposit;
        rented.put(
            create.id().dseq(),
            new Rented(create.id().dseq(), height, deposit, create.manifestHash()));
      }
      case Order.CreateLease lease -> {
        Rented one = rented.get(lease.bid().deployment().dseq());
        one.lessor = lease.bid().provider().text();
        one.leaseActive = true;
      }
      case Order.CloseDeployment close -> end(rented.get(close.id().dseq()));
      case Order.TopUp more -> {
        act -= more.deposit().amount();
        spentAct += more.deposit().amount();
        toppedUp += more.deposit().amount();
        Rented one = rented.get(more.id().dseq());
        one.funds += more.deposit().amount();
        one.deposited += more.deposit().amount();
      }
      case Order.UpdateDeployment update -> {
        updates++;
        rented.get(update.id().dseq()).hash = update.manifestHash();
      }
    }
  }

  private void end(Rented one) {
    one.active = false;
    one.leaseActive = false;
    act += one.funds;
    spentAct -= one.funds;
  }

  private void live(Rented one) {
    if (!one.active) {
      return;
    }
    if (one.bids < PROVIDERS.size() && random.nextInt(3) == 0) {
      one.bids++;
    }
    if (one.leaseActive) {
      one.funds -= Math.min(one.funds, 10);
      if (unlucky() && random.nextInt(20) == 0) {
        one.leaseActive = false;
      }
      if (unlucky() && random.nextInt(20) == 0) {
        one.funds = 0;
        one.overdrawn = true;
        end(one);
      }
    }
  }

  /// Whether some transaction could still change anything.
  boolean isCalm() {
    return sent.values().stream()
        .allMatch(one -> one.included != null || one.sequence < sequence || height >= one.timeout);
  }

  // ---- what is seen

  /// What a process remembers while it lives.
  static final class Memory {
    private View.@Nullable Refusal refusal;
    private final Map<String, Broadcast.Refused> refused = new HashMap<>();
    private @Nullable Long passedSince;
    private @Nullable Long silentSince;
    private final Map<Integer, ManifestAnswer> manifests = new HashMap<>();

    void remember(View.Refusal what) {
      refusal = what;
    }

    void remember(String hash, Broadcast.Refused what) {
      refused.put(hash, what);
    }

    void remember(int gseq, ManifestAnswer what) {
      manifests.put(gseq, what);
    }
  }

  View look(DeploymentRecord record, Memory memory) {
    Optional<Fate.Sight> sight = record.pending().map(signed -> sight(signed, memory));
    Optional<Rented> one = record.id().map(id -> rented.get(id.dseq()));
    boolean silent = record.phase() == Phase.RUNNING && unlucky();
    memory.silentSince =
        !silent ? null : memory.silentSince == null ? Long.valueOf(height) : memory.silentSince;
    return new View(
        height,
        0,
        sight,
        Optional.of(Balances.of(40_000_000, act)),
        Optional.of(
            new MintTerms(!unlucky(), "by lot", 10_000_000, 25, Optional.of(BigDecimal.ONE))),
        one.map(this::state),
        one.map(World::bids).orElse(List.of()),
        providers(),
        one.map(World::leases).orElse(List.of()),
        Optional.ofNullable(memory.refusal),
        Map.copyOf(memory.manifests),
        silent
            ? Map.of()
            : Map.of(
                1,
                new LeaseStatus(
                    DecisionSimulationTest.manifest(record.sdl()).replicas(1).entrySet().stream()
                        .map(service ->
                            new LeaseStatus.Service(
                                service.getKey(),
                                service.getValue(),
                                service.getValue(),
                                service.getValue(),
                                List.of("u")))
                        .toList(),
                    List.of())),
        Optional.ofNullable(memory.silentSince),
        Math.max(height, record.id().map(id -> id.dseq() + 1).orElse(0L)));
  }

  /// The index is behind by lot.
  private Fate.Sight sight(Step.Signed signed, Memory memory) {
    Included included = sent.get(signed.hash()).included;
    if (sequence > signed.sequence() && memory.passedSince == null) {
      memory.passedSince = height;
    }
    boolean indexed =
        included != null && included.height() + random.nextInt(MAX_INDEX_LAG + 1) <= height;
    return new Fate.Sight(
        indexed ? Optional.of(included) : Optional.empty(),
        sequence,
        Optional.ofNullable(memory.passedSince),
        Optional.ofNullable(memory.refused.get(signed.hash())));
  }

  private DeploymentState state(Rented one) {
    return new DeploymentState(
        id(one),
        one.active,
        one.hash,
        one.createdAt,
        BigDecimal.valueOf(one.active ? one.funds : 0),
        BigDecimal.valueOf(one.deposited - one.funds),
        one.overdrawn);
  }

  private static DeploymentId id(Rented one) {
    return new DeploymentId(new Address(Stage.OWNER), one.dseq);
  }

  private static BidId bid(Rented one, String provider) {
    return new BidId(id(one), 1, 1, new Address(provider), 0);
  }

  private static Price price(int index) {
    return new Price("uact", BigDecimal.valueOf(10L + index));
  }

  private static List<Bid> bids(Rented one) {
    List<Bid> bids = new ArrayList<>();
    for (int i = 0; i < one.bids; i++) {
      bids.add(new Bid(bid(one, PROVIDERS.get(i)), price(i), one.lessor == null));
    }
    return bids;
  }

  private static List<Lease> leases(Rented one) {
    return one.lessor == null
        ? List.of()
        : List.of(new Lease(bid(one, one.lessor), price(0), one.leaseActive ? "active" : "closed"));
  }

  private static Map<String, Provider> providers() {
    Map<String, Provider> providers = new TreeMap<>();
    for (String one : PROVIDERS) {
      providers.put(one, new Provider(new Address(one), "https://x", new TreeMap<>(), List.of()));
    }
    return providers;
  }
}
