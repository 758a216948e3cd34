package org.agentchat.akash.deployment;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agentchat.akash.chain.Account;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.Block;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.chain.Included;
import org.agentchat.akash.chain.Lease;
import org.agentchat.akash.chain.MintTerms;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;

/// Looks at the network as far as a phase needs it, and remembers, for as long as the process
/// lives, what only it can know: answers that it got, and since when something is so.
final class Eyes {
  private final ChainClient chain;
  private final Providers providers;
  private final Clock clock;
  private final Set<Long> usedNumbers;
  private final Map<Integer, ManifestAnswer> manifests = new HashMap<>();
  private View.@Nullable Refusal refusal;
  private Broadcast.@Nullable Refused refused;
  private @Nullable String refusedHash;
  private @Nullable Long passedSince;
  private @Nullable Long silentSince;
  private long nowMs;

  /// @param usedNumbers of deployments of the same owner
  Eyes(ChainClient chain, Providers providers, Clock clock, Set<Long> usedNumbers) {
    this.chain = chain;
    this.providers = providers;
    this.clock = clock;
    this.usedNumbers = usedNumbers;
  }

  /// What an order came to that was not signed.
  void remember(View.Refusal what) {
    refusal = what;
  }

  /// What the node said to a transaction that this process signed and sent for the first time.
  void remember(String hash, Broadcast.Refused what) {
    refusedHash = hash;
    refused = what;
  }

  void remember(int gseq, ManifestAnswer answer) {
    manifests.put(gseq, answer);
  }

  /// After a step everything is new.
  void forget() {
    refusal = null;
    refused = null;
    refusedHash = null;
    passedSince = null;
    silentSince = null;
    manifests.clear();
  }

  View look(DeploymentRecord record) {
    Address owner = new Address(record.plan().owner());
    // The height comes first: whatever is seen afterwards is of this block or of a later one.
    Block block = chain.block();
    long height = block.height();
    // A clock that jumps, or a node that does, closes nothing: both must say so.
    nowMs = Math.min(clock.millis(), block.atMs());
    Optional<Fate.Sight> pending = record.pending().map(signed -> sight(owner, signed, height));
    if (pending.isPresent()) {
      return view(record, height, pending);
    }
    return switch (record.phase()) {
      case PLANNED ->
          money(record, height, Optional.of(chain.balances(owner)), Optional.of(chain.mintTerms()));
      case MINTING -> money(record, height, Optional.of(chain.balances(owner)), Optional.empty());
      case CREATING, CLOSING -> view(record, height, Optional.empty());
      case BIDDING -> bids(record, height);
      case LEASING -> leases(record, height, false, Optional.empty(), Optional.empty());
      case SENDING_MANIFEST -> leases(record, height, true, Optional.empty(), Optional.empty());
      case RUNNING -> running(record, owner, height);
      case CLOSED, FAILED -> view(record, height, Optional.empty());
    };
  }

  private Fate.Sight sight(Address owner, Step.Signed signed, long height) {
    // The sequence comes first: if it is beyond, a block before now has somebody's transaction.
    long sequence = chain.account(owner).map(Account::sequence).orElse(0L);
    Optional<Included> included = chain.transaction(signed.hash());
    if (sequence > signed.sequence() && passedSince == null) {
      passedSince = height;
    }
    return new Fate.Sight(
        included,
        sequence,
        Optional.ofNullable(passedSince),
        signed.hash().equals(refusedHash) ? Optional.ofNullable(refused) : Optional.empty());
  }

  private View view(DeploymentRecord record, long height, Optional<Fate.Sight> pending) {
    return assemble(
        height,
        pending,
        Optional.empty(),
        Optional.empty(),
        deployment(record),
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        record);
  }

  private Optional<DeploymentState> deployment(DeploymentRecord record) {
    return record.id().flatMap(chain::deployment);
  }

  private View money(
      DeploymentRecord record, long height, Optional<Balances> balances, Optional<MintTerms> mint) {
    return assemble(
        height,
        Optional.empty(),
        balances,
        mint,
        Optional.empty(),
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        record);
  }

  private View bids(DeploymentRecord record, long height) {
    DeploymentId id = record.id().orElseThrow();
    List<Bid> bids = chain.bids(id);
    Map<String, Provider> known = new HashMap<>();
    for (Bid bid : bids) {
      chain.provider(bid.id().provider()).ifPresent(one -> known.put(one.owner().text(), one));
    }
    return assemble(
        height,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        deployment(record),
        bids,
        known,
        List.of(),
        Map.of(),
        record);
  }

  /// A provider is asked how it does unless a change is under way that does not depend on that.
  private View running(DeploymentRecord record, Address owner, long height) {
    return switch (record.amendment().orElse(null)) {
      case null -> leases(record, height, true, Optional.empty(), Optional.empty());
      case Amendment.TopUp topUp ->
          leases(
              record,
              height,
              false,
              Optional.of(chain.balances(owner)),
              topUp.mayBurn() ? Optional.of(chain.mintTerms()) : Optional.empty());
      case Amendment.Update update ->
          leases(record, height, update.isHandedOver(), Optional.empty(), Optional.empty());
    };
  }

  private View leases(
      DeploymentRecord record,
      long height,
      boolean ask,
      Optional<Balances> balances,
      Optional<MintTerms> mint) {
    List<Lease> leases = chain.leases(record.id().orElseThrow());
    Map<Integer, LeaseStatus> health = new HashMap<>();
    if (ask) {
      for (Step.Chosen one : record.chosen().values()) {
        // Whoever did not take the manifest of an update still runs the one before.
        if (record.hasManifest(one.gseq()) || record.phase() == Phase.RUNNING) {
          status(record, one).ifPresent(status -> health.put(one.gseq(), status));
        }
      }
      boolean silent = health.size() < record.chosen().size();
      if (!silent) {
        silentSince = null;
      } else if (silentSince == null) {
        silentSince = height;
      }
    }
    return assemble(
        height,
        Optional.empty(),
        balances,
        mint,
        deployment(record),
        List.of(),
        Map.of(),
        leases,
        health,
        record);
  }

  private Optional<LeaseStatus> status(DeploymentRecord record, Step.Chosen one) {
    try {
      return providers.of(new Address(one.provider())).status(record.bid(one));
    } catch (ProviderException _) {
      // That it does not answer is what the view says.
      return Optional.empty();
    }
  }

  private View assemble(
      long height,
      Optional<Fate.Sight> pending,
      Optional<Balances> balances,
      Optional<MintTerms> mint,
      Optional<DeploymentState> deployment,
      List<Bid> bids,
      Map<String, Provider> known,
      List<Lease> leases,
      Map<Integer, LeaseStatus> health,
      DeploymentRecord record) {
    return new View(
        height,
        nowMs,
        pending,
        balances,
        mint,
        deployment,
        bids,
        known,
        leases,
        Optional.ofNullable(refusal),
        Map.copyOf(manifests),
        health,
        Optional.ofNullable(silentSince),
        freeNumber(height, record));
  }

  private long freeNumber(long height, DeploymentRecord record) {
    long number = Math.max(height, record.id().map(id -> id.dseq() + 1).orElse(0L));
    while (usedNumbers.contains(number)) {
      number++;
    }
    return number;
  }
}
