package org.agentchat.tlog;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// A text and who signed it (C2SP signed-note).
///
/// @param text ends with a line end; no control characters but line ends
/// @param signatures 1 to [#MAX_SIGNATURES]
public record SignedNote(String text, List<NoteSignature> signatures) {
  /// Signatures in a note at the most; C2SP asks for 16 at least.
  public static final int MAX_SIGNATURES = 100;

  /// Longest note that is read, in characters: room for that many signatures of any known type.
  public static final int MAX_CHARS = 512 * 1024;

  /// What a note says about one key.
  public enum Check {
    /// The key signed the text.
    VALID,
    /// A line says that the key signed, and it did not.
    INVALID,
    /// No line is by this key.
    ABSENT
  }

  /// @throws IllegalArgumentException if a part has another shape
  public SignedNote {
    signatures = List.copyOf(signatures);
    requireText(text);
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException(
          "a note has 1 to %d signatures, not %d".formatted(MAX_SIGNATURES, signatures.size()));
    }
  }

  private static void requireText(String text) {
    if (text.length() > MAX_CHARS || !text.endsWith("\n")) {
      throw new IllegalArgumentException(
          "a note's text ends with a line end and has at most " + MAX_CHARS + " characters");
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new IllegalArgumentException("a note has no control characters but line ends");
    }
  }

  /// Reads a note.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static SignedNote parse(String note) {
    requireText(note);
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("a note has an empty line before its signatures");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    note.substring(blank + 2).lines().map(NoteSignature::parse).forEach(signatures::add);
    return new SignedNote(note.substring(0, blank + 1), signatures);
  }

  /// Whether the key signed this text. When several lines name the key, all must be valid.
  public Check check(VerifierKey key, Ed25519Verifier verifier) {
    List<NoteSignature> named = signatures.stream().filter(key::isNamedBy).toList();
    if (named.isEmpty()) {
      return Check.ABSENT;
    }
    boolean valid = named.stream().allMatch(signature -> key.verify(text, signature, verifier));
    return valid ? Check.VALID : Check.INVALID;
  }

  /// The note with more signatures, each once.
  public SignedNote with(List<NoteSignature> more) {
    List<NoteSignature> all = new ArrayList<>(signatures);
    more.stream().filter(signature -> !all.contains(signature)).forEach(all::add);
    return new SignedNote(text, all);
  }

  /// The note as it is written.
  public String encode() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()));
    return note.toString();
  }
}
