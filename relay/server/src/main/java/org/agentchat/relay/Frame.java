package org.agentchat.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A whole message of a peer, put together from as many fragments as it came in.
///
/// @param utf8 backed by an array; the transport has seen that a text is UTF-8 (RFC 6455 section
///   8.1)
/// @param binary existing servers take a binary message as text, so we do; what is not UTF-8 in it
///   becomes U+FFFD
/// @param handled gives back the room that it takes; called once, when it was handled or dropped
record Frame(ByteBuffer utf8, boolean binary, Runnable handled) {
  /// What it counts in an [Inbox]: its bytes.
  int size() {
    return utf8.remaining();
  }

  /// What the protocol takes it for.
  String text() {
    // Not through a decoder, which would take two bytes more for every character.
    int start = utf8.arrayOffset() + utf8.position();
    return new String(utf8.array(), start, utf8.remaining(), StandardCharsets.UTF_8);
  }
}
