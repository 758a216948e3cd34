package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.KeyStatement;
import org.jspecify.annotations.Nullable;

/// Which rotations a receipt file needs: those by which one key that the file names follows
/// another. All others say nothing of the deal, and whoever makes them shall not make the file
/// larger.
///
/// @param named the names of all keys in the file that a verifier compares
record NeededRotations(Set<AgentId> named) {
  /// One step from a key to the next.
  private record Step(long index, String event, AgentId former, AgentId next) {
    static Step of(long index, String event) {
      Event.Stated stated = ReceiptAssembly.stated(index, event);
      if (!(stated.signed().statement() instanceof KeyStatement.RotateKey rotation)) {
        throw new IllegalArgumentException("entry " + index + " is no rotation of a key");
      }
      return new Step(index, event, stated.signed().key().id(), rotation.newKey().id());
    }
  }

  /// Those of a receipt with the statements of its escrow.
  static NeededRotations of(Receipt receipt, List<Receipt.Leg> escrow) {
    Set<AgentId> named = new HashSet<>();
    for (Receipt.Leg leg : receipt.legs()) {
      named.add(leg.signer());
      addNamed(ReceiptAssembly.stated(leg.index(), leg.event()), named);
    }
    escrow.forEach(leg -> named.add(leg.signer()));
    @Nullable EscrowTerms terms = receipt.proposal().escrow();
    if (terms != null) {
      named.add(terms.observer());
    }
    addVerdict(receipt, named);
    return new NeededRotations(named);
  }

  /// Whom the relay took the recipient for, and who could be drawn to judge.
  private static void addNamed(Event.Stated stated, Set<AgentId> named) {
    @Nullable AgentKey recipient = stated.recipient();
    if (recipient != null) {
      named.add(recipient.id());
    }
    Event.@Nullable Pool pool = stated.pool();
    if (pool != null) {
      named.addAll(pool.agents());
    }
  }

  /// A verdict names everybody by the keys of its end.
  private static void addVerdict(Receipt receipt, Set<AgentId> named) {
    @Nullable AgentId disputant = receipt.disputedBy();
    if (disputant != null) {
      named.add(disputant);
    }
    @Nullable List<ArbiterResult> arbiters = receipt.arbiters();
    if (arbiters != null) {
      arbiters.forEach(result -> named.add(result.arbiter()));
    }
  }

  /// The needed ones as legs, in log order.
  ///
  /// @param rotations by log index, the events
  /// @throws IllegalArgumentException if one of them rotates no key
  List<Receipt.Leg> among(SortedMap<Long, String> rotations) {
    List<Step> steps = new ArrayList<>();
    rotations.forEach((index, event) -> steps.add(Step.of(index, event)));
    Set<AgentId> fromNamed = new HashSet<>(named);
    for (Step step : steps) {
      if (fromNamed.contains(step.former())) {
        fromNamed.add(step.next());
      }
    }
    Set<AgentId> toNamed = new HashSet<>(named);
    for (Step step : steps.reversed()) {
      if (toNamed.contains(step.next())) {
        toNamed.add(step.former());
      }
    }
    return steps.stream()
        .filter(step -> fromNamed.contains(step.former()) && toNamed.contains(step.next()))
        .map(step -> ReceiptAssembly.leg(step.index(), step.event()))
        .toList();
  }
}
