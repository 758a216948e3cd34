package org.agentchat.schemas.event;

import java.util.Locale;
import org.bouncycastle.util.encoders.Base32;

/// Names a proposal by the event that recorded it, so that every later signature over the name
/// commits to the whole proposal: `prop_` and the first 130 bits of the [LeafHash] in lower-case
/// base32 (RFC 4648 section 6), 26 characters.
public final class ProposalId {
  private static final int HASH_CHARS = 26;

  private ProposalId() {}

  /// The name of the proposal that the event recorded.
  public static String of(LeafHash event) {
    String base32 = Base32.toBase32String(event.raw()).substring(0, HASH_CHARS);
    return "prop_" + base32.toLowerCase(Locale.ROOT);
  }
}
