package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.tlog.Checkpoint;
import org.jspecify.annotations.Nullable;

/// Folds a log anew and says where it, or what a ledger published of it, is not right. Pure: it is
/// given entries, it gives findings.
///
/// Every signature, every rule, every rating and every receipt is recomputed from the entries
/// alone. Without a [Publication] only the log's own soundness is judged: that nobody left anything
/// out can only be seen against what was published.
public final class Auditor {
  /// Faults kept, and as many refusals, the first ones of each; the rest are counted.
  public static final int MAX_FINDINGS = 1_000;

  private final Optional<Publication> published;
  private final Ledger ledger = new Ledger();
  private final List<Finding> faultsKept = new ArrayList<>();
  private final List<Finding> refusalsKept = new ArrayList<>();

  /// By proposal: where its receipt was issued, and a hash of it. Empty when nothing is compared.
  private final Map<String, Issued> receipts = new LinkedHashMap<>();

  private final Map<Long, String> leafHashes = new TreeMap<>();
  private final Set<Finding.Kind> kinds = EnumSet.noneOf(Finding.Kind.class);
  private long faults;
  private long refusals;
  private long signatures;
  private long loose;
  private boolean compared;
  private boolean agentsCompared;
  private @Nullable Finding first;

  private record Issued(long index, String hash) {
    static Issued of(Receipt receipt) {
      byte[] hash = Sha256.of(Json.bytes(receipt));
      return new Issued(receipt.index(), HexFormat.of().formatHex(hash));
    }
  }

  /// @param published what the log is held against, if anything
  public Auditor(Optional<Publication> published) {
    this.published = published;
    published.ifPresent(claim -> claim.receipts().forEach(this::expect));
    compareWhenDue();
  }

  /// Notes the leaf hashes that a published receipt names.
  private void expect(Receipt receipt) {
    receipt.legs().forEach(leg -> leafHashes.putIfAbsent(leg.index(), leg.leafHash()));
  }

