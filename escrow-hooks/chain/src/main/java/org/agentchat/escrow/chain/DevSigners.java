package org.agentchat.escrow.chain;

import org.agentchat.escrow.devchain.Anvil;

/// The rich accounts of a local chain. Everybody knows their keys, so they are worth nothing
/// elsewhere.
public final class DevSigners {
  private DevSigners() {}

  /// The key of one of them.
  ///
  /// @param account 0 to 9
  public static Signer signer(int account) {
    return Signer.of(Anvil.key(account).getEcKeyPair());
  }
}
