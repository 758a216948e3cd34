package org.agentchat.schemas.escrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The worked example of EIP-712 (its `Example.js`), and the published values of Keccak-256.
class Eip712Test {
  private static final String PERSON = "Person(string name,address wallet)";
  private static final String MAIL = "Mail(Person from,Person to,string contents)" + PERSON;
  private static final Eip712.Domain ETHER_MAIL =
      new Eip712.Domain(
          "Ether Mail",
          "1",
          BigInteger.ONE,
          new EvmAddress("0xcccccccccccccccccccccccccccccccccccccccc"));

  @Test
  void keccakIsTheHashFromBeforeSha3WasAStandard() {
    assertThat(hex(Eip712.keccak256()))
        .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assertThat(hex(Eip712.hashOf("abc")))
        .isEqualTo("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    assertThat(Eip712.keccak256(ascii("a"), ascii(""), ascii("bc")))
        .isEqualTo(Eip712.hashOf("abc"));
  }

  @Test
  void workedExampleHasItsPublishedHashes() {
    assertThat(hex(Eip712.hashOf(MAIL)))
        .isEqualTo("a0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2");
    assertThat(hex(ETHER_MAIL.separator()))
        .isEqualTo("f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
    assertThat(hex(mail()))
        .isEqualTo("c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
    assertThat(hex(ETHER_MAIL.digest(mail())))
        .isEqualTo("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
  }

  @Test
  void workedExampleIsSignedAsPublished() {
    EvmKey cow = EvmKey.of(Eip712.hashOf("cow"));
    byte[] digest = ETHER_MAIL.digest(mail());

    assertThat(cow.address())
        .isEqualTo(new EvmAddress("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826"));
    assertThat(cow.sign(digest))
        .hasToString(
            "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562"
                + "1c");
    assertThat(cow.sign(digest).signer(digest)).contains(cow.address());
  }

  @Test
  void wordsHave32Bytes() {
    assertThat(hex(Eip712.word(1))).isEqualTo("00".repeat(31) + "01");
    assertThat(hex(Eip712.word(new EvmAddress("0x" + "ff".repeat(20)))))
        .isEqualTo("00".repeat(12) + "ff".repeat(20));
    BigInteger largest = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    assertThat(hex(Eip712.word(largest))).isEqualTo("ff".repeat(32));
    assertThatThrownBy(() -> Eip712.word(largest.add(BigInteger.ONE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Eip712.word(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Eip712.hashStruct(PERSON, new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31 bytes");
  }

  private static byte[] mail() {
    return Eip712.hashStruct(
        MAIL,
        person("Cow", "0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826"),
        person("Bob", "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
        Eip712.hashOf("Hello, Bob!"));
  }

  private static byte[] person(String name, String wallet) {
    return Eip712.hashStruct(PERSON, Eip712.hashOf(name), Eip712.word(new EvmAddress(wallet)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
