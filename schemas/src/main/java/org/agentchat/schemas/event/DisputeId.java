package org.agentchat.schemas.event;

/// Names an Agentcourt case by the event that recorded its filing, as [ProposalId] names a
/// proposal: `disp_` and 26 characters.
public final class DisputeId {
  private DisputeId() {}

  /// The name of the case that the event opened.
  public static String of(LeafHash event) {
    return "disp_" + event.base32();
  }
}
