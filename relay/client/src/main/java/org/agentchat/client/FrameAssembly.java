package org.agentchat.client;

import java.util.Optional;
import org.agentchat.schemas.message.ClientMessageCodec;

/// Puts the parts of a text frame together (RFC 6455 section 5.4). Not thread-safe.
final class FrameAssembly {
  /// What a relay adds to a content of the longest size: names, times, signature.
  static final int MAX_ENVELOPE_CHARS = 64 * 1024;

  /// Longest frame that is read, in characters.
  static final int MAX_CHARS = ClientMessageCodec.MAX_FRAME + MAX_ENVELOPE_CHARS;

  /// A buffer that grew beyond this is not kept.
  private static final int KEPT_CHARS = 64 * 1024;

  private StringBuilder parts = new StringBuilder();

  /// Whether the frame would be longer than [#MAX_CHARS] with this part.
  boolean overflows(CharSequence part) {
    return parts.length() + (long) part.length() > MAX_CHARS;
  }

  /// Adds a part; gives the frame when it is whole.
  Optional<String> add(CharSequence part, boolean last) {
    if (last && parts.isEmpty()) {
      return Optional.of(part.toString());
    }
    parts.append(part);
    if (!last) {
      return Optional.empty();
    }
    String whole = parts.toString();
    if (parts.capacity() > KEPT_CHARS) {
      parts = new StringBuilder();
    }
    parts.setLength(0);
    return Optional.of(whole);
  }
}
