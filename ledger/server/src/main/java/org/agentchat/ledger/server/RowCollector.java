package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Tenure;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.jspecify.annotations.Nullable;

/// Gathers what entries change, and keeps of each row only its last state: no key appears twice in
/// one batch, which PostgreSQL would refuse.
final class RowCollector {
  /// Receipts in one batch, in characters of JSON; a batch may exceed it by one entry's.
  private static final long MAX_RECEIPT_CHARS = 16L * 1024 * 1024;

  private final long from;
  private final NavigableMap<AgentId, Long> named = new TreeMap<>();

  /// Capabilities whose ratings moved, by a name of the agent.
  private final NavigableMap<AgentId, SortedSet<String>> touched = new TreeMap<>();

  /// Keys that came or went, with the text of the entry that ended them.
  private final NavigableMap<AgentId, Optional<String>> keys = new TreeMap<>();

  private final List<Row.AgentEntryRow> agentEntries = new ArrayList<>();
  private final List<RatingChange> ratingChanges = new ArrayList<>();
  private final Map<String, Row.ProposalRow> proposals = new LinkedHashMap<>();
  private final Map<String, Row.DisputeRow> disputes = new LinkedHashMap<>();
  private final List<IssuedReceipt> receipts = new ArrayList<>();
  private long receiptChars;
  private final List<BoundWallet> wallets = new ArrayList<>();
  private final Map<String, Row.EscrowRow> escrows = new LinkedHashMap<>();
  private final List<Row.SightingRow> sightings = new ArrayList<>();
  private final Map<String, Row.DeploymentRow> deployments = new LinkedHashMap<>();
  private final List<Row.DeploymentStatementRow> deploymentStatements = new ArrayList<>();

  private record RatingChange(long index, int seq, long at, Effect.RatingChanged change) {}

  private record IssuedReceipt(Receipt receipt, String json) {}

  private record BoundWallet(EscrowEffect.WalletBound bound, String event) {}

  /// @param from index of the first entry
  RowCollector(long from) {
    this.from = from;
  }

  boolean isFull() {
    return receiptChars >= MAX_RECEIPT_CHARS;
  }

  void add(Applied applied) {
    long index = applied.entry().index();
    applied
        .named()
        .forEach(agent -> agentEntries.add(new Row.AgentEntryRow(agent.toString(), index)));
    int seq = 0;
    for (Effect effect : applied.effects()) {
      add(applied, seq, effect);
      seq++;
    }
  }

  private void add(Applied applied, int seq, Effect effect) {
    switch (effect) {
      case Effect.LogNamed _, Effect.RatingsCommitted _, Effect.Refused _ -> {}
      case Effect.AgentKnown(AgentKey key) -> {
        named.put(key.id(), applied.entry().index());
        keys.put(key.id(), Optional.empty());
      }
      case Effect.KeyRotated(AgentKey old, AgentKey next) -> {
        end(old, applied.entry());
        keys.put(next.id(), Optional.empty());
      }
      case Effect.KeyRevoked revoked -> end(revoked.key(), applied.entry());
      case Effect.ProposalOpened(Proposal proposal) -> keep(proposal);
      case Effect.ProposalAccepted(Proposal proposal) -> keep(proposal);
      case Effect.ProposalRejected(Proposal proposal) -> keep(proposal);
      case Effect.ProposalExpired(Proposal proposal) -> keep(proposal);
      case Effect.ProposalCompleted completed -> keep(completed.proposal());
      case Effect.ProposalDisputed disputed -> keep(disputed.proposal());
      case Effect.StakeEscrowed(Proposal proposal) -> touchSides(proposal);
      case Effect.StakeSettled settled -> settle(settled.proposal());
      case Effect.RatingChanged changed -> change(applied, seq, changed);
      case Effect.SkillsRegistered registered -> touch(registered.agent());
      case Effect.ReceiptIssued issued -> keep(issued.receipt());
      case CourtEffect court -> add(court);
      case EscrowEffect escrow -> add(applied.entry(), escrow);
      case Effect.DeploymentObserved observed -> add(applied, observed);
    }
  }

