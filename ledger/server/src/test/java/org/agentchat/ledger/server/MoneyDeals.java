package org.agentchat.ledger.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.agentchat.schemas.escrow.EscrowAgreement;
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
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;

/// Writes what is said of money into [Deals]: of a chain that exists only here.
final class MoneyDeals {
  static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), address("contract"));

  /// Whose word both sides take.
  static final Identity OBSERVER = Deals.agent(9);

  static final TokenAmount AMOUNT = TokenAmount.of("1500000000000000000");

  /// How long an escrow may wait to be locked, in seconds.
  private static final long TO_LOCK = 3 * 24 * 60 * 60;

  private static final long YEAR = 365L * 24 * 60 * 60;

  private final Deals deals;
  private final Map<AgentId, EvmAddress> bound = new HashMap<>();
  private Identity observer = OBSERVER;
  private int nonces;

  MoneyDeals(Deals deals) {
    this.deals = deals;
  }

  /// An accepted deal that demands money.
  record Agreed(String proposalId, EvmHash escrowId) {}

  /// [Deals#ofEveryKind], then every phase that an escrow can be in, a payout long after its deal,
  /// and wallets bound anew.
  static Deals ofEveryKind() {
    Deals deals = Deals.ofEveryKind();
    Identity payer = Deals.agent(1);
    Identity payee = Deals.agent(2);
    MoneyDeals money = new MoneyDeals(deals);
    deals.state(OBSERVER, Deals.skills("watching"));
    money.bind(payer, "an old one").bind(payer, "payer").claim(payee, address("a contract's"));
    Agreed claimed = money.agree(payer, payee, "to a wallet that only the chain knows");
    money.lock(claimed).deals.complete(payer, claimed.proposalId());
    money.bind(payee, "payee");
    Agreed released = money.agree(payer, payee, "paid out");
    money.lock(released).deals.complete(payer, released.proposalId());
    money.settle(released, AMOUNT, TokenAmount.ZERO, EscrowOutcome.RELEASED);
    Agreed refunded = money.agree(payer, payee, "given back");
    money.lock(refunded).refund(refunded);
    money.agree(payer, payee, "never locked");
    money.offer(payer, payee, "not accepted");
    deals.later(4L * 24 * Deals.HOUR).tick();
    money.settle(
        claimed,
        TokenAmount.of("500000000000000000"),
        TokenAmount.of("1000000000000000000"),
        EscrowOutcome.SETTLED);
    money.lock(money.agree(payer, payee, "in the contract"));
    money.agree(payer, payee, "awaited");
    return deals;
  }

  /// Observer and both wallets are there afterwards.
  MoneyDeals begin(Identity payer, Identity payee) {
    deals.state(OBSERVER, Deals.skills("watching"));
    return bind(payer, "payer").bind(payee, "payee");
  }

  /// From here on the observer speaks with another key.
  MoneyDeals by(Identity key) {
    observer = key;
    return this;
  }

  private static byte[] hash(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8));
  }

  static EvmAddress address(String name) {
    return EvmAddress.of(Arrays.copyOf(hash(name), EvmAddress.BYTES));
  }

  /// The wallet that always has the same key.
  static EvmKey wallet(String name) {
    return EvmKey.of(hash(name));
  }

  /// A binding that the wallet's key signed.
  MoneyDeals bind(Identity agent, String wallet) {
    EvmKey key = wallet(wallet);
    String nonce = nonce();
    long notAfter = deals.seconds() + YEAR;
    WalletBinding binding =
        new WalletBinding(CONTRACT, agent.key(), key.address(), notAfter, nonce);
    return bind(agent, key.address(), key.sign(binding.digest()), nonce, notAfter);
  }

  /// The binding of a contract wallet, which only the chain can judge.
  MoneyDeals claim(Identity agent, EvmAddress wallet) {
    return bind(agent, wallet, EvmSignature.of(new byte[130]), nonce(), deals.seconds() + YEAR);
  }

  private String nonce() {
    nonces++;
    return HexFormat.of().formatHex(hash("nonce " + deals.last() + nonces));
  }

  private MoneyDeals bind(
      Identity agent, EvmAddress wallet, EvmSignature consent, String nonce, long notAfter) {
    bound.put(agent.id(), wallet);
    deals.state(
        agent,
        new EscrowStatement.WalletBind(
            new EvmAccount(CONTRACT.chain(), wallet),
            CONTRACT.address(),
            consent,
            nonce,
            notAfter));
    return this;
  }

  EscrowTerms terms() {
    return new EscrowTerms(
        AMOUNT,
        address("arbiter"),
        CONTRACT.chain(),
        CONTRACT.address(),
        deals.seconds() + TO_LOCK,
        7 * 24 * 60 * 60,
        OBSERVER.id(),
        EvmAddress.ZERO,
        24 * 60 * 60,
        5_000,
        EvmAddress.ZERO);
  }

  /// An offer that demands money.
  String offer(Identity from, Identity to, String task) {
    return offer(from, to, task, terms());
  }

  private String offer(Identity from, Identity to, String task, EscrowTerms terms) {
    return deals.propose(
        from,
        to,
        new Statement.Proposal(to.id(), task, null, null, null, null, null, null, null, terms));
  }

  /// A deal between the wallets that were bound here last.
  Agreed agree(Identity payer, Identity payee, String task) {
    return agree(payer, payee, task, payer);
  }

  /// @param boundAs the key with which the payer bound its wallet
  Agreed agree(Identity payer, Identity payee, String task, Identity boundAs) {
    EscrowTerms terms = terms();
    String id = offer(payer, payee, task, terms);
    LeafHash offer = deals.last();
    deals.accept(payee, id, null);
    EscrowAgreement agreement =
        new EscrowAgreement(
            terms,
            Objects.requireNonNull(bound.get(boundAs.id())),
            Objects.requireNonNull(bound.get(payee.id())),
            EscrowAgreement.commitment(offer, deals.last()));
    return new Agreed(id, agreement.id());
  }

  MoneyDeals lock(Agreed agreed) {
    deals.state(
        observer,
        new EscrowStatement.EscrowLocked(
            agreed.proposalId(),
            agreed.escrowId(),
            CONTRACT.chain(),
            CONTRACT.address(),
            EvmHash.of(hash("lock " + agreed.proposalId())),
            100,
            EvmHash.of(hash("block 100"))));
    return this;
  }

  MoneyDeals settle(Agreed agreed, TokenAmount toPayee, TokenAmount toPayer, EscrowOutcome how) {
    deals.state(
        observer,
        new EscrowStatement.EscrowSettled(
            agreed.proposalId(),
            agreed.escrowId(),
            CONTRACT.chain(),
            CONTRACT.address(),
            EvmHash.of(hash("settle " + agreed.proposalId())),
            200,
            EvmHash.of(hash("block 200")),
            toPayee,
            toPayer,
            how));
    return this;
  }

  MoneyDeals refund(Agreed agreed) {
    deals.state(
        observer,
        new EscrowStatement.EscrowRefunded(
            agreed.proposalId(),
            agreed.escrowId(),
            CONTRACT.chain(),
            CONTRACT.address(),
            EvmHash.of(hash("refund " + agreed.proposalId())),
            200,
            EvmHash.of(hash("block 200"))));
    return this;
  }
}
