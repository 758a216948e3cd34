package org.agentchat.schemas.escrow;

import java.math.BigInteger;
import java.util.Comparator;

/// One escrow contract on one chain. Everything that is hashed for it is hashed in its own EIP-712
/// domain, so no signature or escrow id of another contract or chain is ever one of this one.
public record EscrowContract(EvmChain chain, EvmAddress address)
    implements Comparable<EscrowContract> {
  private static final Comparator<EscrowContract> ORDER =
      Comparator.<EscrowContract>comparingLong(contract -> contract.chain().id())
          .thenComparing(contract -> contract.address().text());

  /// The contract's name in its domain.
  public static final String DOMAIN_NAME = "AgentEscrow";

  /// The version of its domain.
  public static final String DOMAIN_VERSION = "1";

  /// @throws IllegalArgumentException if the address is nobody's
  public EscrowContract {
    if (address.isZero()) {
      throw new IllegalArgumentException("no contract has the address zero");
    }
  }

  /// The domain that it verifies signatures in.
  public Eip712.Domain domain() {
    return new Eip712.Domain(DOMAIN_NAME, DOMAIN_VERSION, BigInteger.valueOf(chain.id()), address);
  }

  @Override
  public int compareTo(EscrowContract other) {
    return ORDER.compare(this, other);
  }

  /// As CAIP-10 writes an account.
  @Override
  public String toString() {
    return chain + ":" + address;
  }
}
