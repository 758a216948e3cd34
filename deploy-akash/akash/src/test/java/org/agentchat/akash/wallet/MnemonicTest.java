package org.agentchat.akash.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class MnemonicTest {
  private static final String WORDS =
      "prison endless fury isolate divorce velvet gallery emerge axis toss similar track";

  @Test
  void newMnemonicHas24WordsAndIsReadBack() {
    Mnemonic mnemonic = Mnemonic.generate(new SecureRandom());
    assertThat(mnemonic.words().split(" ")).hasSize(24);
    assertThat(Mnemonic.parse(mnemonic.words()).entropy()).isEqualTo(mnemonic.entropy());
    assertThat(Mnemonic.generate(new SecureRandom()).entropy()).isNotEqualTo(mnemonic.entropy());
  }

  @Test
  void spacesAndCapitalsDoNotMatter() {
    assertThat(Mnemonic.parse("  " + WORDS.toUpperCase(Locale.ROOT).replace(" ", "\n ")).words())
        .isEqualTo(WORDS);
  }

  /// 4 bits of checksum let one in 16 through; the order below is one of those that they catch.
  @Test
  void anotherOrderOfTheWordsIsRefused() {
    List<String> words = new ArrayList<>(List.of(WORDS.split(" ")));
    Collections.swap(words, 0, 1);
    assertThatThrownBy(() -> Mnemonic.parse(String.join(" ", words)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void textOfSecretsSaysNothing() {
    Mnemonic mnemonic = Mnemonic.parse(WORDS);
    assertThat(mnemonic.toString()).isEqualTo("mnemonic of 12 words");
    assertThat(AccountKey.of(mnemonic).toString())
        .isEqualTo("key of akash17wmxfkwz0fzd0unr7llelxldfa8ehjtspwxucp");
  }

  @Test
  void entropyOfAnotherLengthIsRefused() {
    for (int length : new int[] {0, 12, 15, 17, 33, 36}) {
      assertThatThrownBy(() -> Mnemonic.ofEntropy(new byte[length]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found " + length);
    }
  }
}
