package org.agentchat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.EscrowMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a client says of wallets and of money in a contract.
class EscrowOperationsTest {
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), new EvmAddress("0x" + "c0".repeat(20)));
  private static final EvmHash HASH = new EvmHash("0x" + "ab".repeat(32));
  private static final Instant NOT_AFTER = Instant.ofEpochSecond(4_000_000_000L);

  private FakeRelay relay;
  private Agents agents;

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.OURS);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  /// Answers as our relay does, and says of each statement whether both signatures are good.
  private void answering() {
    relay.on(
        ClientMessage.State.class,
        (peer, asked) -> {
          ClientMessage.State state = (ClientMessage.State) asked.message();
          boolean valid =
              new SignedStatement(
                      state.statement(),
                      state.scheme(),
                      Objects.requireNonNull(state.key()),
                      Signature.ofBase64(state.signature()))
                  .isValid(new Ed25519Verifier());
          peer.send(
              valid
                  ? answer((EscrowStatement) state.statement(), peer.id(), state.signature())
                  : new ServerMessage.Refused(1, "VERIFICATION_FAILED", "no", null, asked.id()));
        });
  }

  private static ServerMessage answer(EscrowStatement statement, AgentId by, String sig) {
    return switch (statement) {
      case EscrowStatement.WalletBind bind ->
          new EscrowMessage.WalletBound(
              1, by, bind.account(), bind.escrow(), bind.notAfter(), false, sig, 7L);
      case EscrowStatement.EscrowLocked seen ->
          new EscrowMessage.EscrowLocked(
              1,
              seen.proposalId(),
              by,
              by,
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              sig,
              8L);
      case EscrowStatement.EscrowSettled seen ->
          new EscrowMessage.EscrowSettled(
              1,
              seen.proposalId(),
              by,
              by,
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              seen.toPayee(),
              seen.toPayer(),
              seen.how(),
              sig,
              9L);
      case EscrowStatement.EscrowRefunded seen ->
          new EscrowMessage.EscrowRefunded(
              1,
              seen.proposalId(),
              by,
              by,
              by,
              seen.escrowId(),
              seen.chain(),
              seen.contract(),
              seen.tx(),
              seen.blockNumber(),
              seen.blockHash(),
              sig,
              9L);
    };
  }

  @Test
  void walletIsBoundWithBothSignatures() {
    answering();
    AgentChatClient client = agents.connect(1);
    EvmKey wallet = EvmKey.of(HASH.raw());
    WalletBinding binding = client.walletBinding(CONTRACT, wallet.address(), NOT_AFTER);
    EscrowMessage.WalletBound bound =
        client.bindWallet(binding, wallet.sign(binding.digest())).orThrow();

    assertThat(bound.account().address()).isEqualTo(wallet.address());
    assertThat(bound.notAfter()).isEqualTo(NOT_AFTER.getEpochSecond());
    WalletBinding other = client.walletBinding(CONTRACT, wallet.address(), NOT_AFTER);
    assertThat(other.nonce()).as("a nonce is used once").isNotEqualTo(binding.nonce());
    assertThat(client.bindWallet(other, wallet.sign(binding.digest())))
        .as("the consent is to another binding")
        .isInstanceOf(Reply.Refused.class);
  }

  @Test
  void everyObservationGetsItsAnswer() {
    answering();
    AgentChatClient client = agents.connect(1);
    EscrowStatement.EscrowLocked locked =
        new EscrowStatement.EscrowLocked(
            "prop_1", HASH, CONTRACT.chain(), CONTRACT.address(), HASH, 5, HASH);
    EscrowStatement.EscrowSettled settled =
        new EscrowStatement.EscrowSettled(
            "prop_1",
            HASH,
            CONTRACT.chain(),
            CONTRACT.address(),
            HASH,
            6,
            HASH,
            TokenAmount.of("3"),
            TokenAmount.ZERO,
            EscrowOutcome.RESOLVED);
    EscrowStatement.EscrowRefunded refunded =
        new EscrowStatement.EscrowRefunded(
            "prop_1", HASH, CONTRACT.chain(), CONTRACT.address(), HASH, 6, HASH);

    assertThat(client.observe(locked).orThrow()).isInstanceOf(EscrowMessage.EscrowLocked.class);
    assertThat(client.observe(settled).orThrow())
        .isInstanceOfSatisfying(
            EscrowMessage.EscrowSettled.class,
            heard -> assertThat(heard.how()).isEqualTo(EscrowOutcome.RESOLVED));
    assertThat(client.observe(refunded).orThrow()).isInstanceOf(EscrowMessage.EscrowRefunded.class);
  }

  @Test
  void offerCarriesItsTerms() {
    AgentChatClient client = agents.connect(1);
    ServerMessage.Proposal sent = client.propose(offer()).orThrow();
    assertThat(sent.escrow()).isEqualTo(offer().escrow());
  }

  /// Where nothing binds the log, nothing of money is said, and nothing is sent.
  @Test
  void serverThatNamesNoLogIsToldNothingOfMoney() throws IOException {
    try (FakeRelay reference = FakeRelay.start(FakeRelay.Kind.REFERENCE);
        Agents others = new Agents(reference)) {
      AgentChatClient client = others.connect(1);
      EvmKey wallet = EvmKey.of(HASH.raw());
      WalletBinding binding = client.walletBinding(CONTRACT, wallet.address(), NOT_AFTER);
      EscrowStatement.Observation locked =
          new EscrowStatement.EscrowLocked(
              "prop_1", HASH, CONTRACT.chain(), CONTRACT.address(), HASH, 5, HASH);

      assertThat(client.bindWallet(binding, wallet.sign(binding.digest())))
          .isInstanceOf(Reply.Refused.class);
      assertThat(client.observe(locked)).isInstanceOf(Reply.Refused.class);
      assertThat(client.propose(offer())).isInstanceOf(Reply.Refused.class);
      assertThat(reference.statements()).isEmpty();
    }
  }

  @Test
  void nobodyHasNoWallet() {
    AgentChatClient client =
        agents.create(ClientSettings.of(relay.uri(), "lurker").withTimeouts(Agents.TIMEOUTS));
    EvmAddress wallet = new EvmAddress("0x" + "11".repeat(20));
    assertThatThrownBy(() -> client.walletBinding(CONTRACT, wallet, NOT_AFTER))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Statement.Proposal offer() {
    EscrowTerms terms =
        new EscrowTerms(
            TokenAmount.of("1000"),
            new EvmAddress("0x" + "a1".repeat(20)),
            CONTRACT.chain(),
            CONTRACT.address(),
            4_000_000_000L,
            100,
            Agents.identity(3).id(),
            EvmAddress.ZERO,
            100,
            5_000,
            EvmAddress.ZERO);
    return new Statement.Proposal(
        Agents.identity(2).id(), "task", null, null, null, null, null, null, null, terms);
  }
}
