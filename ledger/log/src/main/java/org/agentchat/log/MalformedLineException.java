package org.agentchat.log;

/// A line of a log file that is not of the format; the message says what was found and wanted.
final class MalformedLineException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedLineException(String message) {
    super(message);
  }
}
