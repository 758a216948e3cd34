package org.agentchat.schemas.statement;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Who an Agentcourt panel, or one arbiter of it, finds in the right.
public enum Verdict {
  /// Who filed the case.
  DISPUTANT,
  /// The other side.
  RESPONDENT,
  /// Neither: both are at fault.
  MUTUAL;

  /// The wire word, in lower case.
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The verdict of that wire word, if there is one.
  public static Optional<Verdict> of(String word) {
    return Arrays.stream(values()).filter(verdict -> verdict.word().equals(word)).findFirst();
  }

  @JsonCreator
  static Verdict read(String word) {
    return of(word).orElseThrow(() -> new IllegalArgumentException("no verdict is " + word));
  }
}
