package org.agentchat.schemas.escrow;

import java.nio.charset.StandardCharsets;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Sha256;

/// Everything that a deal's escrow is made of: what was offered, the two wallets as they were bound
/// when it was accepted, and the deal itself by its hash. The contract knows an escrow by [#id]
/// alone, so whoever has the log can say which one is the deal's, and nobody can lock money under
/// other terms for it.
///
/// @param payer the proposer's wallet
/// @param payee the acceptor's wallet
/// @param proposal see [#commitment]
public record EscrowAgreement(
    EscrowTerms terms, EvmAddress payer, EvmAddress payee, EvmHash proposal) {
  /// The contract's struct.
  public static final String TYPE =
      "Terms(address payer,address payee,address operator,address arbiter,address token,"
          + "uint256 amount,uint64 deadline,uint32 reviewPeriod,uint32 disputePeriod,"
          + "uint16 silentBps,bytes32 proposal)";

  private static final byte[] COMMITMENT =
      "agentchat/escrow/1\n".getBytes(StandardCharsets.US_ASCII);

  /// What ties an escrow to a deal: SHA-256 of `agentchat/escrow/1`, a line end, and the leaf
  /// hashes of the two entries that made the deal, 32 bytes each.
  public static EvmHash commitment(LeafHash proposal, LeafHash accept) {
    return commitment(proposal.raw(), accept.raw());
  }

  static EvmHash commitment(byte[] proposal, byte[] accept) {
    return EvmHash.of(Sha256.of(COMMITMENT, proposal, accept));
  }

  /// `hashStruct` of the contract's terms, 32 bytes.
  public byte[] structHash() {
    return Eip712.hashStruct(
        TYPE,
        Eip712.word(payer),
        Eip712.word(payee),
        Eip712.word(terms.operator()),
        Eip712.word(terms.arbiter()),
        Eip712.word(terms.token()),
        Eip712.word(terms.amount().units()),
        Eip712.word(terms.deadline()),
        Eip712.word(terms.reviewPeriod()),
        Eip712.word(terms.disputePeriod()),
        Eip712.word(terms.silentBps()),
        proposal.raw());
  }

  /// By what the contract knows the escrow: the EIP-712 digest of its terms in the contract's
  /// domain.
  public EvmHash id() {
    return EvmHash.of(terms.escrowContract().domain().digest(structHash()));
  }
}
