package org.agentchat.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.tlog.LogProof;

/// `agentchat ratings --history`: puts a history file together, a page of entries at a time. What
/// the ledger serves is not judged here: that is for `agentchat verify`, which believes nobody.
final class HistoryExport {
  private final LedgerApi ledger;
  private final PrintWriter out;

  HistoryExport(LedgerApi ledger, PrintWriter out) {
    this.ledger = ledger;
    this.out = out;
  }

  /// Which entries are wanted, and what for.
  ///
  /// @param size entries that the ledger committed to
  /// @param tree entries of the tree that the certificate's checkpoint signs
  private record Extent(long size, long tree) {}

  /// @throws CommandFailure when the ledger does not serve it, or it cannot be written
  void write(AgentId agent) {
    RatingCertificate certificate = certificate(agent);
    Extent extent = extent(certificate);
    print(new HistoryHeader(certificate).encode());
    OptionalLong next = certificate.leaf() == null ? OptionalLong.empty() : OptionalLong.of(0);
    while (next.isPresent()) {
      LedgerApi.AgentEntries page =
          ledger.entries(agent, next.getAsLong(), extent.size(), extent.tree());
      page.entries().stream().map(HistoryEntry::encode).forEach(this::print);
      next = page.next();
    }
    out.flush();
    if (out.checkError()) {
      throw new CommandFailure(
          "NOT_WRITTEN", Exit.FAILED, "The history could not be written, so it is not whole");
    }
  }

  private void print(String line) {
    out.print(line);
    out.print('\n');
  }

  private RatingCertificate certificate(AgentId agent) {
    try {
      return RatingCertificate.parse(Json.bytes(ledger.certificate(agent)));
    } catch (MalformedReceiptException e) {
      throw foreign(e);
    }
  }

  private Extent extent(RatingCertificate certificate) {
    try {
      byte[] commitment = certificate.commitment().getBytes(StandardCharsets.UTF_8);
      if (EventCodec.decode(commitment) instanceof Event.RatingsCommitted committed) {
        long tree = LogProof.parse(certificate.proof()).inclusion().size();
        return new Extent(committed.size(), tree);
      }
      throw foreign(new IllegalArgumentException("the commitment is another kind of event"));
    } catch (MalformedEventException | IllegalArgumentException e) {
      throw foreign(e);
    }
  }

  private CommandFailure foreign(Exception why) {
    return new CommandFailure(
        "NOT_A_CERTIFICATE",
        Exit.FAILED,
        "%s serves a rating certificate that cannot be read: %s"
            .formatted(ledger.url(), why.getMessage()),
        why);
  }
}
