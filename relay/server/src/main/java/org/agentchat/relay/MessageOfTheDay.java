package org.agentchat.relay;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The message of the day: the settings' until an admin changes it, for as long as the relay runs.
/// Thread-safe.
final class MessageOfTheDay {
  private volatile @Nullable String text;

  MessageOfTheDay(Optional<String> text) {
    this.text = text.orElse(null);
  }

  /// The text, or null when there is none.
  @Nullable String text() {
    return text;
  }

  void change(@Nullable String next) {
    text = next;
  }
}
