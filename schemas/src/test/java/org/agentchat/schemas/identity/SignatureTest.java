package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
  private static final Signature SIGNATURE = Signature.ofRaw(pattern());

  @Test
  void lenientReadingTakesWhatExistingClientsMaySend() {
    String standard = SIGNATURE.base64();

    assertThat(Signature.parseLenient(standard)).contains(SIGNATURE);
    assertThat(Signature.parseLenient(standard.replace("=", ""))).contains(SIGNATURE);
    assertThat(Signature.parseLenient(standard.replace('+', '-').replace('/', '_')))
        .contains(SIGNATURE);
    assertThat(
            Signature.parseLenient(" " + standard.substring(0, 9) + "\r\n" + standard.substring(9)))
        .contains(SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "=", "====", "!", "é", "\0", "AAAAA"})
  void lenientReadingRefusesWhatIsNotSixtyFourBytes(String text) {
    assertThat(Signature.parseLenient(text)).isEmpty();
    assertThat(Signature.parseLenient(SIGNATURE.base64() + text + "AAAA")).isEmpty();
  }

  /// Once quadratic: two minutes for what a stranger may send in one frame.
  @Test
  @Timeout(20)
  void lenientReadingOfMegabytesEndsAtOnce() {
    assertThat(Signature.parseLenient("=".repeat(2_000_000) + "!")).isEmpty();
    assertThat(Signature.parseLenient(SIGNATURE.base64() + " ".repeat(Signature.MAX_CHARS)))
        .isEmpty();
  }

  @Test
  void eventsCarryOneFormOnly() {
    String standard = SIGNATURE.base64();

    assertThat(Signature.ofBase64(standard)).isEqualTo(SIGNATURE);
    assertRefused(standard.replace("=", ""));
    assertRefused(standard + "\n");
    assertRefused(standard.substring(0, 85) + (char) (standard.charAt(85) + 1) + "==");
    assertThatThrownBy(() -> Signature.ofRaw(new byte[63]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> Signature.ofBase64(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0xf8 + i * 7);
    }
    return bytes;
  }
}
