package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.ledger.RatingPathVerifier;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// Says what a rating certificate proves to somebody who trusts a policy and nobody else. Needs no
/// network, no log and no ledger.
///
/// The checks, in this order; the first that fails names the code: the file is strict; the
/// commitment is signed; the leaf, or its absence, follows from the committed root; the checkpoint
/// is of the same log and good by the policy, and the commitment signed with that log's key; it
/// stands where audits judge it; it is in the tree; no remembered checkpoint contradicts it.
public final class RatingCertificateVerifier {
  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final CheckpointCheck checkpoints;
  private final Function<String, Optional<SignedNote>> remembered;

  /// @param remembered by a log's origin, the last checkpoint of it that was good by a policy
  public RatingCertificateVerifier(
      Policy policy, Function<String, Optional<SignedNote>> remembered) {
    this.checkpoints = new CheckpointCheck(policy, verifier);
    this.remembered = remembered;
  }

  /// Verifies a file.
  public Verification verify(byte[] file) {
    try {
      Certified certified = check(RatingCertificate.parse(file));
      return certified.verification(
          certified.message(), certified.proved(), certified.notProved(true));
    } catch (MalformedReceiptException e) {
      return Verification.unreadable(e);
    } catch (RejectedReceiptException e) {
      return Verification.rejected(e);
    }
  }

  /// The certificate as one that is sound.
  Certified check(RatingCertificate file) throws RejectedReceiptException {
    Event.RatingsCommitted commitment = commitment(file);
    Optional<RatingLeaf> leaf = leaf(file, commitment);
    LogProof proof = proof(file);
    CheckpointCheck.Judged judged =
        checkpoints.judge("the commitment", commitment.origin(), proof.checkpoint());
    if (!commitment.key().equals(judged.judgement().log().key())) {
      throw new RejectedReceiptException(
          ReceiptCode.UNKNOWN_LOG,
          "the commitment is signed by %s, and not with the log's own key"
              .formatted(commitment.key().id()));
    }
    if (!commitment.isJudgedAt(proof.inclusion().index())) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_INDEX,
          "a commitment to %d entries at entry %d is refused by every audit, true or false"
              .formatted(commitment.size(), proof.inclusion().index()));
    }
    if (!proof.proves(bytes(file.commitment()))) {
      throw new RejectedReceiptException(
          ReceiptCode.NOT_INCLUDED,
          "the commitment is not in the tree of %d entries that the checkpoint names"
              .formatted(judged.checkpoint().head().size()));
    }
    Optional<SignedNote> before = remembered.apply(commitment.origin());
    checkpoints.requireNoFork(judged, before);
    return new Certified(agent(file), commitment, proof.inclusion().index(), leaf, judged, before);
  }

  private Event.RatingsCommitted commitment(RatingCertificate file)
      throws RejectedReceiptException {
    try {
      if (EventCodec.decode(bytes(file.commitment())) instanceof Event.RatingsCommitted found) {
        if (!found.isValid(verifier)) {
          throw new RejectedReceiptException(
              ReceiptCode.BAD_STATEMENT_SIGNATURE,
              "the commitment is not signed by the key that it names");
        }
        return found;
      }
      throw malformed("the commitment is another kind of event");
    } catch (MalformedEventException e) {
      throw malformed("the commitment is no event: " + e.getMessage());
    }
  }

  private static Optional<RatingLeaf> leaf(
      RatingCertificate file, Event.RatingsCommitted commitment) throws RejectedReceiptException {
    AgentId agent = agent(file);
    RatingPathVerifier paths = new RatingPathVerifier(commitment.root());
    if (file.leaf() == null) {
      if (!paths.excludes(RatingLeaf.keyOf(agent), file.path())) {
        throw notInMap("that %s is not in it".formatted(agent));
      }
      return Optional.empty();
    }
    RatingLeaf leaf = read(file.leaf());
    if (!leaf.agent().equals(agent)) {
      throw new RejectedReceiptException(
          ReceiptCode.CLAIM_DIFFERS,
          "the certificate is said to be for %s, its leaf is for %s"
              .formatted(agent, leaf.agent()));
    }
    if (!paths.includes(leaf, file.path())) {
      throw notInMap("that leaf of %s".formatted(agent));
    }
    return Optional.of(leaf);
  }

  private static AgentId agent(RatingCertificate file) throws RejectedReceiptException {
    return AgentId.parse(file.agent()).orElseThrow(() -> malformed("agent: an @id wanted"));
  }

  private static RejectedReceiptException notInMap(String what) {
    return new RejectedReceiptException(
        ReceiptCode.NOT_INCLUDED,
        "the path does not show %s under the root that was committed to".formatted(what));
  }

  private static RatingLeaf read(String leaf) throws RejectedReceiptException {
    try {
      return RatingLeaf.of(bytes(leaf));
    } catch (IllegalArgumentException e) {
      throw malformed("leaf: " + e.getMessage());
    }
  }

  private static LogProof proof(RatingCertificate file) throws RejectedReceiptException {
    try {
      return LogProof.parse(file.proof());
    } catch (IllegalArgumentException e) {
      throw malformed("proof: " + e.getMessage());
    }
  }

  private static RejectedReceiptException malformed(String why) {
    return new RejectedReceiptException(ReceiptCode.MALFORMED, why);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
