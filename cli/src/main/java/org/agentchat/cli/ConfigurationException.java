package org.agentchat.cli;

/// A setting that makes no sense; the message names it, where it came from, what was wanted and
/// what was found.
final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String sentence) {
    super(sentence);
  }
}
