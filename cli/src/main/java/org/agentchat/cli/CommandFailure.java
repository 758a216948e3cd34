package org.agentchat.cli;

import org.jspecify.annotations.Nullable;

/// Ends a command: one sentence for a person, one word for a program, one exit code.
///
/// A command line that makes no sense is a [picocli.CommandLine.ParameterException] instead.
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int exit;

  /// @param code capitals, a word of the protocol where there is one
  /// @param exit one of [Exit]
  /// @param sentence what is wrong and what to do about it, without a full stop
  CommandFailure(String code, int exit, String sentence) {
    this(code, exit, sentence, null);
  }

  CommandFailure(String code, int exit, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.code = code;
    this.exit = exit;
  }

  String code() {
    return code;
  }

  int exit() {
    return exit;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
