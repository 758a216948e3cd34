package org.agentchat.akash.chain;

import java.util.List;
import java.util.SortedMap;
import org.agentchat.akash.wallet.Address;

/// A provider as the chain has it.
///
/// @param hostUri where it answers, `https://host:port`
/// @param attributes what it says of itself
/// @param auditors who signed for that
public record Provider(
    Address owner, String hostUri, SortedMap<String, String> attributes, List<String> auditors) {
  public Provider {
    auditors = List.copyOf(auditors);
  }
}