  private void end(AgentKey key, Entry entry) {
    keys.put(key.id(), Optional.of(text(entry)));
    touch(key.id());
  }

  /// The exact text of an entry that had an effect.
  private static String text(Entry entry) {
    if (!(entry.content() instanceof Entry.Content.Sound(Event event))) {
      throw new IllegalStateException("entry " + entry.index() + " is no event and did something");
    }
    return new String(EventCodec.encode(event), StandardCharsets.UTF_8);
  }

  private void add(Entry entry, EscrowEffect effect) {
    switch (effect) {
      case EscrowEffect.WalletBound bound -> wallets.add(new BoundWallet(bound, text(entry)));
      case EscrowEffect.EscrowLocked seen -> see(entry, seen, escrow(seen).locked());
      case EscrowEffect.EscrowSettled seen -> see(entry, seen, escrow(seen).ended());
      case EscrowEffect.EscrowRefunded seen -> see(entry, seen, escrow(seen).ended());
    }
  }

  /// The deal itself stands as it stood; when it is finished, the effect has it without its texts.
  private void see(Entry entry, EscrowEffect.Observed effect, Escrow.@Nullable Sighting sighting) {
    if (sighting == null) {
      throw new IllegalStateException("entry " + entry.index() + " was seen by nobody");
    }
    keepEscrow(effect.proposal());
    sightings.add(
        new Row.SightingRow(sighting, escrow(effect).changedAt(), effect.by(), text(entry)));
  }

  private static Escrow escrow(EscrowEffect.Observed effect) {
    return Objects.requireNonNull(effect.proposal().escrow(), effect.proposal().id());
  }

  private void keepEscrow(Proposal proposal) {
    Escrow escrow = proposal.escrow();
    if (escrow != null) {
      escrows.put(proposal.id(), new Row.EscrowRow(proposal.id(), escrow));
    }
  }

  private void add(Applied applied, Effect.DeploymentObserved observed) {
    Row.DeploymentRow row = Row.DeploymentRow.of(observed.deployment(), applied.at());
    deployments.compute(row.proposalId(), (_, before) -> row.after(before));
    deploymentStatements.add(
        new Row.DeploymentStatementRow(
            applied.entry().index(),
            applied.at(),
            observed.by(),
            observed.said(),
            text(applied.entry())));
  }

  private void add(CourtEffect effect) {
    keep(effect.dispute());
    switch (effect) {
      case CourtEffect.DisputeFiled filed -> keep(filed.proposal());
      case CourtEffect.DisputeFellBack closed -> keep(closed.proposal());
      case CourtEffect.VerdictReached reached -> keep(reached.proposal());
      case CourtEffect.NonceRevealed _,
          CourtEffect.PanelFormed _,
          CourtEffect.ArbiterAccepted _,
          CourtEffect.ArbiterReplaced _,
          CourtEffect.EvidenceOpened _,
          CourtEffect.EvidenceGiven _,
          CourtEffect.VotingOpened _,
          CourtEffect.VoteCast _ -> {}
    }
  }

  /// Whoever has a part in the case may have points held or freed by it.
  private void keep(Dispute dispute) {
    touch(dispute.disputant());
    dispute.panel().arbiters().forEach(this::touch);
    disputes.put(dispute.id(), new Row.DisputeRow(dispute));
  }

  private void keep(Proposal proposal) {
    proposals.put(proposal.id(), Row.ProposalRow.of(proposal));
    keepEscrow(proposal);
  }

  /// The stakes of a deal that still stands were let go by time alone; the effect shows the deal as
  /// it was before.
  private void settle(Proposal proposal) {
    if (proposal.status().isOpen()) {
      proposals.put(proposal.id(), Row.ProposalRow.released(proposal));
    }
    touchSides(proposal);
  }

