package org.agentchat.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "\0", "\\", "\\0", "\0\\", "\\\\0\0", "a\0b\\c\\0d", "\u2603 \t\n"})
  void textComesBackAndNeverHoldsNul(String text) {
    String column = SqlText.escaped(text);
    assertThat(column).doesNotContain("\0");
    assertThat(SqlText.unescaped(column)).isEqualTo(text);
  }

  @Test
  void differentTextsStayDifferent() {
    assertThat(SqlText.escaped("\0")).isNotEqualTo(SqlText.escaped("\\0"));
  }

  @Test
  void ordinaryTextIsStoredAsItIs() {
    assertThat(SqlText.escaped("it's 100% fine; -- \"really\""))
        .isEqualTo("it's 100% fine; -- \"really\"");
  }

  @Test
  void absentTextStaysAbsent() {
    assertThat(SqlText.escape(null)).isNull();
    assertThat(SqlText.unescape(null)).isNull();
  }
}
