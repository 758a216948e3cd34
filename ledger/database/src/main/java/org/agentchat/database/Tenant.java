package org.agentchat.database;

import java.util.regex.Pattern;

/// Which server keeps a database, and how dear its rows are.
///
/// @param name one word: `ledger` is "another ledger server" to a second one that is turned away
/// @param rows what the rows are worth
public record Tenant(String name, Rows rows) {
  private static final Pattern WORD = Pattern.compile("[a-z]{1,16}");

  /// What a power cut may take.
  public enum Rows {
    /// The last of them: they are made again from the log.
    MADE_AGAIN,
    /// Nothing: they are known nowhere else.
    NOWHERE_ELSE
  }

  /// @throws IllegalArgumentException if the name is no word
  public Tenant {
    if (!WORD.matcher(name).matches()) {
      throw new IllegalArgumentException("a word of small letters wanted, found " + name);
    }
  }
}
