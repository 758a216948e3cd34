package org.agentchat.receipt;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// Says what a history file proves to somebody who trusts a policy and nobody else: above all, that
/// nothing that names the agent was left out of it. Needs no network, no log and no ledger, and of
/// the file no more than one line at a time.
///
/// The checks, in this order; the first that fails names the code: the rating certificate, as
/// [RatingCertificateVerifier] makes them; each entry by itself, see [HistoryWalk]; their number,
/// and the hash over them; that the account's key is the first one or follows it.
public final class AgentHistoryVerifier {
  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final RatingCertificateVerifier certificates;

  /// @param remembered by a log's origin, the last checkpoint of it that was good by a policy
  public AgentHistoryVerifier(Policy policy, Function<String, Optional<SignedNote>> remembered) {
    this.certificates = new RatingCertificateVerifier(policy, remembered);
  }

  /// Verifies a file.
  ///
  /// @param lines of the file, without their line ends, read as they are needed; of one that is
  ///   longer than [HistoryHeader#MAX_LINE_BYTES], one byte more is enough
  public Verification verify(Iterator<byte[]> lines) {
    try {
      byte[] first = lines.hasNext() ? lines.next() : new byte[0];
      Certified certified = certificates.check(HistoryHeader.parse(first).certificate());
      HistoryWalk walk = new HistoryWalk(certified, verifier);
      while (lines.hasNext()) {
        walk.add(read(lines.next(), walk.lines() + 2));
      }
      return walk.conclude();
    } catch (MalformedReceiptException e) {
      return Verification.unreadable(e);
    } catch (RejectedReceiptException e) {
      return Verification.rejected(e);
    }
  }

  private static HistoryEntry read(byte[] line, long number) throws RejectedReceiptException {
    try {
      return HistoryEntry.parse(line);
    } catch (IllegalArgumentException e) {
      throw new RejectedReceiptException(
          ReceiptCode.MALFORMED, "line %d: %s".formatted(number, e.getMessage()));
    }
  }
}
