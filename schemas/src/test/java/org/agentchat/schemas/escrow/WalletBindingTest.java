package org.agentchat.schemas.escrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Bindings against those that another implementation hashed and signed, and what a statement with
/// one is worth.
class WalletBindingTest {
  private static final Identity ALICE = Identity.ofSeed("alice", new byte[32], Instant.EPOCH);
  private static final EvmKey WALLET = EvmKey.of(Eip712.hashOf("wallet"));
  private static final EscrowContract CONTRACT =
      new EscrowContract(new EvmChain(31_337), new EvmAddress("0x" + "c0".repeat(20)));
  private static final String NONCE = "ab".repeat(32);
  private static final long NOT_AFTER = 1_893_456_000;

  private final Ed25519Verifier verifier = new Ed25519Verifier();

  static List<JsonNode> vectors() {
    return Vectors.array("escrow-bindings.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void digestAndSignatureAreThoseOfAnotherImplementation(JsonNode vector) {
    WalletBinding binding =
        new WalletBinding(
            new EscrowContract(
                EvmChain.of(vector.path("chain").stringValue()),
                new EvmAddress(vector.path("contract").stringValue())),
            AgentKey.ofRaw(Base64.getDecoder().decode(vector.path("agent_key").stringValue())),
            new EvmAddress(vector.path("account").stringValue()),
            vector.path("not_after").longValue(),
            vector.path("nonce").stringValue());

    assertThat("0x" + HexFormat.of().formatHex(binding.digest()))
        .isEqualTo(vector.path("digest").stringValue());
    assertThat(binding.proof(EvmSignature.of(vector.path("signature").stringValue())))
        .isEqualTo(WalletBinding.Proof.SIGNED);
  }

  @Test
  void signatureIsForOneBindingOnly() {
    EvmSignature signature = WALLET.sign(binding().digest());
    EscrowContract otherChain = new EscrowContract(new EvmChain(1), CONTRACT.address());
    EscrowContract otherContract =
        new EscrowContract(CONTRACT.chain(), new EvmAddress("0x" + "c1".repeat(20)));
    AgentKey otherKey = AgentKey.ofRaw(new byte[32]);
    AgentKey key = ALICE.key();
    EvmAddress account = WALLET.address();

    assertThat(binding().proof(signature)).isEqualTo(WalletBinding.Proof.SIGNED);
    List<WalletBinding> others =
        List.of(
            new WalletBinding(otherChain, key, account, NOT_AFTER, NONCE),
            new WalletBinding(otherContract, key, account, NOT_AFTER, NONCE),
            new WalletBinding(CONTRACT, otherKey, account, NOT_AFTER, NONCE),
            new WalletBinding(CONTRACT, key, CONTRACT.address(), NOT_AFTER, NONCE),
            new WalletBinding(CONTRACT, key, account, NOT_AFTER + 1, NONCE),
            new WalletBinding(CONTRACT, key, account, NOT_AFTER, "ac".repeat(32)));
    assertThat(others).allMatch(other -> other.proof(signature) == WalletBinding.Proof.NONE);
  }

  @Test
  void statementNeedsBothSignatures() {
    EvmSignature good = WALLET.sign(binding().digest());
    EvmSignature strangers = EvmKey.of(Eip712.hashOf("mallory")).sign(binding().digest());

    assertThat(signed(good).isValid(verifier)).isTrue();
    assertThat(signed(strangers).isValid(verifier)).isFalse();
    SignedStatement unsigned =
        new SignedStatement(
            bind(good), scheme(NONCE), ALICE.key(), ALICE.sign(new byte[] {1, 2, 3}));
    assertThat(unsigned.isValid(verifier)).isFalse();
    Identity mallory = Identity.ofSeed("mallory", Eip712.hashOf("m"), Instant.EPOCH);
    assertThat(SignedStatement.sign(mallory, scheme(NONCE), bind(good)).isValid(verifier))
        .isFalse();
  }

  @Test
  void signatureOfAContractWalletIsAClaim() {
    for (int length : List.of(1, 64, 66, 2_048)) {
      EvmSignature signature = EvmSignature.of(new byte[length]);
      assertThat(bind(signature).proof(ALICE.key())).isEqualTo(WalletBinding.Proof.CLAIMED);
      assertThat(signed(signature).isValid(verifier)).isTrue();
    }
  }

  @Test
  void nonceOfTheWalletIsThatOfTheStatement() {
    EscrowStatement.WalletBind bind = bind(WALLET.sign(binding().digest()));
    assertThatThrownBy(() -> SignedStatement.sign(ALICE, scheme("ac".repeat(32)), bind))
        .isInstanceOf(InvalidStatementException.class);
    assertThatThrownBy(() -> SignedStatement.sign(ALICE, new Scheme.Joined(), bind))
        .isInstanceOf(InvalidStatementException.class)
        .hasMessage("WALLET_BIND must be signed under agentchat/2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "AB", "0x", "zz"})
  void nonceHasOneShape(String part) {
    String nonce = part.repeat(32);
    boolean good = part.equals("ab");
    assertThat(WalletBinding.isNonce(nonce)).isEqualTo(good);
    if (!good) {
      assertThatThrownBy(
              () -> new WalletBinding(CONTRACT, ALICE.key(), WALLET.address(), NOT_AFTER, nonce))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void partsHaveRanges() {
    for (long notAfter : new long[] {-1, 1L << 53}) {
      assertThatThrownBy(
              () -> new WalletBinding(CONTRACT, ALICE.key(), WALLET.address(), notAfter, NONCE))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> new WalletBinding(CONTRACT, ALICE.key(), EvmAddress.ZERO, NOT_AFTER, NONCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EscrowContract(new EvmChain(1), EvmAddress.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static WalletBinding binding() {
    return new WalletBinding(CONTRACT, ALICE.key(), WALLET.address(), NOT_AFTER, NONCE);
  }

  private static EscrowStatement.WalletBind bind(EvmSignature signature) {
    return new EscrowStatement.WalletBind(
        new EvmAccount(CONTRACT.chain(), WALLET.address()),
        CONTRACT.address(),
        signature,
        NONCE,
        NOT_AFTER);
  }

  private static SignedStatement signed(EvmSignature signature) {
    return SignedStatement.sign(ALICE, scheme(NONCE), bind(signature));
  }

  private static Scheme.Bound scheme(String nonce) {
    return new Scheme.Bound("log", 7, nonce);
  }
}
