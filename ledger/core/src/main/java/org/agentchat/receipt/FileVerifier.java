package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// Verifies a file of any kind that a ledger gives away: a history, a rating certificate, or else a
/// receipt.
public final class FileVerifier {
  /// Largest file that is verified in memory, in bytes. A larger history goes to
  /// [AgentHistoryVerifier], line by line.
  public static final int MAX_BYTES = ReceiptFile.MAX_BYTES;

  private final Policy policy;
  private final Function<String, Optional<SignedNote>> remembered;

  /// @param remembered by a log's origin, the last checkpoint of it that was good by a policy
  public FileVerifier(Policy policy, Function<String, Optional<SignedNote>> remembered) {
    this.policy = policy;
    this.remembered = remembered;
  }

  /// Verifies a file.
  public Verification verify(byte[] file) {
    if (file.length > MAX_BYTES) {
      return Verification.rejected(
          new RejectedReceiptException(
              ReceiptCode.MALFORMED,
              "%d bytes, at most %d wanted".formatted(file.length, MAX_BYTES)));
    }
    if (HistoryHeader.isOne(file)) {
      return new AgentHistoryVerifier(policy, remembered).verify(lines(file).iterator());
    }
    return RatingCertificate.isOne(file)
        ? new RatingCertificateVerifier(policy, remembered).verify(file)
        : new ReceiptVerifier(policy, remembered).verify(file);
  }

  private static List<byte[]> lines(byte[] file) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    while (start < file.length) {
      int end = start;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      lines.add(Arrays.copyOfRange(file, start, end));
      start = end + 1;
    }
    return lines;
  }
}
