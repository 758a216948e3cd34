package org.agentchat.cli;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;

/// The word of an agent and of an account on a chain that they belong together, signed by both.
final class BoundWallet {
  private static final int NONCE_BYTES = 32;

  private BoundWallet() {}

  /// @param contract for which the binding is to count
  /// @param origin of the log for which it is signed
  static SignedStatement sign(
      Identity agent, Signer account, EscrowContract contract, String origin, Duration holds) {
    byte[] random = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(random);
    String nonce = HexFormat.of().formatHex(random);
    Instant now = Instant.now();
    long notAfter = now.plus(holds).getEpochSecond();
    EvmAddress address = new EvmAddress(account.address().hex());
    WalletBinding binding = new WalletBinding(contract, agent.key(), address, notAfter, nonce);
    EscrowStatement.WalletBind bind =
        new EscrowStatement.WalletBind(
            new EvmAccount(contract.chain(), address),
            contract.address(),
            EvmSignature.of(account.signHash(binding.digest())),
            nonce,
            notAfter);
    return SignedStatement.sign(agent, new Scheme.Bound(origin, now.toEpochMilli(), nonce), bind);
  }
}
