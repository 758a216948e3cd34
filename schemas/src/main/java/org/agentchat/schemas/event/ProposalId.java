package org.agentchat.schemas.event;

/// Names a proposal by the event that recorded it, so that every later signature over the name
/// commits to the whole proposal: `prop_` and the first 130 bits of the [LeafHash] in lower-case
/// base32 (RFC 4648 section 6), 26 characters.
public final class ProposalId {
  private ProposalId() {}

  /// The name of the proposal that the event recorded.
  public static String of(LeafHash event) {
    return "prop_" + event.base32();
  }
}
