package org.agentchat.schemas.statement;

import org.agentchat.schemas.identity.Alphabet;

/// The name of a log: what its checkpoints will carry as origin (C2SP tlog-checkpoint), so a name
/// without spaces or `+`, unique in the world by convention, such as `relay.example.com/agentchat`.
public final class LogOrigin {
  /// The shape, in words.
  public static final String RULE = "1 to 128 of letters, digits, . _ / : -";

  private static final Alphabet CHARACTERS = Alphabet.of("0-9A-Za-z._/:-");
  private static final int MAX_CHARS = 128;

  private LogOrigin() {}

  /// Whether the text may name a log.
  public static boolean isValid(String origin) {
    return CHARACTERS.spells(origin, 1, MAX_CHARS);
  }
}
