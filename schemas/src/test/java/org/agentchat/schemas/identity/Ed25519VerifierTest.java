package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.agentchat.schemas.Vectors;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Published vectors, edge cases with points that are not of prime order, and agreement with the
/// JDK.
class Ed25519VerifierTest {
  private static final HexFormat HEX = HexFormat.of();

  private final Ed25519Verifier verifier = new Ed25519Verifier();

  static List<JsonNode> rfc8032() {
    return Vectors.array("rfc8032.json");
  }

  static List<JsonNode> speccheck() {
    return Vectors.array("ed25519-speccheck.json");
  }

  @ParameterizedTest
  @MethodSource("rfc8032")
  void signsAndVerifiesAsRfc8032Section7Does(JsonNode vector) {
    Identity identity = Identity.ofSeed("rfc", hex(vector, "seed"), Instant.EPOCH);
    byte[] message = hex(vector, "message");
    Signature signature = Signature.ofRaw(hex(vector, "signature"));

    assertThat(identity.sign(message)).isEqualTo(signature);
    assertThat(verifier.verify(identity.key(), message, signature)).isTrue();
    assertThat(verifier.verify(identity.key(), EdwardsPoint.join(message, new byte[1]), signature))
        .isFalse();
  }

  /// The twelve cases of *Taming the many EdDSAs* (the published `cases.json` of
  /// ed25519-speccheck): each has the properties that the resource claims, and our rule refuses
  /// each of them.
  @ParameterizedTest
  @MethodSource("speccheck")
  void refusesTheTwelveEdgeCases(JsonNode vector) {
    byte[] key = hex(vector, "pub_key");
    byte[] message = hex(vector, "message");
    byte[] signature = hex(vector, "signature");
    byte[] r = Arrays.copyOf(signature, 32);
    BigInteger s = EdwardsPoint.integer(Arrays.copyOfRange(signature, 32, 64));
    EdwardsPoint keyPoint = EdwardsPoint.decode(key).orElseThrow();
    EdwardsPoint rPoint = EdwardsPoint.decode(r).orElseThrow();
    BigInteger k = challenge(r, key, message);
    EdwardsPoint difference = EdwardsPoint.BASE.times(s).minus(rPoint).minus(keyPoint.times(k));

    assertThat(keyPoint.order()).isEqualTo(order(vector, "key_order"));
    assertThat(rPoint.order()).isEqualTo(order(vector, "r_order"));
    assertThat(Arrays.equals(keyPoint.encode(), key)).isEqualTo(is(vector, "key_canonical"));
    assertThat(Arrays.equals(rPoint.encode(), r)).isEqualTo(is(vector, "r_canonical"));
    assertThat(s.compareTo(EdwardsPoint.L) < 0).isEqualTo(is(vector, "s_below_order"));
    assertThat(difference.timesCofactor().equals(EdwardsPoint.NEUTRAL))
        .isEqualTo(is(vector, "cofactored"));
    assertThat(difference.equals(EdwardsPoint.NEUTRAL)).isEqualTo(is(vector, "cofactorless"));

    AgentKey agent = AgentKey.ofRaw(key);
    assertThat(verifier.verify(agent, message, Signature.ofRaw(signature))).isFalse();
    boolean soundKey =
        is(vector, "key_canonical") && order(vector, "key_order") == EdwardsPoint.Order.PRIME;
    assertThat(verifier.accepts(agent)).isEqualTo(soundKey);
  }

  /// R = rB + T with T of small order: the equation with the cofactor holds, the one without does
  /// not. The library multiplies R by a scalar of half size, which wipes T out for some messages,
  /// so alone it would accept one signature for some of its messages only.
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void refusesRWithTorsionAlsoWhereTheLibraryAccepts(int order) throws GeneralSecurityException {
    Identity identity = Identity.ofSeed("torsion", new byte[32], Instant.EPOCH);
    EdwardsPoint torsion = torsionPoint(order);
    boolean slipped = false;
    for (int i = 0; i < 400 && !slipped; i++) {
      byte[] message = ("message " + i).getBytes(StandardCharsets.UTF_8);
      Signature signature =
          signedWithTorsion(new byte[32], BigInteger.valueOf(i + 7L), torsion, message);
      byte[] key = identity.key().raw();
      slipped = Ed25519.verify(signature.raw(), 0, key, 0, message, 0, message.length);
      assertThat(verifier.verify(identity.key(), message, signature)).isFalse();
    }
    assertThat(slipped).as("the library accepted one of them").isTrue();
  }

  @Test
  void constructionWithoutTorsionIsValid() throws GeneralSecurityException {
    Identity identity = Identity.ofSeed("none", new byte[32], Instant.EPOCH);
    byte[] message = {1, 2, 3};
    Signature signature =
        signedWithTorsion(new byte[32], BigInteger.valueOf(7), EdwardsPoint.NEUTRAL, message);

    assertThat(verifier.verify(identity.key(), message, signature)).isTrue();
  }

