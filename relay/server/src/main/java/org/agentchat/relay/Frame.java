package org.agentchat.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A whole message of a peer, put together from as many fragments as it came in.
sealed interface Frame {
  /// What it counts in an [Inbox], about its bytes.
  int size();

  /// What the protocol takes it for: existing servers take a binary message as text, so we do.
  String text();

  /// A text message. The transport has seen that it is UTF-8 (RFC 6455 section 8.1); a character
  /// counts as a byte.
  record Text(String text) implements Frame {
    @Override
    public int size() {
      return text.length();
    }
  }

  /// A binary message; what is not UTF-8 in it becomes U+FFFD.
  record Binary(ByteBuffer bytes) implements Frame {
    @Override
    public int size() {
      return bytes.remaining();
    }

    @Override
    public String text() {
      return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
  }
}
