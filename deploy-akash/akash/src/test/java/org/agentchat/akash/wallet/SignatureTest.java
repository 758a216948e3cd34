package org.agentchat.akash.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

final class SignatureTest {
  private static final AccountKey KEY =
      AccountKey.of(
          Mnemonic.parse(
              "prison endless fury isolate divorce velvet gallery emerge axis toss similar track"));
  private static final byte[] MESSAGE = "machines follow facts".getBytes(StandardCharsets.UTF_8);
  private static final byte[] HASH = Hashes.sha256(MESSAGE);

  @Test
  void sameMessageHasTheSameSignature() {
    byte[] signature = KEY.sign(MESSAGE);
    assertThat(signature).hasSize(64).isEqualTo(KEY.sign(MESSAGE));
    assertThat(Secp256k1.verifies(KEY.publicKey(), HASH, signature)).isTrue();
  }

  @Test
  void everyChangedBitIsFound() {
    byte[] signature = KEY.sign(MESSAGE);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Secp256k1.verifies(KEY.publicKey(), HASH, changed)).isFalse();
    }
  }

  @Test
  void highOrAbsurdSignaturesAreRefused() {
    byte[] signature = KEY.sign(MESSAGE);
    BigInteger s = BigIntegers.fromUnsignedByteArray(signature, 32, 32);
    byte[] high = signature.clone();
    BigIntegers.asUnsignedByteArray(Secp256k1.order().subtract(s), high, 32, 32);
    assertThat(Secp256k1.verifies(KEY.publicKey(), HASH, high)).isFalse();
    assertThat(Secp256k1.verifies(KEY.publicKey(), HASH, new byte[64])).isFalse();
    assertThat(Secp256k1.verifies(KEY.publicKey(), HASH, Arrays.copyOf(signature, 63))).isFalse();
    assertThat(Secp256k1.verifies(KEY.publicKey(), new byte[31], signature)).isFalse();
  }

  @Test
  void bytesThatAreNoKeyVerifyNothing() {
    byte[] signature = KEY.sign(MESSAGE);
    byte[] offCurve = KEY.publicKey();
    Arrays.fill(offCurve, 1, 33, (byte) 0xff);
    assertThat(Secp256k1.verifies(offCurve, HASH, signature)).isFalse();
    assertThat(Secp256k1.verifies(new byte[33], HASH, signature)).isFalse();
    assertThat(Secp256k1.verifies(new byte[] {0}, HASH, signature)).isFalse();
  }

  @Test
  void lowHalfIsTakenWhateverTheMessage() {
    BigInteger half = Secp256k1.order().shiftRight(1);
    for (int i = 0; i < 50; i++) {
      byte[] signature = KEY.sign(new byte[] {(byte) i});
      assertThat(BigIntegers.fromUnsignedByteArray(signature, 32, 32)).isLessThanOrEqualTo(half);
    }
  }
}
