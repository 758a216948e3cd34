package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /// The file of a receipt without money.
  ///
  /// @see #of(Receipt, SortedMap, SortedMap, ProofSource)
  public static Optional<ReceiptFile> of(
      Receipt receipt, SortedMap<Long, String> rotations, ProofSource source) {
    return of(receipt, rotations, new TreeMap<>(), source);
  }

  /// The receipt's file, or empty while no checkpoint covers all of its entries. What became of the
  /// money after the deal is left out until one covers it, too.
  ///
  /// @param rotations by log index, the events that ever rotated a key of somebody who signed a
  ///   leg; those that the file does not need are left out
  /// @param escrow by log index, the events that bound the two wallets, and those that say what
  ///   happened to the money so far
  /// @throws IllegalArgumentException if one of them is no statement
  public static Optional<ReceiptFile> of(
      Receipt receipt,
      SortedMap<Long, String> rotations,
      SortedMap<Long, String> escrow,
      ProofSource source) {
    Optional<ReceiptFile> whole = file(receipt, rotations, escrow, source);
    long end = receipt.index();
    return whole.isPresent() || escrow.isEmpty() || escrow.lastKey() <= end
        ? whole
        : file(receipt, rotations.headMap(end + 1), escrow.headMap(end + 1), source);
  }

  private static Optional<ReceiptFile> file(
      Receipt receipt,
      SortedMap<Long, String> rotations,
      SortedMap<Long, String> escrow,
      ProofSource source) {
    List<Receipt.Leg> money = new ArrayList<>();
    escrow.forEach((index, event) -> money.add(leg(index, event)));
    List<Receipt.Leg> rotated = NeededRotations.of(receipt, money).among(rotations);
    List<Long> indexes =
        Stream.of(receipt.legs(), rotated, money)
            .flatMap(List::stream)
            .map(Receipt.Leg::index)
            .toList();
    return source
        .prove(indexes)
        .map(proofs ->
            new ReceiptFile(
                receipt, rotated, money, proofs.stream().map(LogProof::encode).toList()));
  }

  /// An entry of the log as a leg.
  static Receipt.Leg leg(long index, String event) {
    Event.Stated stated = stated(index, event);
    return new Receipt.Leg(
        stated.signed().statement().type(),
        index,
        LeafHash.of(event.getBytes(StandardCharsets.UTF_8)).toString(),
        stated.signed().key().id(),
        stated.signed().scheme().name(),
        event);
  }

  /// What an entry of the log says.
  static Event.Stated stated(long index, String event) {
    try {
      if (EventCodec.decode(event.getBytes(StandardCharsets.UTF_8))
          instanceof Event.Stated stated) {
        return stated;
      }
      throw new IllegalArgumentException("entry " + index + " is no statement");
    } catch (MalformedEventException e) {
      throw new IllegalArgumentException("entry " + index + ": " + e.getMessage(), e);
    }
  }
}
