package org.agentchat.akash.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class AddressTest {
  private static final String TEXT = "akash19rl4cm2hmr8afy4kldpxz3fka4jguq0a3mq6x0";

  @Test
  void everyChangedCharacterIsFound() {
    for (int i = 0; i < TEXT.length(); i++) {
      for (char other : "qp1zb9".toCharArray()) {
        if (TEXT.charAt(i) != other) {
          String changed = TEXT.substring(0, i) + other + TEXT.substring(i + 1);
          assertThatThrownBy(() -> new Address(changed))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @Test
  void otherFormsAreRefused() {
    for (String wrong :
        new String[] {
          "",
          "akash1",
          TEXT.toUpperCase(Locale.ROOT),
          "A" + TEXT.substring(1),
          "cosmos" + TEXT.substring(5),
          TEXT + "q",
          TEXT.substring(0, TEXT.length() - 1),
          // Valid bech32, of 19 bytes.
          Bech32.encode("akash", new byte[19]),
        }) {
      assertThatThrownBy(() -> new Address(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new Address(Bech32.encode("akash", new byte[32])).bytes()).hasSize(32);
  }

  /// The examples of BIP-173, checked with their own prefixes.
  @Test
  void examplesOfTheSpecificationDecide() {
    assertThat(Bech32.decode("a", "A12UEL5L")).isEmpty();
    assertThat(Bech32.decode("abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"))
        .hasSize(20);
    assertThatThrownBy(() -> Bech32.decode("a", "A1G7SGD8")).hasMessageContaining("checksum");
    assertThatThrownBy(() -> Bech32.decode("a", "a12uEL5L")).hasMessageContaining("mixed");
    assertThatThrownBy(() -> Bech32.decode("x", "x1b4n0q5v")).hasMessageContaining("'b'");
  }
}
