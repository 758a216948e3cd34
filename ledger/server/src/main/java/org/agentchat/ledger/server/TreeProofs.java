package org.agentchat.ledger.server;

import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.ProofSource;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;

/// Proofs from the published tree. Nothing that is not durable is in a checkpoint, so every proof
/// can be made.
record TreeProofs(Publisher publisher) implements ProofSource {
  @Override
  public Optional<List<LogProof>> prove(List<Long> indexes) {
    return publisher.checkpoint().flatMap(note -> prove(indexes, note));
  }

  private Optional<List<LogProof>> prove(List<Long> indexes, SignedNote note) {
    long size = Checkpoint.parse(note.text()).head().size();
    if (indexes.stream().anyMatch(index -> index >= size)) {
      return Optional.empty();
    }
    Prover prover = new Prover(publisher.folder().subtrees(size));
    return Optional.of(
        indexes.stream().map(index -> new LogProof(prover.inclusion(index, size), note)).toList());
  }
}
