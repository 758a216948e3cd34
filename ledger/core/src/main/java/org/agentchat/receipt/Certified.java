package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.tlog.SignedNote;

/// A rating certificate that is sound, and what it shows.
///
/// @param agent whose it is
/// @param commitment the ledger's word for everybody's rating
/// @param index of the commitment in the log
/// @param leaf what the ledger holds for the agent's account; empty when it has none
/// @param remembered the checkpoint that is remembered of the log
record Certified(
    AgentId agent,
    Event.RatingsCommitted commitment,
    long index,
    Optional<RatingLeaf> leaf,
    CheckpointCheck.Judged judged,
    Optional<SignedNote> remembered) {

  /// In short.
  String message() {
    return leaf.map(found -> "%s had %d points".formatted(found.agent(), found.rating()))
        .orElse("%s was not known".formatted(agent));
  }

  List<String> proved() {
    List<String> proved = new ArrayList<>();
    proved.add(
        "The ledger whose key is %s committed to everybody's rating after the first %d entries of the log %s."
            .formatted(commitment.key().id(), commitment.size(), commitment.origin()));
    proved.add(
        "That commitment is entry %d of the log, under a checkpoint of %d entries that %s signed%s."
            .formatted(
                index,
                judged.checkpoint().head().size(),
                judged.judgement().log().name(),
                judged.judgement().witnesses().isEmpty()
                    ? ""
                    : " and cosigned by " + String.join(", ", judged.judgement().witnesses())));
    proved.add(
        leaf.map(Certified::held).orElse("In it there is no account of %s.".formatted(agent)));
    judged.known(remembered).ifPresent(proved::add);
    return proved;
  }

  private static String held(RatingLeaf leaf) {
    return "In it %s has %d points from %d finished deals, %d points at stake, and %d entries of the log name it%s."
        .formatted(
            leaf.agent(),
            leaf.rating(),
            leaf.transactions(),
            leaf.staked(),
            leaf.history().events(),
            leaf.revoked() ? "; its key is revoked" : "");
  }

  /// @param alone whether the entries that name the account are not there
  List<String> notProved(boolean alone) {
    List<String> not = new ArrayList<>();
    not.add(
        "That the committed root follows from the log: an audit refolds it, and a false root"
            + " convicts the key that signed it.");
    not.add(
        "Anything after the first %d entries: a later deal, dispute or revocation."
            .formatted(commitment.size()));
    leaf.filter(_ -> alone)
        .ifPresent(found ->
            not.add(
                "Which %d entries name the account: whoever is shown them checks their number and the hash %s over them."
                    .formatted(found.history().events(), found.history().head())));
    if (leaf.isEmpty()) {
      not.add(
          "That %s is no later key of an account with ratings: an account goes by the name of its first key."
              .formatted(agent));
    }
    not.addAll(judged.unknown(remembered));
    return not;
  }

  Verification verification(String message, List<String> proved, List<String> notProved) {
    return new Verification(
        ReceiptCode.OK, message, proved, notProved, Optional.of(judged.note()), Optional.empty());
  }
}
