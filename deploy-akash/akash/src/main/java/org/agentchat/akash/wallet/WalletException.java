package org.agentchat.akash.wallet;

import org.jspecify.annotations.Nullable;

/// The wallet's file cannot be read, opened or written. The message is one sentence without a full
/// stop and quotes nothing of the file.
public final class WalletException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WalletException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
