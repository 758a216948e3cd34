package org.agentchat.tlog;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Shows offline that an entry is in a log: its index, its path, and the checkpoint (C2SP
/// tlog-proof).
///
/// @param extra opaque and signed by nobody; ours have none
/// @param inclusion for the size of the checkpoint
/// @param checkpoint as the log and its witnesses signed it
public record LogProof(Optional<String> extra, InclusionProof inclusion, SignedNote checkpoint) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  /// @throws IllegalArgumentException if the checkpoint is of another size, or the extra data is
  ///   not base64
  public LogProof {
    long size = Checkpoint.parse(checkpoint.text()).head().size();
    if (size != inclusion.size()) {
      throw new IllegalArgumentException(
          "a proof for size %d with a checkpoint of size %d".formatted(inclusion.size(), size));
    }
    extra.ifPresent(base64 -> Base64.getDecoder().decode(base64));
  }

  /// A proof without extra data.
  public LogProof(InclusionProof inclusion, SignedNote checkpoint) {
    this(Optional.empty(), inclusion, checkpoint);
  }

  /// Reads a proof.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static LogProof parse(String proof) {
    int blank = proof.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("a proof has an empty line before its checkpoint");
    }
    List<String> lines = List.of(proof.substring(0, blank).split("\n", -1));
    boolean extended = lines.size() > 1 && lines.get(1).startsWith(EXTRA);
    int at = extended ? 2 : 1;
    if (!lines.getFirst().equals(HEADER)
        || lines.size() <= at
        || !lines.get(at).startsWith(INDEX)) {
      throw new IllegalArgumentException(
          "a proof begins with the lines %s and index <number>".formatted(HEADER));
    }
    SignedNote checkpoint = SignedNote.parse(proof.substring(blank + 2));
    InclusionProof inclusion =
        new InclusionProof(
            number(lines.get(at).substring(INDEX.length())),
            Checkpoint.parse(checkpoint.text()).head().size(),
            lines.subList(at + 1, lines.size()).stream().map(TreeHash::ofBase64).toList());
    return new LogProof(
        extended ? Optional.of(lines.get(1).substring(EXTRA.length())) : Optional.empty(),
        inclusion,
        checkpoint);
  }

  private static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("a decimal number wanted, found: " + text);
    }
    return Long.parseLong(text);
  }

  /// Whether the entry is in the tree that the checkpoint names. Whether the checkpoint itself is
  /// to be trusted is for a [Policy] to say.
  public boolean proves(byte[] entry) {
    TreeHash root = Checkpoint.parse(checkpoint.text()).head().root();
    return inclusion.proves(TreeHash.ofLeaf(entry), root);
  }

  /// The proof as it is written.
  public String encode() {
    StringBuilder proof = new StringBuilder(HEADER).append('\n');
    extra.ifPresent(base64 -> proof.append(EXTRA).append(base64).append('\n'));
    proof.append(INDEX).append(inclusion.index()).append('\n');
    inclusion.path().forEach(hash -> proof.append(hash.base64()).append('\n'));
    return proof.append('\n').append(checkpoint.encode()).toString();
  }
}
