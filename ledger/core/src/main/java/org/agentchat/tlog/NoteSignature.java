package org.agentchat.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// One signature line of a note (C2SP signed-note, "Signatures"). Immutable.
public final class NoteSignature {
  private static final String DASH = "\u2014 ";
  private static final int ID_BYTES = 4;

  private final String name;
  private final int keyId;
  private final byte[] signature;

  /// @param name of the key
  /// @param keyId see [VerifierKey#id]
  /// @param signature what follows the id, in the form of the key's type
  /// @throws IllegalArgumentException if the name cannot be one, or there is no signature
  public NoteSignature(String name, int keyId, byte[] signature) {
    if (!VerifierKey.isName(name) || signature.length == 0) {
      throw new IllegalArgumentException("not a signature of a named key: " + name);
    }
    this.name = name;
    this.keyId = keyId;
    this.signature = signature.clone();
  }

  /// Reads a line, without its line end.
  ///
  /// @throws IllegalArgumentException if it is not one
  static NoteSignature parse(String line) {
    int space = line.indexOf(' ', DASH.length());
    if (!line.startsWith(DASH) || space < 0) {
      throw new IllegalArgumentException("not a signature line: " + line);
    }
    String base64 = line.substring(space + 1);
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length <= ID_BYTES || !Base64.getEncoder().encodeToString(bytes).equals(base64)) {
      throw new IllegalArgumentException("not the base64 of a key id and a signature: " + base64);
    }
    return new NoteSignature(
        line.substring(DASH.length(), space),
        ByteBuffer.wrap(bytes).getInt(),
        Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
  }

  /// The key's name.
  public String name() {
    return name;
  }

  /// The key's id.
  public int keyId() {
    return keyId;
  }

  /// A copy of the bytes after the id.
  public byte[] signature() {
    return signature.clone();
  }

  /// The line, with its line end.
  public String line() {
    byte[] bytes =
        ByteBuffer.allocate(ID_BYTES + signature.length).putInt(keyId).put(signature).array();
    return DASH + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that && line().equals(that.line());
  }

  @Override
  public int hashCode() {
    return line().hashCode();
  }

  @Override
  public String toString() {
    return line().strip();
  }
}
