package org.agentchat.relay;

import java.time.Duration;

/// How strangers are asked a question before they are welcome (protocol.md section 6).
///
/// @param timeout how long the answer may take; default 30 s, more than 0
/// @param attempts answers that may be given, at least 1; default 1
/// @param difficulty default easy
/// @param skipVerified whether verified agents are not asked; default true
/// @param onFailure what becomes of those whose last answer is wrong; default disconnected
public record CaptchaRules(
    Duration timeout,
    int attempts,
    Difficulty difficulty,
    boolean skipVerified,
    FailAction onFailure) {

  /// How large the numbers in questions of arithmetic are.
  public enum Difficulty {
    /// Sums up to 40.
    EASY,
    /// Sums and differences up to 109.
    MEDIUM,
    /// Also products, of two digits by two digits.
    HARD
  }

  /// What becomes of those who fail.
  public enum FailAction {
    /// The connection is closed.
    DISCONNECT,
    /// They come in as an agent without a key that only listens.
    SHADOW_LURK
  }

  /// @throws IllegalArgumentException if a number is out of range
  public CaptchaRules {
    if (!timeout.isPositive() || attempts < 1) {
      throw new IllegalArgumentException(
          "captcha: a time above 0 and at least 1 attempt wanted, found "
              + timeout
              + " and "
              + attempts);
    }
  }

  /// What existing servers ask when they ask.
  public static CaptchaRules defaults() {
    return new CaptchaRules(
        Duration.ofSeconds(30), 1, Difficulty.EASY, true, FailAction.DISCONNECT);
  }
}
