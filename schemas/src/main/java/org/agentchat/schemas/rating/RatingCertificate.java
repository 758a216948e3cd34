package org.agentchat.schemas.rating;

import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One agent's rating, to be carried anywhere: what the ledger's rating map holds for it, the way
/// from there to the map's root, the ledger's commitment to that root, and a proof that the
/// commitment is in the log. Whoever has this and a policy needs nobody else.
///
/// Whether any of it is true is not known here.
///
/// @param format [#FORMAT]
/// @param agent the account that was asked for: the short name of its first key
/// @param leaf the text of its [RatingLeaf], or null when the map has none
/// @param path from the account's place to the root
/// @param commitment the exact text of the `RATINGS` entry in the log
/// @param proof a C2SP `tlog-proof@v1` text for that entry
public record RatingCertificate(
    String format,
    String agent,
    @Nullable String leaf,
    RatingPath path,
    String commitment,
    String proof) {
  /// Names the format and its version.
  public static final String FORMAT = "agentchat-rating/1";

  /// Largest file, in bytes: a path of 256 hashes, a leaf with many capabilities and a checkpoint
  /// with many witnesses take a quarter.
  public static final int MAX_BYTES = 256 * 1024;

  /// A certificate of this format.
  public RatingCertificate(
      String agent, @Nullable String leaf, RatingPath path, String commitment, String proof) {
    this(FORMAT, agent, leaf, path, commitment, proof);
  }

  /// Whether a file says that it is one.
  public static boolean isOne(byte[] file) {
    try {
      return file.length <= MAX_BYTES
          && StrictJson.parse(file).path("format").asString("").startsWith("agentchat-rating/");
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Reads a file: strict JSON, every field known and of its type.
  ///
  /// @throws MalformedReceiptException saying what is wrong
  public static RatingCertificate parse(byte[] file) throws MalformedReceiptException {
    try {
      JsonNode tree = StrictJson.parse(file);
      requireFormat(tree, FORMAT);
      return StrictJson.read(tree, RatingCertificate.class);
    } catch (IllegalArgumentException e) {
      throw new MalformedReceiptException(false, String.valueOf(e.getMessage()));
    }
  }

  /// @throws MalformedReceiptException if the object says that it is of another format
  /// @throws IllegalArgumentException if it names none
  static void requireFormat(JsonNode tree, String known) throws MalformedReceiptException {
    String format = tree.path("format").isString() ? tree.path("format").stringValue() : "";
    if (format.isEmpty()) {
      throw new IllegalArgumentException("it names no format");
    }
    if (!format.equals(known)) {
      throw new MalformedReceiptException(
          true, "the format is %s, %s is known here".formatted(Json.excerpt(format, 40), known));
    }
  }

  /// The file as it is written: JSON over several lines, UTF-8, a final line end.
  public String encode() {
    return Json.pretty(this) + "\n";
  }
}
