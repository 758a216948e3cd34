package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.ledger.VerifiedEvents;
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
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Wallets and money in a contract, over real sockets.
final class EscrowTest {
  private static final String ORIGIN = "test.example/log";
  private static final EvmHash TX = new EvmHash("0x" + "ab".repeat(32));
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), new EvmAddress("0x" + "c0".repeat(20)));
  private static final long NOT_AFTER = 4_000_000_000L;

  private final Identity alice = identity("alice");
  private final Identity bob = identity("bob");
  private final Identity observer = identity("observer");
  private final EvmKey alices = wallet("alice");
  private final EvmKey bobs = wallet("bob");
  private final long deadline = System.currentTimeMillis() / 1000 + 86_400;
  private final AtomicInteger nonces = new AtomicInteger();
  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN), log, new VerifiedEvents());
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void bindingIsAnsweredWithWhatTheLogSays() {
    Peer a = online(alice);
    SignedStatement signed = state(a, alice, binding(alice, alices));

    JsonNode answer = a.expect("WALLET_BOUND");
    assertThat(answer.path("agent_id").stringValue()).isEqualTo(alice.id().toString());
    assertThat(answer.path("account").stringValue()).isEqualTo("eip155:31337:" + alices.address());
    assertThat(answer.path("escrow").stringValue()).isEqualTo(CONTRACT.address().text());
    assertThat(answer.path("not_after").longValue()).isEqualTo(NOT_AFTER);
    assertThat(answer.path("claimed").booleanValue()).isFalse();
    assertThat(answer.path("sig").stringValue()).isEqualTo(signed.signature().base64());
    assertThat(answer.path("index").longValue()).isEqualTo(1);
  }

  @Test
  void bindingThatTheWalletDidNotSignIsNotRecorded() {
    Peer a = online(alice);
    EscrowStatement.WalletBind good = binding(alice, alices);
    state(
        a,
        alice,
        new EscrowStatement.WalletBind(
            good.account(),
            good.escrow(),
            bobs.sign(good.binding(alice.key()).digest()),
            good.nonce(),
            good.notAfter()));

    a.expectError("VERIFICATION_FAILED");
    assertThat(log.size()).isEqualTo(1);
  }

  @Test
  void bindingOfAContractWalletIsAClaim() {
    Peer a = online(alice);
    EscrowStatement.WalletBind good = binding(alice, alices);
    state(
        a,
        alice,
        new EscrowStatement.WalletBind(
            good.account(),
            good.escrow(),
            EvmSignature.of(new byte[130]),
            good.nonce(),
            good.notAfter()));

    assertThat(a.expect("WALLET_BOUND").path("claimed").booleanValue()).isTrue();
  }

  @Test
  void oldSchemeSpeaksOfNoMoney() {
    Peer a = online(alice);
    SignedStatement signed = SignedStatement.sign(alice, bound(), offer());
    ObjectNode frame = ClientMessageCodec.encode(signed);
    frame.remove(List.of("scheme", "key", "origin", "ts", "nonce"));
    a.send(Json.text(frame));

    assertThat(a.expectError("INVALID_MSG").path("message").stringValue())
        .isEqualTo("escrow must be signed under agentchat/2");
  }

  @Test
  void dealWithMoneyIsToldToBothSidesAndTheObserver() {
    Peer a = online(alice);
    Peer b = online(bob);
    Peer o = online(observer);
    bindBoth(a, b, o);

    a.state(alice, bound(), offer());
    JsonNode proposal = b.expect("PROPOSAL");
    assertThat(EscrowTerms.read(proposal.path("escrow"))).isEqualTo(terms());
    assertThat(a.expect("PROPOSAL").path("escrow")).isEqualTo(proposal.path("escrow"));
    String id = proposal.path("id").stringValue();

    b.state(bob, bound(), new Statement.Accept(id, null, null));
    JsonNode escrow = a.expect("ACCEPT").path("escrow");
    assertThat(escrow.path("payer").stringValue()).isEqualTo(alices.address().text());
    assertThat(escrow.path("payee").stringValue()).isEqualTo(bobs.address().text());
    assertThat(b.expect("ACCEPT").path("escrow")).isEqualTo(escrow);

    b.state(bob, bound(), new Statement.Complete(id, null));
    assertThat(b.expectError("ESCROW_NOT_LOCKED").path("message").stringValue())
        .isEqualTo("The escrow of " + id + " is not locked yet");

    EvmHash escrowId = new EvmHash(escrow.path("id").stringValue());
    o.state(observer, bound(), locked(id, escrowId));
    for (Peer peer : List.of(a, b, o)) {
      JsonNode locked = peer.expect("ESCROW_LOCKED");
      assertThat(locked.path("proposal_id").stringValue()).isEqualTo(id);
      assertThat(locked.path("observer").stringValue()).isEqualTo(observer.id().toString());
      assertThat(locked.path("escrow_id").stringValue()).isEqualTo(escrowId.text());
      assertThat(locked.path("chain").stringValue()).isEqualTo("eip155:31337");
      assertThat(locked.path("tx").stringValue()).isEqualTo(TX.text());
      assertThat(locked.path("block_number").longValue()).isEqualTo(7);
      assertThat(locked.path("index").longValue()).isEqualTo(log.size() - 1L);
    }
    b.state(bob, bound(), new Statement.Complete(id, null));
    a.expect("COMPLETE");

    o.state(observer, bound(), settled(id, escrowId));
    JsonNode settled = b.expect("ESCROW_SETTLED");
    assertThat(settled.path("how").stringValue()).isEqualTo("released");
    assertThat(settled.path("to_payee").stringValue()).isEqualTo("1000");
    assertThat(settled.path("to_payer").stringValue()).isEqualTo("0");
  }

  @Test
  void whoWasAwayIsToldOfTheMoneyLater() {
    Peer a = online(alice);
    Peer b = online(bob);
    Peer o = online(observer);
    bindBoth(a, b, o);
    JsonNode accept = agreed(a, b);
    String id = accept.path("proposal_id").stringValue();
    EvmHash escrowId = escrowId(accept);
    a.close();
    b.close();
    o.state(observer, bound(), locked(id, escrowId));
    o.expect("ESCROW_LOCKED");
    o.state(
        observer,
        bound(),
        new EscrowStatement.EscrowRefunded(
            id, escrowId, CONTRACT.chain(), CONTRACT.address(), TX, 8, TX));
    o.expect("ESCROW_REFUNDED");

    Peer back = online(alice);
    back.expect("ESCROW_LOCKED");
    assertThat(back.expect("ESCROW_REFUNDED").path("escrow_id").stringValue())
        .isEqualTo(escrowId.text());
  }

  @Test
  void refusalsNameTheirReason() {
    Peer a = online(alice);
    Peer b = online(bob);
    Peer o = online(observer);
    a.state(alice, bound(), offer());
    assertThat(a.expectError("INVALID_ESCROW").path("message").stringValue())
        .startsWith("UNKNOWN_OBSERVER: the log knows no key of the observer " + observer.id());
    o.state(observer, bound(), skills());
    o.expect("SKILLS_REGISTERED");
    a.state(alice, bound(), offer());
    String id = b.expect("PROPOSAL").path("id").stringValue();
    b.state(bob, bound(), new Statement.Accept(id, null, null));
    assertThat(b.expectError("WALLET_NOT_BOUND").path("message").stringValue())
        .isEqualTo(
            "%s has no wallet bound for the escrow contract %s".formatted(alice.id(), CONTRACT));
    state(a, alice, binding(alice, alices));
    a.expect("WALLET_BOUND");
    state(b, bob, binding(bob, bobs));
    b.expect("WALLET_BOUND");
    b.state(bob, bound(), new Statement.Accept(id, null, null));
    EvmHash escrowId = escrowId(b.expect("ACCEPT"));

    b.state(bob, bound(), locked(id, escrowId));
    assertThat(b.expectError("INVALID_ESCROW").path("message").stringValue())
        .startsWith("NOT_ESCROW_OBSERVER: ");
    o.state(observer, bound(), settled(id, escrowId));
    assertThat(o.expectError("INVALID_ESCROW").path("message").stringValue())
        .startsWith("ESCROW_OUT_OF_ORDER: ");
    o.state(observer, bound(), locked(id, TX));
    assertThat(o.expectError("INVALID_ESCROW").path("message").stringValue())
        .startsWith("ESCROW_DIFFERS: ");
    o.state(observer, bound(), locked(id, escrowId));
    long first = o.expect("ESCROW_LOCKED").path("index").longValue();
    o.state(observer, bound(), locked(id, escrowId));
    assertThat(o.expectError("STATEMENT_REPEATED").path("index").longValue()).isEqualTo(first);
  }

  private void bindBoth(Peer a, Peer b, Peer o) {
    o.state(observer, bound(), skills());
    o.expect("SKILLS_REGISTERED");
    state(a, alice, binding(alice, alices));
    a.expect("WALLET_BOUND");
    state(b, bob, binding(bob, bobs));
    b.expect("WALLET_BOUND");
  }

  /// What says so to both.
  private JsonNode agreed(Peer a, Peer b) {
    a.state(alice, bound(), offer());
    String id = b.expect("PROPOSAL").path("id").stringValue();
    b.state(bob, bound(), new Statement.Accept(id, null, null));
    a.expect("ACCEPT");
    return b.expect("ACCEPT");
  }

  private static EvmHash escrowId(JsonNode accept) {
    return new EvmHash(accept.at("/escrow/id").stringValue());
  }

  private EscrowTerms terms() {
    return new EscrowTerms(
        TokenAmount.of("1000"),
        new EvmAddress("0x" + "a1".repeat(20)),
        CONTRACT.chain(),
        CONTRACT.address(),
        deadline,
        100,
        observer.id(),
        EvmAddress.ZERO,
        100,
        5_000,
        EvmAddress.ZERO);
  }

  private Statement.Proposal offer() {
    return new Statement.Proposal(
        bob.id(), "task", null, null, null, null, null, null, null, terms());
  }

  private static EscrowStatement.EscrowLocked locked(String proposal, EvmHash id) {
    return new EscrowStatement.EscrowLocked(
        proposal, id, CONTRACT.chain(), CONTRACT.address(), TX, 7, TX);
  }

  private static EscrowStatement.EscrowSettled settled(String proposal, EvmHash id) {
    return new EscrowStatement.EscrowSettled(
        proposal,
        id,
        CONTRACT.chain(),
        CONTRACT.address(),
        TX,
        9,
        TX,
        TokenAmount.of("1000"),
        TokenAmount.ZERO,
        EscrowOutcome.RELEASED);
  }

  private static RegisterSkills skills() {
    return new RegisterSkills(new JsonText("[{\"capability\":\"observing\"}]"));
  }

  private EscrowStatement.WalletBind binding(Identity agent, EvmKey wallet) {
    String nonce = Sha256.hex("binding " + nonces.incrementAndGet());
    WalletBinding binding =
        new WalletBinding(CONTRACT, agent.key(), wallet.address(), NOT_AFTER, nonce);
    return new EscrowStatement.WalletBind(
        new EvmAccount(CONTRACT.chain(), wallet.address()),
        CONTRACT.address(),
        wallet.sign(binding.digest()),
        nonce,
        NOT_AFTER);
  }

  private static SignedStatement state(
      Peer peer, Identity signer, EscrowStatement.WalletBind bind) {
    return peer.state(
        signer, new Scheme.Bound(ORIGIN, System.currentTimeMillis(), bind.nonce()), bind);
  }

  private static EvmKey wallet(String name) {
    return EvmKey.of(HexFormat.of().parseHex(Sha256.hex(name)));
  }

  private static Identity identity(String name) {
    byte[] seed = HexFormat.of().parseHex(Sha256.hex("key of " + name));
    return Identity.ofSeed(name, seed, Instant.EPOCH);
  }

  private Scheme bound() {
    String nonce = "nonce-%016d".formatted(nonces.incrementAndGet());
    return new Scheme.Bound(ORIGIN, System.currentTimeMillis(), nonce);
  }

  private Peer online(Identity identity) {
    Peer peer = Peer.identified(relay.url(), identity);
    peers.add(peer);
    return peer;
  }
}
