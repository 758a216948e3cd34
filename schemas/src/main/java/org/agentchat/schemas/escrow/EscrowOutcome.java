package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How an escrow came to be paid out.
public enum EscrowOutcome {
  /// The payer released it, or let the review period pass.
  RELEASED,
  /// The two sides divided it themselves, be it that one of them gave its part up.
  SETTLED,
  /// The arbiter divided it.
  RESOLVED,
  /// The arbiter stayed silent: divided by the agreed share.
  SILENT;

  /// The wire word, in lower case.
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The outcome of that wire word, if there is one.
  public static Optional<EscrowOutcome> find(String word) {
    return Arrays.stream(values()).filter(outcome -> outcome.word().equals(word)).findFirst();
  }

  /// The outcome of that wire word.
  ///
  /// @throws IllegalArgumentException if there is none
  @JsonCreator
  public static EscrowOutcome of(String word) {
    return find(word)
        .orElseThrow(() -> new IllegalArgumentException("no outcome is called " + word));
  }
}
