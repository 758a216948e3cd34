package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.LogProof;

/// Reads each leg of a file by itself: the event is the one encoding of a statement, the statement
/// is signed, and the leg says of it what is so.
final class LegReader {
  private final EntryReader entries;

  LegReader(Ed25519Verifier verifier) {
    this.entries = new EntryReader(verifier, new VerifiedEvents());
  }

  /// The legs of the file, of its rotations and of its escrow, in their order, sound in themselves.
  List<Leg> read(ReceiptFile file) throws RejectedReceiptException {
    List<LogProof> proofs = new ArrayList<>();
    for (String proof : file.proofs()) {
      proofs.add(proof(proof, proofs.size()));
    }
    List<Receipt.Leg> claimed = new ArrayList<>(file.receipt().legs());
    claimed.addAll(file.rotations());
    claimed.addAll(file.escrow());
    List<Leg> legs = new ArrayList<>();
    for (Receipt.Leg leg : claimed) {
      legs.add(read(leg, proofs.get(legs.size())));
    }
    return legs;
  }

  private static LogProof proof(String text, int at) throws RejectedReceiptException {
    try {
      return LogProof.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RejectedReceiptException(
          ReceiptCode.MALFORMED, "proofs[" + at + "]: " + e.getMessage());
    }
  }

  private Leg read(Receipt.Leg claimed, LogProof proof) throws RejectedReceiptException {
    Entry entry = entries.read(claimed.index(), claimed.event().getBytes(StandardCharsets.UTF_8));
    Event.Stated event = statement(entry);
    if (!claimed.leafHash().equals(entry.hash().toString())) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_LEAF_HASH,
          "entry %d: the leaf hash is %s, that of its event is %s"
              .formatted(claimed.index(), claimed.leafHash(), entry.hash()));
    }
    if (claimed.index() != proof.inclusion().index()) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_INDEX,
          "the leg says that it is entry %d, its proof is for entry %d"
              .formatted(claimed.index(), proof.inclusion().index()));
    }
    same(claimed.index(), "type", claimed.type(), event.signed().statement().type());
    same(claimed.index(), "signer", claimed.signer(), event.signed().key().id());
    same(claimed.index(), "scheme", claimed.scheme(), event.signed().scheme().name());
    return new Leg(claimed, event, entry.hash(), proof);
  }

  private static Event.Stated statement(Entry entry) throws RejectedReceiptException {
    return switch (entry.content()) {
      case Entry.Content.Sound(Event.Stated stated) -> stated;
      case Entry.Content.Sound _ ->
          throw new RejectedReceiptException(
              ReceiptCode.LEG_FOREIGN, "entry " + entry.index() + ": not a statement of an agent");
      case Entry.Content.Forged(Event.Stated stated) ->
          throw new RejectedReceiptException(
              ReceiptCode.BAD_STATEMENT_SIGNATURE,
              "entry %d: %s did not sign this %s: it was altered, or signed with another key"
                  .formatted(
                      entry.index(),
                      stated.signed().key().id(),
                      stated.signed().statement().type()));
      case Entry.Content.Forged _ ->
          throw new RejectedReceiptException(
              ReceiptCode.LEG_FOREIGN, "entry " + entry.index() + ": not a statement of an agent");
      case Entry.Content.Malformed(String why) ->
          throw new RejectedReceiptException(
              ReceiptCode.MALFORMED, "entry " + entry.index() + ": " + why);
    };
  }

  private static void same(long index, String name, Object found, Object wanted)
      throws RejectedReceiptException {
    if (!found.equals(wanted)) {
      throw new RejectedReceiptException(
          ReceiptCode.CLAIM_DIFFERS,
          "entry %d: %s is %s, the event says %s".formatted(index, name, found, wanted));
    }
  }
}
