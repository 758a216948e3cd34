package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.ProofSource;

/// Makes receipt files: puts a receipt together with its proofs.
public final class ReceiptAssembly {
  private ReceiptAssembly() {}

  /// The receipt's file, or empty while no checkpoint covers all of its entries.
  ///
  /// @param rotations by log index, the events that rotated a key of somebody who signed a leg,
  ///   between the deal's first entry and its last
  /// @throws IllegalArgumentException if a rotation is no statement, or there are more than
  ///   [ReceiptFile#MAX_LEGS] legs and rotations
  public static Optional<ReceiptFile> of(
      Receipt receipt, SortedMap<Long, String> rotations, ProofSource source) {
    List<Receipt.Leg> rotated = new ArrayList<>();
    rotations.forEach((index, event) -> rotated.add(leg(index, event)));
    List<Long> indexes =
        Stream.concat(receipt.legs().stream(), rotated.stream()).map(Receipt.Leg::index).toList();
    if (indexes.size() > ReceiptFile.MAX_LEGS) {
      throw new IllegalArgumentException(
          indexes.size() + " legs, at most " + ReceiptFile.MAX_LEGS + " fit into a file");
    }
    return source
        .prove(indexes)
        .map(proofs ->
            new ReceiptFile(receipt, rotated, proofs.stream().map(LogProof::encode).toList()));
  }

  /// An entry of the log as a leg.
  static Receipt.Leg leg(long index, String event) {
    byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
    if (!(decoded(index, bytes) instanceof Event.Stated stated)) {
      throw new IllegalArgumentException("entry " + index + " is no statement");
    }
    return new Receipt.Leg(
        stated.signed().statement().type(),
        index,
        LeafHash.of(bytes).toString(),
        stated.signed().key().id(),
        stated.signed().scheme().name(),
        event);
  }

  private static Event decoded(long index, byte[] bytes) {
    try {
      return EventCodec.decode(bytes);
    } catch (MalformedEventException e) {
      throw new IllegalArgumentException("entry " + index + ": " + e.getMessage(), e);
    }
  }
}
