package org.agentchat.client;

/// Answers the question that a relay puts before its welcome, if its operator wants that: a
/// program, or a person who is asked. Called on a thread of its own, within the connect time-out.
@FunctionalInterface
public interface CaptchaAnswer {
  /// The answer to a question.
  ///
  /// @param question as the relay puts it
  /// @param hint the form of the answer
  /// @return what to answer; the relay takes at most 256 characters
  String to(String question, String hint);
}
