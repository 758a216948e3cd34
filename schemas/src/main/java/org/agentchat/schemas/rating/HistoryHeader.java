package org.agentchat.schemas.rating;

import java.util.Arrays;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import tools.jackson.databind.JsonNode;

/// The first line of a history file: one agent's rating certificate. After it comes a
/// [HistoryEntry] for each entry of the log that names the agent, in log order, a line each: as
/// many as the certificate says, so a file of any length is read and written line by line.
///
/// Whether any of it is true is not known here.
///
/// @param format [#FORMAT]
public record HistoryHeader(String format, RatingCertificate certificate) {
  /// Names the format and its version.
  public static final String FORMAT = "agentchat-history/1";

  /// Longest line, in bytes: an event of 65,535 bytes takes twice as many in JSON, a path 3 KiB, a
  /// certificate has [RatingCertificate#MAX_BYTES] at the most.
  public static final int MAX_LINE_BYTES = RatingCertificate.MAX_BYTES + 1024;

  private static final String ANY_VERSION = "agentchat-history/";

  /// A header of this format.
  public HistoryHeader(RatingCertificate certificate) {
    this(FORMAT, certificate);
  }

  /// Whether a file says that it is a history.
  ///
  /// @param beginning of the file, its first line at least if that is not too long
  public static boolean isOne(byte[] beginning) {
    int end = 0;
    while (end < beginning.length && end <= MAX_LINE_BYTES && beginning[end] != '\n') {
      end++;
    }
    try {
      return end <= MAX_LINE_BYTES
          && StrictJson.parse(Arrays.copyOf(beginning, end))
              .path("format")
              .asString("")
              .startsWith(ANY_VERSION);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Reads the line: strict JSON, every field known and of its type.
  ///
  /// @throws MalformedReceiptException saying what is wrong
  public static HistoryHeader parse(byte[] line) throws MalformedReceiptException {
    if (line.length > MAX_LINE_BYTES) {
      throw new MalformedReceiptException(false, "more than " + MAX_LINE_BYTES + " bytes");
    }
    try {
      JsonNode tree = StrictJson.parse(line);
      RatingCertificate.requireFormat(tree, FORMAT);
      RatingCertificate.requireFormat(tree.path("certificate"), RatingCertificate.FORMAT);
      return StrictJson.read(tree, HistoryHeader.class);
    } catch (IllegalArgumentException e) {
      throw new MalformedReceiptException(false, String.valueOf(e.getMessage()));
    }
  }

  /// The line as it is written, without its line end.
  public String encode() {
    return Json.text(this);
  }
}
