package org.agentchat.tlog;

import java.nio.charset.StandardCharsets;
import org.agentchat.schemas.identity.Identity;

/// A key pair that signs notes under a name.
///
/// @param name see [VerifierKey#name]
/// @param keys the pair; whoever signs for a log and for a witness uses two
public record NoteSigner(String name, Identity keys) {
  /// What verifiers of this log's checkpoints need.
  public VerifierKey logKey() {
    return new VerifierKey(name, VerifierKey.Type.ED25519, keys.key());
  }

  /// What verifiers of this witness's cosignatures need.
  public VerifierKey witnessKey() {
    return new VerifierKey(name, VerifierKey.Type.COSIGNATURE, keys.key());
  }

  /// The log's own signature on a note's text.
  public NoteSignature sign(String text) {
    byte[] signature = keys.sign(text.getBytes(StandardCharsets.UTF_8)).raw();
    return new NoteSignature(name, logKey().id(), signature);
  }

  /// A witness's signature on a checkpoint's text.
  ///
  /// @param seconds the time, since 1970
  public NoteSignature cosign(String text, long seconds) {
    return new NoteSignature(
        name, witnessKey().id(), Cosignature.sign(text, seconds, keys).encode());
  }
}
