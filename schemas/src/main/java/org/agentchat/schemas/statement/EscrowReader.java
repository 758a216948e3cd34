package org.agentchat.schemas.statement;

import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.TokenAmount;

/// Reads what is said of money on a chain.
final class EscrowReader {
  private final StatementFields fields;

  EscrowReader(StatementFields fields) {
    this.fields = fields;
  }

  /// @throws IllegalArgumentException if no such statement has that name
  EscrowStatement read(String type) {
    return switch (type) {
      case "WALLET_BIND" -> walletBind();
      case "ESCROW_LOCKED" -> locked();
      case "ESCROW_SETTLED" -> settled();
      case "ESCROW_REFUNDED" -> refunded();
      default -> throw new IllegalArgumentException("no escrow statement is called " + type);
    };
  }

  private EscrowStatement walletBind() {
    EvmAccount account =
        fields.parsed(
            "account", "Missing or invalid account (CAIP-10, in lower case)", EvmAccount::of);
    EvmAddress escrow = address("escrow");
    EvmSignature signature =
        fields.parsed(
            "evm_signature",
            "Missing or invalid evm_signature (0x and 1 to %d bytes in lower-case hexadecimal)"
                .formatted(EvmSignature.MAX_BYTES),
            EvmSignature::of);
    String nonce = fields.word("nonce", "Missing or invalid nonce (64 hexadecimal digits)");
    long notAfter =
        fields.safeInteger("not_after", "Missing or invalid not_after (seconds since 1970)");
    fields.requireSigned("A wallet's binding must be signed");
    return new EscrowStatement.WalletBind(account, escrow, signature, nonce, notAfter);
  }

  /// What every observation names.
  private record Seen(
      String proposalId,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash) {}

  private Seen seen() {
    return new Seen(
        fields.token("proposal_id", "Missing proposal_id"),
        hash("escrow_id"),
        fields.parsed("chain", "Missing or invalid chain (CAIP-2, eip155 only)", EvmChain::of),
        address("contract"),
        hash("tx"),
        fields.safeInteger("block_number", "Missing or invalid block_number"),
        hash("block_hash"));
  }

  private EscrowStatement locked() {
    Seen seen = seen();
    fields.requireSigned("Escrow observations must be signed");
    return new EscrowStatement.EscrowLocked(
        seen.proposalId,
        seen.escrowId,
        seen.chain,
        seen.contract,
        seen.tx,
        seen.blockNumber,
        seen.blockHash);
  }

  private EscrowStatement settled() {
    Seen seen = seen();
    TokenAmount toPayee = amount("to_payee");
    TokenAmount toPayer = amount("to_payer");
    EscrowOutcome how =
        fields.parsed(
            "how",
            "Invalid how (must be released, settled, resolved, or silent)",
            EscrowOutcome::of);
    fields.requireSigned("Escrow observations must be signed");
    return new EscrowStatement.EscrowSettled(
        seen.proposalId,
        seen.escrowId,
        seen.chain,
        seen.contract,
        seen.tx,
        seen.blockNumber,
        seen.blockHash,
        toPayee,
        toPayer,
        how);
  }

  private EscrowStatement refunded() {
    Seen seen = seen();
    fields.requireSigned("Escrow observations must be signed");
    return new EscrowStatement.EscrowRefunded(
        seen.proposalId,
        seen.escrowId,
        seen.chain,
        seen.contract,
        seen.tx,
        seen.blockNumber,
        seen.blockHash);
  }

  private EvmAddress address(String name) {
    return fields.parsed(
        name,
        "Missing or invalid %s (0x and 40 lower-case hexadecimal digits)".formatted(name),
        EvmAddress::new);
  }

  private EvmHash hash(String name) {
    return fields.parsed(
        name,
        "Missing or invalid %s (0x and 64 lower-case hexadecimal digits)".formatted(name),
        EvmHash::new);
  }

  private TokenAmount amount(String name) {
    return fields.parsed(
        name,
        "Missing or invalid %s (base units, a decimal text)".formatted(name),
        TokenAmount::of);
  }
}
