package org.agentchat.escrow.chain;

/// A keystore or a password file cannot be used. The message names the file and no secret.
public final class KeystoreException extends Exception {
  private static final long serialVersionUID = 1L;

  KeystoreException(String message) {
    super(message);
  }

  KeystoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