  @Test
  void refusesKeysThatAreNotCanonicalPointsOfPrimeOrder() {
    EdwardsPoint honest = EdwardsPoint.BASE.times(BigInteger.valueOf(12345));

    assertThat(verifier.accepts(AgentKey.ofRaw(honest.encode()))).isTrue();
    for (int order : new int[] {2, 4, 8}) {
      EdwardsPoint torsion = torsionPoint(order);
      assertThat(verifier.accepts(AgentKey.ofRaw(torsion.encode()))).isFalse();
      assertThat(verifier.accepts(AgentKey.ofRaw(honest.plus(torsion).encode()))).isFalse();
    }
    assertThat(verifier.accepts(AgentKey.ofRaw(EdwardsPoint.NEUTRAL.encode()))).isFalse();
    Stream.of(EdwardsPoint.P, EdwardsPoint.P.add(BigInteger.ONE), BigInteger.TWO)
        .map(EdwardsPoint::littleEndian)
        .forEach(raw -> assertThat(verifier.accepts(AgentKey.ofRaw(raw))).isFalse());
    byte[] signedZero = EdwardsPoint.littleEndian(BigInteger.ONE.setBit(255));
    assertThat(verifier.accepts(AgentKey.ofRaw(signedZero))).isFalse();
  }

  @Test
  void refusesSOfTheGroupOrderOrMore() {
    Identity identity = Identity.ofSeed("s", new byte[32], Instant.EPOCH);
    byte[] message = {9};
    byte[] signature = identity.sign(message).raw();
    BigInteger s = EdwardsPoint.integer(Arrays.copyOfRange(signature, 32, 64));
    for (BigInteger more = s.add(EdwardsPoint.L);
        more.bitLength() <= 256;
        more = more.add(EdwardsPoint.L)) {
      System.arraycopy(EdwardsPoint.littleEndian(more), 0, signature, 32, 32);
      assertThat(verifier.verify(identity.key(), message, Signature.ofRaw(signature))).isFalse();
    }
  }

  @Test
  void agreesWithTheJdkOnHonestAndMutatedSignatures() throws GeneralSecurityException {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      Identity identity = Identity.ofSeed("r", bytes(random, 32), Instant.EPOCH);
      byte[] message = bytes(random, random.nextInt(200));
      byte[] signature = identity.sign(message).raw();
      byte[] key = identity.key().raw();
      switch (random.nextInt(4)) {
        case 0 -> flip(random, signature);
        case 1 -> flip(random, key);
        case 2 -> message = EdwardsPoint.join(message, bytes(random, 1));
        default -> {}
      }
      boolean ours = verifier.verify(AgentKey.ofRaw(key), message, Signature.ofRaw(signature));
      assertThat(ours).as("seed %d, step %d", seed, i).isEqualTo(jdk(key, message, signature));
    }
  }

  private static Signature signedWithTorsion(
      byte[] seed, BigInteger r, EdwardsPoint torsion, byte[] message)
      throws GeneralSecurityException {
    byte[] hash = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(seed), 32);
    hash[0] &= (byte) 0xf8;
    hash[31] = (byte) ((hash[31] & 0x7f) | 0x40);
    BigInteger secret = EdwardsPoint.integer(hash);
    byte[] key = EdwardsPoint.BASE.times(secret).encode();
    byte[] commitment = EdwardsPoint.BASE.times(r).plus(torsion).encode();
    BigInteger s = challenge(commitment, key, message).multiply(secret).add(r).mod(EdwardsPoint.L);
    return Signature.ofRaw(EdwardsPoint.join(commitment, EdwardsPoint.littleEndian(s)));
  }

  private static EdwardsPoint torsionPoint(int order) {
    byte[] ofOrderEight =
        HEX.parseHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    return EdwardsPoint.decode(ofOrderEight).orElseThrow().times(BigInteger.valueOf(8 / order));
  }

  private static BigInteger challenge(byte[] r, byte[] key, byte[] message) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(r);
      digest.update(key);
      return EdwardsPoint.integer(digest.digest(message)).mod(EdwardsPoint.L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean jdk(byte[] key, byte[] message, byte[] signature) {
    try {
      String pem = AgentKey.ofRaw(key).pem();
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      PublicKey publicKey =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
      java.security.Signature jdk = java.security.Signature.getInstance("Ed25519");
      jdk.initVerify(publicKey);
      jdk.update(message);
      return jdk.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static void flip(Random random, byte[] bytes) {
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hex(JsonNode vector, String name) {
    return HEX.parseHex(vector.path(name).stringValue());
  }

  private static boolean is(JsonNode vector, String name) {
    return vector.path(name).booleanValue();
  }

  private static EdwardsPoint.Order order(JsonNode vector, String name) {
    return EdwardsPoint.Order.valueOf(vector.path(name).stringValue().toUpperCase(Locale.ROOT));
  }
}
