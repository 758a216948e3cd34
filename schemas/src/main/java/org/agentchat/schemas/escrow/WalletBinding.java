package org.agentchat.schemas.escrow;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;

/// What a wallet signs so that an agent may name it as its own, for one escrow contract on one
/// chain: EIP-712 `AgentBinding` in that contract's domain. The other half is the agent's, the
/// statement that carries this.
///
/// @param agentKey who may name it
/// @param notAfter until when, seconds since 1970, below 2^53
/// @param nonce 64 lower-case hexadecimal digits; also the nonce of the statement that carries it
public record WalletBinding(
    EscrowContract contract, AgentKey agentKey, EvmAddress account, long notAfter, String nonce) {
  /// The struct that is signed.
  public static final String TYPE =
      "AgentBinding(bytes32 agentKey,address account,uint64 notAfter,bytes32 nonce)";

  /// The shape of a nonce, in words.
  static final String NONCE_RULE = "64 lower-case hexadecimal digits";

  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{64}");

  /// How far a signature shows that the wallet agreed.
  public enum Proof {
    /// The wallet's key signed exactly this: nobody needs to be believed.
    SIGNED,
    /// A contract wallet is said to agree (ERC-1271): only the chain knows.
    CLAIMED,
    /// It does not.
    NONE
  }

  /// @throws IllegalArgumentException if the account is nobody's, or a part has another shape
  public WalletBinding {
    if (account.isZero()) {
      throw new IllegalArgumentException("nobody's wallet: the address is zero");
    }
    if (notAfter < 0 || notAfter >= 1L << 53) {
      throw new IllegalArgumentException("not_after: seconds since 1970, found " + notAfter);
    }
    if (!isNonce(nonce)) {
      throw new IllegalArgumentException("nonce: " + NONCE_RULE);
    }
  }

  /// Whether the text may be a binding's nonce.
  public static boolean isNonce(String text) {
    return NONCE.matcher(text).matches();
  }

  /// What the wallet signs, 32 bytes.
  public byte[] digest() {
    return contract
        .domain()
        .digest(
            Eip712.hashStruct(
                TYPE,
                agentKey.raw(),
                Eip712.word(account),
                Eip712.word(notAfter),
                HexFormat.of().parseHex(nonce)));
  }

  /// What the signature is worth.
  public Proof proof(EvmSignature signature) {
    if (!signature.isEcdsa()) {
      return Proof.CLAIMED;
    }
    return signature.signer(digest()).filter(account::equals).isPresent()
        ? Proof.SIGNED
        : Proof.NONE;
  }
}
