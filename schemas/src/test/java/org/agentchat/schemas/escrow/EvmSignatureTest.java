package org.agentchat.schemas.escrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.agentchat.schemas.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Recovery against the precompile vectors of go-ethereum (`ecrecover.json`), the curve's edges,
/// and signatures that another implementation made.
class EvmSignatureTest {
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final EvmKey KEY = EvmKey.of(Eip712.hashOf("cow"));
  private static final byte[] DIGEST = Eip712.hashOf("digest");

  static List<JsonNode> precompile() {
    return Vectors.array("ecrecover.json");
  }

  static List<JsonNode> signed() {
    return Vectors.array("escrow-bindings.json");
  }

  /// The precompile takes the upper half of s as well; the same signer has a form in the lower.
  @ParameterizedTest
  @MethodSource("precompile")
  void precompileVectorsDecideAlike(JsonNode vector) {
    byte[] input = HexFormat.of().parseHex(vector.path("Input").stringValue());
    byte[] digest = part(input, 0);
    BigInteger v = new BigInteger(1, part(input, 1));
    BigInteger r = new BigInteger(1, part(input, 2));
    BigInteger s = new BigInteger(1, part(input, 3));
    String expected = vector.path("Expected").stringValue();

    boolean known = v.equals(BigInteger.valueOf(27)) || v.equals(BigInteger.valueOf(28));
    if (!known) {
      assertThat(expected).isEmpty();
      assertThat(raw(r, s, v.intValue() & 0xff).signer(digest).isPresent())
          .isEqualTo(v.intValue() == 28 && s.compareTo(ORDER.shiftRight(1)) <= 0);
      return;
    }
    boolean high = s.compareTo(ORDER.shiftRight(1)) > 0;
    EvmSignature low =
        high ? raw(r, ORDER.subtract(s), 55 - v.intValue()) : raw(r, s, v.intValue());
    assertThat(low.signer(digest).map(signer -> "0".repeat(24) + signer.text().substring(2)))
        .isEqualTo(expected.isEmpty() ? Optional.empty() : Optional.of(expected));
    if (high) {
      assertThat(raw(r, s, v.intValue()).signer(digest)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("signed")
  void signaturesOfAnotherImplementationAreReproduced(JsonNode vector) {
    EvmKey key =
        EvmKey.of(HexFormat.of().parseHex(vector.path("secret").stringValue().substring(2)));
    byte[] digest = HexFormat.of().parseHex(vector.path("digest").stringValue().substring(2));
    EvmSignature signature = EvmSignature.of(vector.path("signature").stringValue());

    assertThat(key.address()).hasToString(vector.path("account").stringValue());
    assertThat(key.sign(digest)).isEqualTo(signature);
    assertThat(signature.signer(digest)).contains(key.address());
  }

  @Test
  void signatureHasNoSecondForm() {
    EvmSignature signature = KEY.sign(DIGEST);
    BigInteger r = new BigInteger(1, part(signature.raw(), 0));
    BigInteger s = new BigInteger(1, part(signature.raw(), 1));
    int v = signature.raw()[64];

    assertThat(signature.signer(DIGEST)).contains(KEY.address());
    assertThat(raw(r, ORDER.subtract(s), 55 - v).signer(DIGEST)).isEmpty();
    assertThat(raw(r, s, 55 - v).signer(DIGEST)).isNotEqualTo(signature.signer(DIGEST));
    for (int other : List.of(0, 1, 2, 26, 29, 37, 38, 255)) {
      assertThat(raw(r, s, other).signer(DIGEST)).isEmpty();
    }
  }

  @Test
  void numbersOutOfTheirRangeAreNobodys() {
    BigInteger one = BigInteger.ONE;
    BigInteger half = ORDER.shiftRight(1);
    assertThat(raw(BigInteger.ZERO, one, 27).signer(DIGEST)).isEmpty();
    assertThat(raw(one, BigInteger.ZERO, 27).signer(DIGEST)).isEmpty();
    assertThat(raw(ORDER, one, 27).signer(DIGEST)).isEmpty();
    assertThat(raw(ORDER.add(one), one, 27).signer(DIGEST)).isEmpty();
    assertThat(raw(one, half, 27).signer(DIGEST)).isPresent();
    assertThat(raw(one, half.add(one), 27).signer(DIGEST)).isEmpty();
    assertThat(raw(one, ORDER.subtract(one), 27).signer(DIGEST)).isEmpty();
    // 5 is the smallest abscissa without a point: 5^3 + 7 is no square.
    assertThat(raw(BigInteger.valueOf(5), one, 27).signer(DIGEST)).isEmpty();
  }

  /// With R = G, s = 1 and the digest 1 the recovered key is the point at infinity.
  @Test
  void pointAtInfinityIsNobodys() {
    EvmKey one = EvmKey.of(Eip712.word(1));
    BigInteger gx =
        new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16);
    assertThat(raw(gx, BigInteger.ONE, 27).signer(Eip712.word(1))).isEmpty();
    assertThat(raw(gx, BigInteger.ONE, 28).signer(Eip712.word(1))).isPresent();
    assertThat(one.address())
        .isEqualTo(new EvmAddress("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
  }

  @Test
  void everyAlteredBitNamesSomebodyElse() {
    EvmSignature signature = KEY.sign(DIGEST);
    for (int bit = 0; bit < 8 * EvmSignature.ECDSA_BYTES; bit++) {
      byte[] altered = signature.raw();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(EvmSignature.of(altered).signer(DIGEST)).isNotEqualTo(signature.signer(DIGEST));
    }
  }

  @Test
  void randomBytesNeverThrow() {
    Random random = new Random(712);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[EvmSignature.ECDSA_BYTES];
      random.nextBytes(bytes);
      bytes[32] &= 0x7f;
      bytes[64] = (byte) (27 + i % 2);
      EvmSignature signature = EvmSignature.of(bytes);
      assertThat(signature.signer(DIGEST)).isNotEqualTo(Optional.of(KEY.address()));
      assertThat(EvmSignature.of(signature.toString())).isEqualTo(signature);
    }
  }

  @Test
  void otherLengthsAreForAContractToJudge() {
    for (int length : List.of(1, 64, 66, 130, EvmSignature.MAX_BYTES)) {
      EvmSignature signature = EvmSignature.of(new byte[length]);
      assertThat(signature.isEcdsa()).isFalse();
      assertThat(signature.signer(DIGEST)).isEmpty();
    }
    assertThat(EvmSignature.of(new byte[65]).isEcdsa()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "0x0", "0xAA", "aa", "0xa", "0xzz", " 0xaa", "0xaa\n", "0Xaa"})
  void textHasOneShape(String text) {
    assertThatThrownBy(() -> EvmSignature.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthHasALimit() {
    assertThatThrownBy(() -> EvmSignature.of(new byte[EvmSignature.MAX_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KEY.sign(DIGEST).signer(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysAreNumbersOfTheGroupAndShowNoSecret() {
    assertThatThrownBy(() -> EvmKey.of(new byte[32])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EvmKey.of(Eip712.word(ORDER)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(EvmKey.of(Eip712.word(ORDER.subtract(BigInteger.ONE))).sign(DIGEST).signer(DIGEST))
        .isPresent();
    assertThat(KEY).hasToString("key of " + KEY.address());
  }

  private static EvmSignature raw(BigInteger r, BigInteger s, int v) {
    byte[] raw = new byte[EvmSignature.ECDSA_BYTES];
    System.arraycopy(Eip712.word(r), 0, raw, 0, 32);
    System.arraycopy(Eip712.word(s), 0, raw, 32, 32);
    raw[64] = (byte) v;
    return EvmSignature.of(raw);
  }

  private static byte[] part(byte[] input, int index) {
    return Arrays.copyOfRange(input, 32 * index, 32 * index + 32);
  }
}
