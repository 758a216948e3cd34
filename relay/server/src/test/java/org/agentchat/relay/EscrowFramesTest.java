package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Wallets, deals that demand money, and what an observer saw, over real sockets.
final class EscrowFramesTest {
  private static final String ORIGIN = "test.example/log";
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), address("contract"));
  private static final TokenAmount AMOUNT = TokenAmount.of("1000");

  private final Identity payer = identity("payer", 1);
  private final Identity payee = identity("payee", 2);
  private final Identity observer = identity("observer", 3);
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
  void boundWalletIsAnswered() {
    Peer peer = online(payer);
    SignedStatement signed = bind(peer, payer);

    JsonNode answer = peer.expect("WALLET_BOUND");
    assertThat(answer.path("agent_id").stringValue()).isEqualTo(payer.id().toString());
    assertThat(answer.path("escrow").stringValue()).isEqualTo(CONTRACT.address().text());
    assertThat(answer.path("claimed").booleanValue()).isFalse();
    assertThat(answer.path("sig").stringValue()).isEqualTo(signed.signature().base64());
    assertThat(answer.path("index").longValue()).isEqualTo(1);
  }

  @Test
  void moneyIsToldToBothPartiesAndTheObserverAndStartsTheDeal() {
    Deal deal = agreed();
    deal.from().state(payer, bound(), new Statement.Complete(deal.id(), null));
    assertThat(deal.from().expectError("INVALID_PROPOSAL").path("message").stringValue())
        .isEqualTo("ESCROW_NOT_LOCKED: the escrow of %s is not locked yet".formatted(deal.id()));

    deal.watcher().state(observer, bound(), locked(deal));
    for (Peer peer : List.of(deal.from(), deal.to(), deal.watcher())) {
      JsonNode seen = peer.expect("ESCROW_LOCKED");
      assertThat(seen.path("proposal_id").stringValue()).isEqualTo(deal.id());
      assertThat(seen.path("observed_by").stringValue()).isEqualTo(observer.id().toString());
      assertThat(seen.path("block_number").longValue()).isEqualTo(7);
    }
    deal.from().state(payer, bound(), new Statement.Complete(deal.id(), null));
    deal.to().expect("COMPLETE");

    deal.watcher().state(observer, bound(), settled(deal));
    assertThat(deal.to().expect("ESCROW_SETTLED").path("to_payee").stringValue())
        .isEqualTo(AMOUNT.toString());
  }

  @Test
  void partyThatWasAwayHearsOfTheMoneyWhenItComesBack() {
    Deal deal = agreed();
    deal.to().close();
    deal.watcher().state(observer, bound(), locked(deal));
    deal.watcher().expect("ESCROW_LOCKED");

    assertThat(online(payee).expect("ESCROW_LOCKED").path("proposal_id").stringValue())
        .isEqualTo(deal.id());
  }

  @Test
  void nobodyButTheObserverIsBelieved() {
    Deal deal = agreed();
    deal.to().state(payee, bound(), locked(deal));

    assertThat(deal.to().expectError("ESCROW_REFUSED").path("message").stringValue())
        .startsWith("NOT_ESCROW_OBSERVER: ");
  }

  @Test
  void offerWithoutBoundWalletsCannotBeAccepted() {
    Peer from = online(payer);
    Peer to = online(payee);
    knownObserver();
    from.state(payer, bound(), offer());
    String id = to.expect("PROPOSAL").path("id").stringValue();
    to.state(payee, bound(), new Statement.Accept(id, null, null));

    assertThat(to.expectError("ESCROW_REFUSED").path("message").stringValue())
        .startsWith("WALLET_NOT_BOUND: ");
  }

  private record Deal(Peer from, Peer to, Peer watcher, String id, EvmHash escrow) {}

  /// Both have bound their wallets and agreed; the money is not locked.
  private Deal agreed() {
    Peer from = online(payer);
    Peer to = online(payee);
    Peer watcher = knownObserver();
    bind(from, payer);
    from.expect("WALLET_BOUND");
    bind(to, payee);
    to.expect("WALLET_BOUND");
    from.state(payer, bound(), offer());
    JsonNode offered = to.expect("PROPOSAL");
    assertThat(offered.path("escrow").path("amount").stringValue()).isEqualTo(AMOUNT.toString());
    String id = offered.path("id").stringValue();
    to.state(payee, bound(), new Statement.Accept(id, null, null));
    from.expect("ACCEPT");
    JsonNode accepted = to.expect("ACCEPT");
    return new Deal(from, to, watcher, id, escrow(offered, accepted));
  }

  /// As everybody computes it who has the log.
  private EvmHash escrow(JsonNode offered, JsonNode accepted) {
    return new EscrowAgreement(
            EscrowTerms.read(offered.path("escrow")),
            wallet(payer).address(),
            wallet(payee).address(),
            EscrowAgreement.commitment(leaf(offered), leaf(accepted)))
        .id();
  }

  private LeafHash leaf(JsonNode frame) {
    return LeafHash.of(log.read(frame.path("index").longValue(), 1).getFirst().value());
  }

  private static EvmKey wallet(Identity agent) {
    return EvmKey.of(hash("wallet of " + agent.name()));
  }

  /// The log must know an observer's key before terms can name it.
  private Peer knownObserver() {
    Peer watcher = online(observer);
    bind(watcher, observer);
    watcher.expect("WALLET_BOUND");
    return watcher;
  }

  private SignedStatement bind(Peer peer, Identity agent) {
    EvmKey wallet = wallet(agent);
    String nonce = HexFormat.of().formatHex(hash("nonce of " + agent.name()));
    long notAfter = Instant.now().getEpochSecond() + 86_400;
    WalletBinding binding =
        new WalletBinding(CONTRACT, agent.key(), wallet.address(), notAfter, nonce);
    EscrowStatement.WalletBind bind =
        new EscrowStatement.WalletBind(
            new EvmAccount(CONTRACT.chain(), wallet.address()),
            CONTRACT.address(),
            wallet.sign(binding.digest()),
            nonce,
            notAfter);
    return peer.state(agent, new Scheme.Bound(ORIGIN, System.currentTimeMillis(), nonce), bind);
  }

  private Statement.Proposal offer() {
    EscrowTerms terms =
        new EscrowTerms(
            AMOUNT,
            address("arbiter"),
            CONTRACT.chain(),
            CONTRACT.address(),
            Instant.now().getEpochSecond() + 86_400,
            3_600,
            observer.id(),
            EvmAddress.ZERO,
            3_600,
            5_000,
            EvmAddress.ZERO);
    return new Statement.Proposal(
        payee.id(), "task", null, null, null, null, null, null, null, terms);
  }

  private static EscrowStatement.EscrowLocked locked(Deal deal) {
    return new EscrowStatement.EscrowLocked(
        deal.id(),
        deal.escrow(),
        CONTRACT.chain(),
        CONTRACT.address(),
        EvmHash.of(hash("lock")),
        7,
        EvmHash.of(hash("block 7")));
  }

  private static EscrowStatement.EscrowSettled settled(Deal deal) {
    return new EscrowStatement.EscrowSettled(
        deal.id(),
        deal.escrow(),
        CONTRACT.chain(),
        CONTRACT.address(),
        EvmHash.of(hash("release")),
        9,
        EvmHash.of(hash("block 9")),
        AMOUNT,
        TokenAmount.ZERO,
        EscrowOutcome.RELEASED);
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

  private static EvmAddress address(String name) {
    return EvmAddress.of(Arrays.copyOf(hash(name), EvmAddress.BYTES));
  }

  private static byte[] hash(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
