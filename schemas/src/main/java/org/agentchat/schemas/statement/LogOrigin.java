package org.agentchat.schemas.statement;

import java.util.regex.Pattern;

/// The name of a log: what its checkpoints will carry as origin (C2SP tlog-checkpoint), so a name
/// without spaces or `+`, unique in the world by convention, such as `relay.example.com/agentchat`.
public final class LogOrigin {
  /// The shape, in words.
  public static final String RULE = "1 to 128 of letters, digits, . _ / : -";

  private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z._/:-]{1,128}");

  private LogOrigin() {}

  /// Whether the text may name a log.
  public static boolean isValid(String origin) {
    return SHAPE.matcher(origin).matches();
  }
}
