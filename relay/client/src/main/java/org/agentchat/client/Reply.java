package org.agentchat.client;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a relay answered: it did what was asked, or it refused. That no answer came is not a value
/// but a [ClientException].
public sealed interface Reply<T> {
  /// It is done.
  record Done<T>(T value) implements Reply<T> {}

  /// The relay refused, and nothing changed.
  ///
  /// @param code a word of [org.agentchat.schemas.message.ErrorCode], or of another server
  /// @param message why, for a person
  /// @param index for a repeated statement: the log index of its first copy; for one of a key that
  ///   has ended: that of the end
  record Refused<T>(String code, String message, @Nullable Long index) implements Reply<T> {
    /// The same refusal of something else.
    public <R> Reply<R> as() {
      return new Refused<>(code, message, index);
    }
  }

  /// The same answer with another value.
  default <R> Reply<R> map(Function<? super T, ? extends R> change) {
    return switch (this) {
      case Done<T>(T value) -> new Done<>(change.apply(value));
      case Refused<T> refused -> refused.as();
    };
  }

  /// The value, for callers to whom a refusal is a failure.
  ///
  /// @throws RefusedException if the relay refused
  default T orThrow() {
    return switch (this) {
      case Done<T>(T value) -> value;
      case Refused<T>(String code, String message, _) -> throw new RefusedException(code, message);
    };
  }
}
