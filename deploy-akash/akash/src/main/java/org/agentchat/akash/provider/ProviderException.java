package org.agentchat.akash.provider;

import org.jspecify.annotations.Nullable;

/// A provider cannot be asked, or is not who it should be.
public final class ProviderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean impostor;

  ProviderException(String message, boolean impostor, @Nullable Throwable cause) {
    super(message, cause);
    this.impostor = impostor;
  }

  /// Whether somebody answered who is not the provider; it was told nothing.
  public boolean isImpostor() {
    return impostor;
  }
}
