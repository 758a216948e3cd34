package org.agentchat.schemas.statement;

import java.util.List;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.AgentKey;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What agents say of money on a chain: which wallet is theirs, and what an observer saw happen to
/// an escrow. Only `agentchat/2` carries these: each must name its log.
public sealed interface EscrowStatement extends Statement {
  /// A wallet is the agent's, for one escrow contract; replaces an earlier one for the same.
  ///
  /// @param account the wallet, on the contract's chain
  /// @param escrow the contract
  /// @param evmSignature the wallet's consent, see [WalletBinding]
  /// @param nonce of the consent, and of the statement's own signature: 64 lower-case hexadecimal
  ///   digits
  /// @param notAfter until when it holds, seconds since 1970
  record WalletBind(
      EvmAccount account, EvmAddress escrow, EvmSignature evmSignature, String nonce, long notAfter)
      implements EscrowStatement {
    /// @throws InvalidStatementException if a part has another shape
    public WalletBind {
      if (escrow.isZero()) {
        throw new InvalidStatementException("escrow: no contract has the address zero");
      }
      if (account.address().isZero()) {
        throw new InvalidStatementException("account: nobody's wallet, the address is zero");
      }
      if (!WalletBinding.isNonce(nonce)) {
        throw new InvalidStatementException("Missing or invalid nonce (64 hexadecimal digits)");
      }
      if (notAfter < 0 || notAfter >= 1L << 53) {
        throw new InvalidStatementException("Missing or invalid not_after (seconds since 1970)");
      }
    }

    /// The contract that the wallet is bound for.
    public EscrowContract contract() {
      return new EscrowContract(account.chain(), escrow);
    }

    /// What the wallet signed, if the agent with that key says this.
    public WalletBinding binding(AgentKey agentKey) {
      return new WalletBinding(contract(), agentKey, account.address(), notAfter, nonce);
    }

    /// How far it shows that the wallet agreed to be that agent's.
    public WalletBinding.Proof proof(AgentKey agentKey) {
      return binding(agentKey).proof(evmSignature);
    }

    @Override
    public String type() {
      return "WALLET_BIND";
    }

    @Override
    public ObjectNode json() {
      return object()
          .put("account", account.toString())
          .put("escrow", escrow.text())
          .put("evm_signature", evmSignature.toString())
          .put("nonce", nonce)
          .put("not_after", notAfter)
          .put("type", type());
    }
  }

  /// What the observer that a deal's terms name saw on the chain, once it is final there.
  sealed interface Observation extends EscrowStatement {
    /// The deal.
    String proposalId();

    /// The escrow, see [org.agentchat.schemas.escrow.EscrowAgreement#id].
    EvmHash escrowId();

    /// The chain.
    EvmChain chain();

    /// The contract that said so.
    EvmAddress contract();

    /// The transaction in which it did.
    EvmHash tx();

    /// The number of the block that holds the transaction, below 2^53.
    long blockNumber();

    /// The hash of that block.
    EvmHash blockHash();
  }

  /// The agreed amount is in the contract: the deal may start.
  record EscrowLocked(
      String proposalId,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash)
      implements Observation {
    /// @throws InvalidStatementException if a part has another shape
    public EscrowLocked {
      requireBlock(blockNumber);
    }

    @Override
    public String type() {
      return "ESCROW_LOCKED";
    }

    @Override
    public ObjectNode json() {
      return observed(this).put("proposal_id", proposalId).put("tx", tx.text()).put("type", type());
    }
  }

  /// The escrow was paid out.
  ///
  /// @param toPayee what the payee is credited with
  /// @param toPayer what the payer is credited with
  record EscrowSettled(
      String proposalId,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      TokenAmount toPayee,
      TokenAmount toPayer,
      EscrowOutcome how)
      implements Observation {
    /// @throws InvalidStatementException if a part has another shape
    public EscrowSettled {
      requireBlock(blockNumber);
    }

    @Override
    public String type() {
      return "ESCROW_SETTLED";
    }

    @Override
    public ObjectNode json() {
      return observed(this)
          .put("how", how.word())
          .put("proposal_id", proposalId)
          .put("to_payee", toPayee.toString())
          .put("to_payer", toPayer.toString())
          .put("tx", tx.text())
          .put("type", type());
    }
  }

  /// The escrow went back to the payer whole: it was not delivered in time.
  record EscrowRefunded(
      String proposalId,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash)
      implements Observation {
    /// @throws InvalidStatementException if a part has another shape
    public EscrowRefunded {
      requireBlock(blockNumber);
    }

    @Override
    public String type() {
      return "ESCROW_REFUNDED";
    }

    @Override
    public ObjectNode json() {
      return observed(this).put("proposal_id", proposalId).put("tx", tx.text()).put("type", type());
    }
  }

  /// @throws InvalidStatementException always
  @Override
  default String joined() {
    throw new InvalidStatementException(type() + " must be signed under " + Scheme.BOUND);
  }

  @Override
  default List<String> joinedForms() {
    return List.of();
  }

  private static void requireBlock(long blockNumber) {
    if (blockNumber < 0 || blockNumber >= 1L << 53) {
      throw new InvalidStatementException("Missing or invalid block_number");
    }
  }

  /// The first fields of every observation, in alphabetical order.
  private static ObjectNode observed(Observation seen) {
    return object()
        .put("block_hash", seen.blockHash().text())
        .put("block_number", seen.blockNumber())
        .put("chain", seen.chain().toString())
        .put("contract", seen.contract().text())
        .put("escrow_id", seen.escrowId().text());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
