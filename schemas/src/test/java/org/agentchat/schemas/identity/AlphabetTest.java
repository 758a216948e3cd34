package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlphabetTest {
  /// The library's regular expressions decide alike, for every character that there is.
  @ParameterizedTest
  @ValueSource(strings = {"0-9A-Za-z_-", "0-9A-Za-z._-", "0-9A-Za-z._/:-", "0-9a-f", "-"})
  void spellsWhatTheCharacterClassMatches(String characters) {
    Alphabet alphabet = Alphabet.of(characters);
    Pattern pattern = Pattern.compile("[" + characters + "]{2,4}");
    for (char character = 0; character < Character.MAX_VALUE; character++) {
      for (String text : List.of("" + character, "-" + character, character + "-----")) {
        assertThat(alphabet.spells(text, 2, 4)).isEqualTo(pattern.matcher(text).matches());
      }
    }
  }
}
