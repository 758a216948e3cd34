package org.agentchat.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Wallets, terms and observations of a chain that exists only here.
final class Money {
  static final EscrowContract CONTRACT = contract(1);

  /// Whose word both sides take.
  static final Identity OBSERVER = World.agent("observer");

  static final TokenAmount AMOUNT = TokenAmount.of("1000000000000000000");

  /// Far after everything that a test does.
  static final long LATE = World.START / 1000 + 10L * 365 * 24 * 60 * 60;

  /// How long after the beginning of the log the escrow must be locked.
  static final Duration TO_LOCK = Duration.ofDays(3);

  static final Duration REVIEW = Duration.ofDays(1);
  static final Duration DISPUTE = Duration.ofDays(7);

  private Money() {}

  static EscrowContract contract(int number) {
    return new EscrowContract(new EvmChain(31_337), EvmAddress.of(address("contract " + number)));
  }

  private static byte[] address(String name) {
    return Arrays.copyOf(hash(name), EvmAddress.BYTES);
  }

  private static byte[] hash(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8));
  }

  /// The wallet that always has the same key.
  static EvmKey wallet(String name) {
    return EvmKey.of(hash(name));
  }

  static EscrowStatement.WalletBind bind(Identity agent, EvmKey wallet) {
    return bind(agent, wallet, CONTRACT, "1", LATE);
  }

  /// A binding that the wallet's key signed.
  ///
  /// @param nonce names the binding
  static EscrowStatement.WalletBind bind(
      Identity agent, EvmKey wallet, EscrowContract contract, String nonce, long notAfter) {
    String hex = HexFormat.of().formatHex(hash(nonce));
    WalletBinding binding =
        new WalletBinding(contract, agent.key(), wallet.address(), notAfter, hex);
    return new EscrowStatement.WalletBind(
        new EvmAccount(contract.chain(), wallet.address()),
        contract.address(),
        wallet.sign(binding.digest()),
        hex,
        notAfter);
  }

  /// The binding of a contract wallet, which only the chain can judge.
  static EscrowStatement.WalletBind claim(EvmAddress wallet) {
    return new EscrowStatement.WalletBind(
        new EvmAccount(CONTRACT.chain(), wallet),
        CONTRACT.address(),
        EvmSignature.of(new byte[130]),
        HexFormat.of().formatHex(hash("claim " + wallet)),
        LATE);
  }

  static EscrowTerms terms() {
    return terms(CONTRACT, World.START / 1000 + TO_LOCK.toSeconds(), OBSERVER);
  }

  static EscrowTerms terms(EscrowContract contract, long deadline, Identity observer) {
    return new EscrowTerms(
        AMOUNT,
        EvmAddress.of(address("arbiter")),
        contract.chain(),
        contract.address(),
        deadline,
        DISPUTE.toSeconds(),
        observer.id(),
        EvmAddress.ZERO,
        REVIEW.toSeconds(),
        5_000,
        EvmAddress.ZERO);
  }

  static Statement offer(Identity to, @Nullable EscrowTerms escrow) {
    return offer(to, escrow, null);
  }

  static Statement offer(Identity to, @Nullable EscrowTerms escrow, @Nullable Integer stake) {
    return new Statement.Proposal(
        to.id(), "task", null, null, null, null, null, stake, null, escrow);
  }

  static EvmHash hashOf(String name) {
    return EvmHash.of(hash(name));
  }

  static EscrowStatement.EscrowLocked locked(Proposal deal) {
    return locked(deal, 100);
  }

  static EscrowStatement.EscrowLocked locked(Proposal deal, long block) {
    return new EscrowStatement.EscrowLocked(
        deal.id(),
        escrow(deal).id(),
        CONTRACT.chain(),
        CONTRACT.address(),
        hashOf("lock"),
        block,
        hashOf("block " + block));
  }

  static EscrowStatement.EscrowSettled settled(Proposal deal) {
    return settled(deal, AMOUNT, TokenAmount.ZERO, EscrowOutcome.RELEASED);
  }

  static EscrowStatement.EscrowSettled settled(
      Proposal deal, TokenAmount toPayee, TokenAmount toPayer, EscrowOutcome how) {
    return new EscrowStatement.EscrowSettled(
        deal.id(),
        escrow(deal).id(),
        CONTRACT.chain(),
        CONTRACT.address(),
        hashOf("settle"),
        200,
        hashOf("block 200"),
        toPayee,
        toPayer,
        how);
  }

  static EscrowStatement.EscrowRefunded refunded(Proposal deal) {
    return refunded(deal, 200);
  }

  static EscrowStatement.EscrowRefunded refunded(Proposal deal, long block) {
    return new EscrowStatement.EscrowRefunded(
        deal.id(),
        escrow(deal).id(),
        CONTRACT.chain(),
        CONTRACT.address(),
        hashOf("refund"),
        block,
        hashOf("block " + block));
  }

  static Escrow escrow(Proposal deal) {
    Escrow escrow = deal.escrow();
    if (escrow == null) {
      throw new IllegalStateException(deal.id() + " has no escrow");
    }
    return escrow;
  }
}
