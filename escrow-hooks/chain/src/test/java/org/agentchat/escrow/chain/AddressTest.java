package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  /// The examples of EIP-55.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
      })
  void checksummedAddressIsTaken(String text) {
    assertThat(Address.parse(text).checksummed()).isEqualTo(text);
    assertThat(Address.parse(text).hex()).isEqualTo(text.toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void addressInOneCaseHasNoChecksum() {
    assertThat(Address.parse("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"))
        .isEqualTo(Address.parse("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
  }

  @Test
  void typingMistakeIsFoundByTheChecksum() {
    assertThatThrownBy(() -> Address.parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("typing mistake");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg",
        "vitalik.eth"
      })
  void anythingElseIsRefusedWithItsLength(String text) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' (" + text.length() + " characters)");
  }

  @Test
  void onlyTheCanonicalFormIsAValue() {
    assertThatThrownBy(() -> new Address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Hash("0x" + "0".repeat(63)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Hash.of(new Hash("0x" + "ab".repeat(32)).bytes()).hex())
        .isEqualTo("0x" + "ab".repeat(32));
  }
}
