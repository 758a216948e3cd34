package org.agentchat.hooks.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.EvmSignature;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Two agents, an observer and a relay that all speak into one log, and the fold of it.
final class Market {
  static final String ORIGIN = "example.com/log";
  static final Identity PAYER = agent("payer");
  static final Identity PAYEE = agent("payee");
  static final Identity OBSERVER = agent("observer");

  private final EventLog log;
  private final EscrowContract contract;
  private final Ledger ledger = new Ledger();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final List<Applied> applied = new ArrayList<>();
  private int said;

  /// Begins a log, in which the observer has spoken.
  Market(EventLog log, EscrowContract contract) {
    this.log = log;
    this.contract = contract;
    append(new Event.Genesis(now(), "relay", ORIGIN));
    says(
        OBSERVER,
        new Statement.Proposal(PAYER.id(), "hello", null, null, null, null, null, null, null));
  }

  static Identity agent(String name) {
    return Identity.ofSeed(name, Sha256.of(name.getBytes(StandardCharsets.UTF_8)), Instant.EPOCH);
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  Ledger ledger() {
    fold();
    return ledger;
  }

  /// What every entry did.
  List<Applied> applied() {
    fold();
    return List.copyOf(applied);
  }

  Proposal proposal(String id) {
    return ledger().proposal(id).orElseThrow();
  }

  Escrow escrow(String id) {
    Escrow escrow = proposal(id).escrow();
    assertThat(escrow).isNotNull();
    return escrow;
  }

  void bind(Identity agent, EvmKey wallet) {
    said++;
    String nonce = Sha256.hex("binding " + said);
    long notAfter = now() / 1_000 + 1_000_000;
    WalletBinding binding =
        new WalletBinding(contract, agent.key(), wallet.address(), notAfter, nonce);
    bind(agent, wallet.address(), wallet.sign(binding.digest()), nonce, notAfter);
  }

  /// A contract wallet, whose word only the chain knows.
  void claim(Identity agent, EvmAddress wallet) {
    said++;
    bind(
        agent,
        wallet,
        EvmSignature.of(HexFormat.of().parseHex("c0ffee")),
        Sha256.hex("binding " + said),
        now() / 1_000 + 1_000_000);
  }

  private void bind(
      Identity agent, EvmAddress wallet, EvmSignature signature, String nonce, long notAfter) {
    EscrowStatement.WalletBind bind =
        new EscrowStatement.WalletBind(
            new EvmAccount(contract.chain(), wallet),
            contract.address(),
            signature,
            nonce,
            notAfter);
    says(agent, bind, new Scheme.Bound(ORIGIN, now(), nonce));
  }

  EscrowTerms terms(long amount, long deadline, EvmAddress operator, EvmAddress arbiter) {
    return terms(amount, deadline, operator, arbiter, EvmAddress.ZERO);
  }

  EscrowTerms terms(
      long amount, long deadline, EvmAddress operator, EvmAddress arbiter, EvmAddress token) {
    return new EscrowTerms(
        TokenAmount.of(Long.toString(amount)),
        arbiter,
        contract.chain(),
        contract.address(),
        deadline,
        7_200,
        OBSERVER.id(),
        operator,
        3_600,
        2_500,
        token);
  }

  /// A deal that both sides agreed on.
  String agree(EscrowTerms terms) {
    Applied opened =
        says(
            PAYER,
            new Statement.Proposal(
                PAYEE.id(), "work", null, null, null, null, null, null, null, terms));
    String id =
        opened.effects().stream()
            .filter(Effect.ProposalOpened.class::isInstance)
            .map(effect -> ((Effect.ProposalOpened) effect).proposal().id())
            .findFirst()
            .orElseThrow();
    says(PAYEE, new Statement.Accept(id, null, null));
    return id;
  }

  /// The newest entry comes once more, byte for byte, as a relay may append it that did not hear
  /// that it had.
  void repeatLast() {
    byte[] last = log.read(log.size() - 1, 1).getFirst().value();
    log.append(last).join();
  }

  Applied says(Identity signer, Statement statement) {
    said++;
    return says(signer, statement, new Scheme.Bound(ORIGIN, now(), "nonce-%011d".formatted(said)));
  }

  private Applied says(Identity signer, Statement statement, Scheme scheme) {
    SignedStatement signed = SignedStatement.sign(signer, scheme, statement);
    return append(new Event.Stated(now(), "relay", signed, recipient(statement)));
  }

  private static @Nullable AgentKey recipient(Statement statement) {
    return statement instanceof Statement.Proposal proposal
        ? Stream.of(PAYER, PAYEE, OBSERVER)
            .map(Identity::key)
            .filter(key -> key.id().equals(proposal.to()))
            .findFirst()
            .orElse(null)
        : null;
  }

  /// Others may write at the same time, so what it did is found by its index.
  private Applied append(Event event) {
    long index = log.append(EventCodec.encode(event)).join();
    fold();
    Applied done = applied.get((int) index);
    assertThat(done.refusal()).isEmpty();
    return done;
  }

  private void fold() {
    while (true) {
      List<LogRecord> page = log.read(ledger.size(), EventLog.MAX_READ_RECORDS);
      if (page.isEmpty()) {
        return;
      }
      for (LogRecord next : page) {
        applied.add(ledger.apply(reader.read(next.index(), next.value())));
      }
    }
  }
}
