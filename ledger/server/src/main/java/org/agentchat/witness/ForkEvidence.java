package org.agentchat.witness;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.tlog.SignedNote;

/// Two checkpoints that one log signed and that do not fit together: for anybody to check with the
/// log's key and nothing else.
///
/// @param kind how much it shows
/// @param known the checkpoint that was cosigned
/// @param other the one that was refused
record ForkEvidence(Kind kind, SignedNote known, SignedNote other) {
  /// How much two checkpoints show.
  enum Kind {
    /// One size, two roots: no log that only grows signs both.
    FORK("fork"),
    /// The larger one came with a proof that fails. The log may have forked; or somebody sent a
    /// good checkpoint with a bad proof, which needs no key.
    DOUBT("doubt");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// Both notes, the known one first, an empty line between them.
  byte[] encode() {
    return (known.encode() + "\n" + other.encode()).getBytes(StandardCharsets.UTF_8);
  }

  /// The file's name: the same two texts have the same one.
  String fileName() {
    byte[] texts = (known.text() + "\n" + other.text()).getBytes(StandardCharsets.UTF_8);
    return kind.word() + "-" + HexFormat.of().formatHex(Sha256.of(texts), 0, 8) + ".txt";
  }
}
