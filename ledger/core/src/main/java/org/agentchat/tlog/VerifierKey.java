package org.agentchat.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.identity.Signature;

/// A key that signs notes, as its verifiers know it: a "vkey", `<name>+<hex id>+<base64>` (C2SP
/// signed-note, "Verifier keys").
///
/// @param name of the signer, for a log its origin: not empty, no white space, no `+`
/// @param type what the key signs
/// @param key its bytes
public record VerifierKey(String name, Type type, AgentKey key) {
  /// What a key's signatures mean (C2SP signed-note, "Signature types").
  public enum Type {
    /// A log's own signature: Ed25519 over the note's text.
    ED25519(0x01),
    /// A witness's: Ed25519 over the text and the time (C2SP tlog-cosignature).
    COSIGNATURE(0x04);

    private final byte identifier;

    Type(int identifier) {
      this.identifier = (byte) identifier;
    }

    private static Optional<Type> of(byte identifier) {
      return Arrays.stream(values()).filter(type -> type.identifier == identifier).findFirst();
    }
  }

  private static final Pattern UNUSABLE =
      Pattern.compile(".*[\\s\\p{Z}\\p{Cc}+].*", Pattern.DOTALL);
  private static final int ID_BYTES = 4;

  /// @throws IllegalArgumentException if the name cannot be one
  public VerifierKey {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a key's name is not empty and has no white space and no +: " + name);
    }
  }

  static boolean isName(String name) {
    return !name.isEmpty() && !UNUSABLE.matcher(name).matches();
  }

  /// Reads a vkey.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static VerifierKey parse(String vkey) {
    String[] parts = vkey.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a key is <name>+<hex id>+<base64>, found: " + vkey);
    }
    byte[] typed = Base64.getDecoder().decode(parts[2]);
    if (typed.length != 1 + AgentKey.BYTES) {
      throw new IllegalArgumentException(
          "an Ed25519 key has 33 bytes after its id, not " + typed.length + ": " + vkey);
    }
    Type type =
        Type.of(typed[0])
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "signature type 0x%02x is not known here (0x01 and 0x04 are): %s"
                        .formatted(typed[0], vkey)));
    AgentKey key = AgentKey.ofRaw(Arrays.copyOfRange(typed, 1, typed.length));
    VerifierKey parsed = new VerifierKey(parts[0], type, key);
    if (!parsed.toString().equals(vkey)) {
      throw new IllegalArgumentException(
          "the id or the base64 does not belong to the key: %s, %s wanted".formatted(vkey, parsed));
    }
    return parsed;
  }

  /// The first four bytes of SHA-256 over name, line end, type and key.
  public int id() {
    byte[] named = (name + "\n").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Sha256.of(named, typed())).getInt();
  }

  private byte[] typed() {
    return ByteBuffer.allocate(1 + AgentKey.BYTES).put(type.identifier).put(key.raw()).array();
  }

  /// Whether a signature line says that it is by this key: same name and same id.
  public boolean isNamedBy(NoteSignature signature) {
    return signature.name().equals(name) && signature.keyId() == id();
  }

  /// Whether the signature is valid for the note's text.
  public boolean verify(String text, NoteSignature signature, Ed25519Verifier verifier) {
    byte[] bytes = signature.signature();
    return switch (type) {
      case ED25519 ->
          bytes.length == Signature.BYTES
              && verifier.verify(
                  key, text.getBytes(StandardCharsets.UTF_8), Signature.ofRaw(bytes));
      case COSIGNATURE ->
          Cosignature.decode(bytes)
              .filter(cosignature -> cosignature.isValid(text, key, verifier))
              .isPresent();
    };
  }

  /// The vkey.
  @Override
  public String toString() {
    byte[] id = ByteBuffer.allocate(ID_BYTES).putInt(id()).array();
    return name
        + "+"
        + HexFormat.of().formatHex(id)
        + "+"
        + Base64.getEncoder().encodeToString(typed());
  }
}
