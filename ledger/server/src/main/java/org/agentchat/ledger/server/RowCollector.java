package org.agentchat.ledger.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;

/// Gathers what entries change, and keeps of each row only its last state: no key appears twice in
/// one batch, which PostgreSQL would refuse.
final class RowCollector {
  /// Receipts in one batch, in characters of JSON; a batch may exceed it by one entry's.
  private static final long MAX_RECEIPT_CHARS = 16L * 1024 * 1024;

  private final long from;
  private final NavigableMap<AgentId, Long> named = new TreeMap<>();
  private final NavigableMap<AgentId, SortedSet<String>> touched = new TreeMap<>();
  private final List<Row.RatingChangeRow> ratingChanges = new ArrayList<>();
  private final Map<String, Row.ProposalRow> proposals = new LinkedHashMap<>();
  private final Map<String, Row.DisputeRow> disputes = new LinkedHashMap<>();
  private final List<Row.ReceiptRow> receipts = new ArrayList<>();
  private long receiptChars;

  /// @param from index of the first entry
  RowCollector(long from) {
    this.from = from;
  }

  boolean isFull() {
    return receiptChars >= MAX_RECEIPT_CHARS;
  }

  void add(Applied applied) {
    int seq = 0;
    for (Effect effect : applied.effects()) {
      add(applied, seq, effect);
      seq++;
    }
  }

  private void add(Applied applied, int seq, Effect effect) {
    switch (effect) {
      case Effect.LogNamed _, Effect.Refused _ -> {}
      case Effect.AgentKnown(var key) -> named.put(key.id(), applied.entry().index());
      case Effect.ProposalOpened(Proposal proposal) -> keep(proposal);
      case Effect.ProposalAccepted(Proposal proposal) -> keep(proposal);
      case Effect.ProposalRejected(Proposal proposal) -> keep(proposal);
      case Effect.ProposalExpired(Proposal proposal) -> keep(proposal);
      case Effect.ProposalCompleted completed -> keep(completed.proposal());
      case Effect.ProposalDisputed disputed -> keep(disputed.proposal());
      case Effect.StakeEscrowed(Proposal proposal) -> touchSides(proposal);
      case Effect.StakeSettled settled -> settle(settled.proposal());
      case Effect.RatingChanged changed -> change(applied, seq, changed);
      case Effect.ReceiptIssued(Receipt receipt) -> keep(receipt);
      case CourtEffect court -> add(court);
    }
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
    ratingChanges.add(new Row.RatingChangeRow(applied.entry().index(), seq, applied.at(), changed));
  }

  private void keep(Receipt receipt) {
    String json = Json.text(receipt);
    receipts.add(new Row.ReceiptRow(receipt, json));
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
    touched.forEach((id, capabilities) -> {
      Account account = ledger.account(id).orElseThrow();
      agents.add(new Row.AgentRow(account, named.getOrDefault(id, -1L)));
      for (String capability : capabilities) {
        Account.Skill skill = account.skills().get(capability);
        if (skill == null) {
          throw new IllegalStateException(id + " has no rating in " + capability);
        }
        skills.add(new Row.SkillRow(id.toString(), capability, skill));
      }
    });
    return new Batch(
        from,
        to,
        agents,
        skills,
        ratingChanges,
        List.copyOf(proposals.values()),
        List.copyOf(disputes.values()),
        receipts);
  }
}