  private void change(Applied applied, int seq, Effect.RatingChanged changed) {
    SortedSet<String> skills = touch(changed.agent());
    if (changed.capability() != null) {
      skills.add(changed.capability());
    }
    ratingChanges.add(new RatingChange(applied.entry().index(), seq, applied.at(), changed));
  }

  private void keep(Receipt receipt) {
    String json = Json.text(receipt);
    receipts.add(new IssuedReceipt(receipt, json));
    receiptChars += json.length();
  }

  private void touchSides(Proposal proposal) {
    touch(proposal.from());
    touch(proposal.to());
  }

  private SortedSet<String> touch(AgentId agent) {
    return touched.computeIfAbsent(agent, _ -> new TreeSet<>());
  }

  /// What was gathered, with every account as the fold has it now.
  Batch batch(Ledger ledger, Position to) {
    named.keySet().forEach(this::touch);
    List<Row.AgentRow> agents = new ArrayList<>();
    List<Row.SkillRow> skills = new ArrayList<>();
    capabilities(ledger)
        .forEach((first, capabilities) -> {
          Account account = ledger.account(first).orElseThrow();
          agents.add(new Row.AgentRow(account, named.getOrDefault(first, -1L)));
          for (String capability : capabilities) {
            Account.Skill skill = account.skills().get(capability);
            if (skill == null) {
              throw new IllegalStateException(first + " has no rating in " + capability);
            }
            skills.add(new Row.SkillRow(first.toString(), capability, skill));
          }
        });
    return new Batch(
        from,
        to,
        agents,
        agentEntries,
        keyRows(ledger),
        skills,
        ratingChanges.stream().map(change -> row(ledger, change)).toList(),
        List.copyOf(proposals.values()),
        List.copyOf(disputes.values()),
        receipts.stream().map(receipt -> row(ledger, receipt)).toList(),
        wallets.stream().map(wallet -> row(ledger, wallet)).toList(),
        List.copyOf(escrows.values()),
        List.copyOf(sightings),
        List.copyOf(deployments.values()),
        List.copyOf(deploymentStatements));
  }

  /// An account may have been touched under several of its names.
  private NavigableMap<AgentId, SortedSet<String>> capabilities(Ledger ledger) {
    NavigableMap<AgentId, SortedSet<String>> byAccount = new TreeMap<>();
    touched.forEach((id, capabilities) ->
        byAccount.computeIfAbsent(first(ledger, id), _ -> new TreeSet<>()).addAll(capabilities));
    return byAccount;
  }

  private List<Row.KeyRow> keyRows(Ledger ledger) {
    List<Row.KeyRow> rows = new ArrayList<>();
    keys.forEach((id, endEvent) -> {
      Account account = ledger.account(id).orElseThrow();
      Tenure tenure = account.tenure(id).orElseThrow();
      int seq = account.keys().indexOf(tenure);
      rows.add(new Row.KeyRow(account.first().toString(), seq, tenure, endEvent.orElse(null)));
    });
    return rows;
  }

  private static Row.RatingChangeRow row(Ledger ledger, RatingChange change) {
    AgentId agent = first(ledger, change.change().agent());
    return new Row.RatingChangeRow(
        change.index(), change.seq(), change.at(), agent.toString(), change.change());
  }

  private static Row.ReceiptRow row(Ledger ledger, IssuedReceipt issued) {
    return new Row.ReceiptRow(
        issued.receipt(),
        issued.json(),
        first(ledger, issued.receipt().from()).toString(),
        first(ledger, issued.receipt().to()).toString());
  }

  private static Row.WalletRow row(Ledger ledger, BoundWallet wallet) {
    return new Row.WalletRow(
        first(ledger, wallet.bound().agent()).toString(), wallet.bound(), wallet.event());
  }

  private static AgentId first(Ledger ledger, AgentId id) {
    return ledger.account(id).orElseThrow().first();
  }
}
