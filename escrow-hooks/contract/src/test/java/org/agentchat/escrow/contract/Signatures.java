package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.HexFormat;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/// What wallets do with a hash of EIP-712.
final class Signatures {

  /// The order of the curve.
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private Signatures() {}

  /// 65 bytes: r, s (the low one), v (27 or 28).
  static String sign(String digest, Credentials key) {
    Sign.SignatureData signature =
        Sign.signMessage(Numeric.hexStringToByteArray(digest), key.getEcKeyPair(), false);
    HexFormat hex = HexFormat.of();
    return "0x"
        + hex.formatHex(signature.getR())
        + hex.formatHex(signature.getS())
        + hex.formatHex(signature.getV());
  }

  /// The other signature that plain ECDSA accepts for the same message.
  static String malleated(String signature) {
    BigInteger s = new BigInteger(signature.substring(66, 130), 16);
    String v = signature.endsWith("1b") ? "1c" : "1b";
    return signature.substring(0, 66) + EscrowDomain.word(ORDER.subtract(s)) + v;
  }
}
