package org.agentchat.akash.sdl;

/// A deployment file says something that cannot be. The message names the line, the place, what was
/// wanted and what was found, in one sentence without a full stop.
public final class SdlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SdlException(String message) {
    super(message);
  }

  SdlException(String message, Throwable cause) {
    super(message, cause);
  }
}
