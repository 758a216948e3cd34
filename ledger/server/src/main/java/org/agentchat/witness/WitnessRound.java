package org.agentchat.witness;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.agentchat.ledger.tree.Cosigning;
import org.agentchat.tlog.SignedNote;

/// What came of asking all witnesses once.
///
/// @param note with the cosignatures that came
/// @param quorum whether the policy asks for no more of them
/// @param replies one of each witness, in the policy's order
public record WitnessRound(SignedNote note, boolean quorum, List<WitnessReply> replies) {
  /// Copies the replies.
  public WitnessRound {
    replies = List.copyOf(replies);
  }

  /// Why the log must not publish, whatever the quorum says: a witness holds a tree of it that this
  /// one did not grow from.
  public Optional<String> contradiction() {
    return replies.stream()
        .filter(reply ->
            switch (reply) {
              case WitnessReply.Ahead _, WitnessReply.Forked _ -> true;
              case WitnessReply.Cosigned _, WitnessReply.Silent _ -> false;
            })
        .map(WitnessReply::sentence)
        .findFirst();
  }

  /// A sentence for each witness that did not cosign.
  public List<String> complaints() {
    return replies.stream()
        .filter(reply -> !(reply instanceof WitnessReply.Cosigned))
        .map(WitnessReply::sentence)
        .toList();
  }

  /// What a publisher does with it.
  public Cosigning.Outcome outcome() {
    Optional<String> contradiction = contradiction();
    if (contradiction.isPresent()) {
      return new Cosigning.Outcome.Contradicted(contradiction.get());
    }
    return quorum
        ? new Cosigning.Outcome.Enough(note)
        : new Cosigning.Outcome.NotYet(
            complaints().stream().collect(Collectors.joining("; ", "too few witnesses: ", "")));
  }
}