  /// Judges the next entry. One whose index is not the next one is judged where it stands: the
  /// source has said that entries are missing.
  public void read(Entry entry) {
    String expected = leafHashes.get(entry.index());
    if (expected != null && !expected.equals(entry.hash().toString())) {
      differs(entry.index(), entry.hash(), expected);
    }
    boolean within = published.map(claim -> entry.index() < claim.size()).orElse(false);
    Applied applied = ledger.apply(new Entry(ledger.size(), entry.hash(), entry.content()));
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.Refused(Refusal refusal) -> refused(entry.index(), refusal);
        case Effect.ReceiptIssued issued -> {
          if (within) {
            keep(issued.receipt());
          }
        }
        case Effect.LogNamed _,
            Effect.AgentKnown _,
            Effect.ProposalOpened _,
            Effect.ProposalAccepted _,
            Effect.ProposalRejected _,
            Effect.ProposalExpired _,
            Effect.ProposalCompleted _,
            Effect.ProposalDisputed _,
            Effect.StakeEscrowed _,
            Effect.StakeSettled _,
            Effect.SkillsRegistered _,
            Effect.KeyRotated _,
            Effect.KeyRevoked _,
            Effect.RatingChanged _,
            Effect.RatingsCommitted _,
            Effect.DeploymentObserved _,
            CourtEffect _,
            EscrowEffect _ -> {}
      }
    }
    if (entry.content() instanceof Entry.Content.Sound sound && isSigned(sound.event())) {
      signatures++;
      loose += isLoose(sound.event()) ? 1 : 0;
    }
    compareWhenDue();
  }

  private void keep(Receipt receipt) {
    receipts.put(receipt.proposalId(), Issued.of(receipt));
  }

  private static boolean isLoose(Event event) {
    return event instanceof Event.Stated stated
        && stated.signed().scheme() instanceof Scheme.Joined;
  }

  private static boolean isSigned(Event event) {
    return switch (event) {
      case Event.Stated _, Event.RatingsCommitted _ -> true;
      case Event.Genesis _, Event.PanelNonce _, Event.Tick _ -> false;
    };
  }

  /// Compares once the fold is where the ledger was when it published, be it at no entry at all.
  private void compareWhenDue() {
    published.filter(claim -> claim.size() == ledger.size()).ifPresent(this::compare);
    published.filter(claim -> claim.sizeOfAgents() == ledger.size()).ifPresent(this::compareAgents);
  }

  /// Holds an entry of the log against the ledger's own copy of it.
  public void compareEntry(long index, LeafHash inLog, LeafHash inLedger) {
    if (!inLog.equals(inLedger)) {
      differs(index, inLog, inLedger.toString());
    }
  }

  /// Holds all that was read against a checkpoint of it.
  ///
  /// @param trusted whether somebody vouches for the checkpoint
  public void compareHead(Checkpoint checkpoint, boolean trusted) {
    String root = checkpoint.head().root().toString();
    if (ledger.size() < checkpoint.head().size()) {
      report(
          Finding.Kind.ENTRIES_MISSING,
          ledger.size(),
          "the checkpoint covers %d entries".formatted(checkpoint.head().size()));
    } else if (!ledger.rootHash().equals(root)) {
      report(
          Finding.Kind.ROOT_DIFFERS,
          -1,
          "the entries have the root %s, the checkpoint says %s"
              .formatted(ledger.rootHash(), root));
    }
    if (!ledger.origin().equals(Optional.of(checkpoint.origin()))) {
      report(
          Finding.Kind.ROOT_DIFFERS,
          -1,
          "the log calls itself %s, the checkpoint is for %s"
              .formatted(ledger.origin().orElse("nothing"), checkpoint.origin()));
    }
    compared |= trusted;
  }

  /// Reports that the log is not the one of which somebody remembers a checkpoint.
  public void forked(String sentence) {
    report(Finding.Kind.FORKED, -1, sentence);
  }

  /// Reports what the log's reader noticed, such as a missing line.
  public void missing(long index, String sentence) {
    report(Finding.Kind.ENTRIES_MISSING, index, sentence);
  }

  /// Says that the log has ended: what was published beyond its end is missing.
  public void finish() {
    published
        .filter(claim -> !compared)
        .ifPresent(claim ->
            report(
                Finding.Kind.ENTRIES_MISSING,
                ledger.size(),
                "the log has " + ledger.size() + " entries, the ledger published " + claim.size()));
    published
        .filter(claim -> compared && claim.sizeOfAgents() > ledger.size())
        .ifPresent(claim ->
            report(
                Finding.Kind.ENTRIES_MISSING,
                ledger.size(),
                "the log has "
                    + ledger.size()
                    + " entries, the ledger told of its agents when it had "
                    + claim.sizeOfAgents()));
  }

  private void compare(Publication claim) {
    compared = true;
    String origin = ledger.origin().orElse("");
    if (!claim.origin().equals(origin)) {
      report(
          Finding.Kind.ROOT_DIFFERS,
          0,
          "the log is called " + origin + ", the ledger's " + claim.origin());
    }
    if (!claim.rootHash().equals(ledger.rootHash())) {
      report(
          Finding.Kind.ROOT_DIFFERS,
          -1,
          "the first "
              + claim.size()
              + " entries have the root "
              + ledger.rootHash()
              + ", published is "
              + claim.rootHash()
              + ": entries were altered, dropped, added or reordered");
    }
    if (!claim.stateHash().equals(ledger.stateHash())) {
      report(
          Finding.Kind.STATE_DIFFERS,
          -1,
          "folding the log gives the state "
              + ledger.stateHash()
              + ", published is "
              + claim.stateHash());
    }
    compareReceipts(claim);
  }

  private void compareAgents(Publication claim) {
    agentsCompared = true;
    Set<AgentId> seen = new HashSet<>();
    for (Publication.Standing standing : claim.agents()) {
      Optional<Publication.Standing> folded = ledger.account(standing.id()).map(Auditor::standing);
      if (!seen.add(standing.id())) {
        report(Finding.Kind.RATING_DIFFERS, -1, standing.id() + " is published twice");
      } else if (folded.isEmpty()) {
        report(Finding.Kind.RATING_DIFFERS, -1, standing.id() + " is not in the log");
      } else if (!agree(folded.get(), standing)) {
        report(
            Finding.Kind.RATING_DIFFERS,
            -1,
            standing.id()
                + ": the log gives "
                + words(folded.get())
                + ", published is "
                + words(standing));
      }
    }
    for (Account account : ledger.accounts()) {
      if (!seen.contains(account.id())) {
        report(
            Finding.Kind.RATING_DIFFERS,
            -1,
            account.id()
                + ": the log gives "
                + words(standing(account))
                + ", published is nothing");
      }
    }
  }

  /// Of what the publication is silent about nothing is held against it.
  private static boolean agree(Publication.Standing folded, Publication.Standing published) {
    return folded.rating() == published.rating()
        && folded.transactions() == published.transactions()
        && folded.staked() == published.staked()
        && (published.skills() == null || published.skills().equals(folded.skills()));
  }

  private static Publication.Standing standing(Account account) {
    SortedMap<String, Publication.Skill> skills = new TreeMap<>();
    account
        .skills()
        .forEach((capability, skill) ->
            skills.put(capability, new Publication.Skill(skill.rating(), skill.transactions())));
    return new Publication.Standing(
        account.id(), account.rating(), account.transactions(), account.staked(), skills);
  }

  private static String words(Publication.Standing standing) {
    StringBuilder words = new StringBuilder();
    words.append("rating ").append(standing.rating());
    words.append(", ").append(standing.transactions()).append(" transactions, ");
    words.append(standing.staked()).append(" staked");
    if (standing.skills() != null) {
      standing
          .skills()
          .forEach((capability, skill) ->
              words
                  .append(", ")
                  .append(capability)
                  .append(' ')
                  .append(skill.rating())
                  .append(" after ")
                  .append(skill.transactions()));
    }
    return words.toString();
  }

  private void compareReceipts(Publication claim) {
    Set<String> seen = new HashSet<>();
    for (Receipt receipt : claim.receipts()) {
      Issued folded = receipts.get(receipt.proposalId());
      if (!seen.add(receipt.proposalId())) {
        report(
            Finding.Kind.RECEIPT_DIFFERS,
            receipt.index(),
            "the receipt of " + receipt.proposalId() + " is published twice");
      } else if (folded == null) {
        report(
            Finding.Kind.RECEIPT_DIFFERS,
            receipt.index(),
            "the log gives no receipt for " + receipt.proposalId() + ", one is published");
      } else if (!folded.equals(Issued.of(receipt))) {
        report(
            Finding.Kind.RECEIPT_DIFFERS,
            receipt.index(),
            "the receipt of " + receipt.proposalId() + " is not the one that the log gives");
      }
    }
    receipts.forEach((proposal, folded) -> {
      if (!seen.contains(proposal)) {
        report(
            Finding.Kind.RECEIPT_DIFFERS,
            folded.index(),
            "the receipt of " + proposal + " is not published");
      }
    });
  }

  private void refused(long index, Refusal refusal) {
    switch (refusal.code()) {
      case MALFORMED -> report(Finding.Kind.MALFORMED, index, refusal.detail());
      case FALSE_RATINGS_ROOT -> report(Finding.Kind.FALSE_RATINGS, index, refusal.detail());
      case BAD_SIGNATURE -> report(Finding.Kind.FORGED, index, refusal.detail());
      default -> refused(index, refusal.code() + ": " + refusal.detail());
    }
  }

  private void differs(long index, LeafHash found, String expected) {
    report(
        Finding.Kind.ENTRY_DIFFERS,
        index,
        "the log's entry has the leaf hash " + found + ", published is " + expected);
  }

  private void refused(long index, String sentence) {
    refusals++;
    keep(new Finding(Finding.Kind.REFUSED, index, sentence), refusalsKept);
  }

  private void report(Finding.Kind kind, long index, String sentence) {
    Finding fault = new Finding(kind, index, sentence);
    faults++;
    kinds.add(kind);
    if (index >= 0 && (first == null || index < first.index())) {
      first = fault;
    }
    keep(fault, faultsKept);
  }

  private static void keep(Finding finding, List<Finding> kept) {
    if (kept.size() < MAX_FINDINGS) {
      kept.add(finding);
    }
  }

  /// The findings so far: the faults in the order in which they were made, at most [#MAX_FINDINGS],
  /// then what the rules refused, as many at the most.
  public List<Finding> findings() {
    return Stream.concat(faultsKept.stream(), refusalsKept.stream()).toList();
  }

  /// How many findings an honest log would not have; 0 means that everything holds.
  public long faults() {
    return faults;
  }

  /// How many events the rules refused: in an honest log that happens.
  public long refusals() {
    return refusals;
  }

  /// Whether there is a fault of the kind, be it among those that are kept or not.
  public boolean has(Finding.Kind kind) {
    return kinds.contains(kind);
  }

  /// The first entry that a fault names, if any does.
  public Optional<Finding> firstDifference() {
    return Optional.ofNullable(first);
  }

  /// How many signatures were found valid.
  public long signatures() {
    return signatures;
  }

  /// How many of them bind neither the log nor a time (`agentchat/1`): whoever may write to the log
  /// can record such a statement once more.
  public long looseSignatures() {
    return loose;
  }

  /// Whether every agent's rating was held against a publication's.
  public boolean isEveryRatingCompared() {
    return agentsCompared;
  }

  /// Whether the log was held against a publication.
  public boolean isCompared() {
    return compared;
  }

  /// The fold, as far as it has come.
  public Ledger ledger() {
    return ledger;
  }
}
