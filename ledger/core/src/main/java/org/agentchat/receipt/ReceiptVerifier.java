package org.agentchat.receipt;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// Says what a receipt file proves to somebody who trusts a policy and nobody else. Needs no
/// network, no log and no ledger.
///
/// The checks, in this order; the first that fails names the code: the file is strict, its proofs
/// are proofs; each leg by itself (event, signature, leaf hash, index, type, signer, scheme); the
/// legs are one deal; the receipt says what they say; the money is that deal's; one checkpoint for
/// all, of the same log, good by the policy; each leg is in its tree; no remembered checkpoint
/// contradicts it.
public final class ReceiptVerifier {
  private final LegReader legs;
  private final CheckpointCheck checkpoints;
  private final Function<String, Optional<SignedNote>> remembered;

  /// A verifier that remembers nothing.
  public ReceiptVerifier(Policy policy) {
    this(policy, _ -> Optional.empty());
  }

  /// @param remembered by a log's origin, the last checkpoint of it that was good by a policy
  public ReceiptVerifier(Policy policy, Function<String, Optional<SignedNote>> remembered) {
    Ed25519Verifier verifier = new Ed25519Verifier();
    this.legs = new LegReader(verifier);
    this.checkpoints = new CheckpointCheck(policy, verifier);
    this.remembered = remembered;
  }

  /// Verifies a file.
  public Verification verify(byte[] file) {
    try {
      return verify(ReceiptFile.parse(file));
    } catch (MalformedReceiptException e) {
      return Verification.unreadable(e);
    } catch (RejectedReceiptException e) {
      return Verification.rejected(e);
    }
  }

  private Verification verify(ReceiptFile file) throws RejectedReceiptException {
    Receipt receipt = file.receipt();
    List<Leg> all = legs.read(file);
    int own = receipt.legs().size();
    int rotated = own + file.rotations().size();
    KeyChain keys = KeyChain.of(all.subList(own, rotated), receipt.origin());
    Deal deal = DealCheck.check(receipt.type(), all.subList(0, own), keys);
    ClaimCheck.check(receipt, deal);
    Optional<Money> money = MoneyCheck.check(receipt, deal, all.subList(rotated, all.size()));
    CheckpointCheck.Judged judged = checkpoints.check(receipt.origin(), all);
    Optional<SignedNote> before = remembered.apply(receipt.origin());
    checkpoints.requireNoFork(judged, before);
    return new Conclusion(receipt, deal, money, file.rotations().size(), judged, before)
        .verification();
  }
}
