package org.agentchat.witness;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;

/// What a witness is asked: the body of `add-checkpoint` (C2SP tlog-witness, "add-checkpoint").
///
/// @param oldSize of the tree that the proof starts from; whether it fits is for the witness to say
/// @param proof hashes of a consistency proof, at most [#MAX_PROOF]
/// @param note the signed checkpoint
/// @param checkpoint what the note says
record AddCheckpoint(long oldSize, List<TreeHash> proof, SignedNote note, Checkpoint checkpoint) {
  /// Longest body that is read, in bytes: the longest proof takes 3 KiB, a hundred signatures 20.
  static final int MAX_BYTES = 64 * 1024;

  /// Hashes in a proof at the most, by the specification.
  static final int MAX_PROOF = 63;

  private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,17})");

  AddCheckpoint {
    proof = List.copyOf(proof);
  }

  static AddCheckpoint of(long oldSize, List<TreeHash> proof, SignedNote note) {
    return new AddCheckpoint(oldSize, proof, note, Checkpoint.parse(note.text()));
  }

  /// Reads a body.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  static AddCheckpoint parse(byte[] body) {
    String text = text(body);
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("no empty line between the proof and the checkpoint");
    }
    List<String> lines = List.of(text.substring(0, blank).split("\n", -1));
    Matcher old = OLD.matcher(lines.getFirst());
    if (!old.matches()) {
      throw new IllegalArgumentException("the first line is \"old\", a space and a size");
    }
    List<String> hashes = lines.subList(1, lines.size());
    if (hashes.size() > MAX_PROOF) {
      throw new IllegalArgumentException(
          "a proof of %d hashes, at most %d wanted".formatted(hashes.size(), MAX_PROOF));
    }
    return of(
        Long.parseLong(old.group(1)),
        hashes.stream().map(TreeHash::ofBase64).toList(),
        SignedNote.parse(text.substring(blank + 2)));
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
  }

  /// The body.
  byte[] encode() {
    StringBuilder body = new StringBuilder("old ").append(oldSize).append('\n');
    proof.forEach(hash -> body.append(hash.base64()).append('\n'));
    body.append('\n').append(note.encode());
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
