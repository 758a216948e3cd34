package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;

/// An encoded frame on its way to one socket or to thousands: its bytes are there once, and count
/// once.
final class OutgoingFrame {
  private final byte[] bytes;
  private final boolean ping;

  /// Outboxes that hold it.
  private final AtomicInteger holders = new AtomicInteger();

  private OutgoingFrame(byte[] bytes, boolean ping) {
    this.bytes = bytes;
    this.ping = ping;
  }

  static OutgoingFrame of(ServerMessage message) {
    return text(ServerMessageCodec.encode(message).getBytes(StandardCharsets.UTF_8));
  }

  static OutgoingFrame text(byte[] utf8) {
    return new OutgoingFrame(utf8, false);
  }

  /// @param payload at most 125 bytes
  static OutgoingFrame ping(byte[] payload) {
    return new OutgoingFrame(payload, true);
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  boolean isPing() {
    return ping;
  }

  /// One more outbox holds it; whether it is the first.
  boolean hold() {
    return holders.getAndIncrement() == 0;
  }

  /// One outbox less holds it; whether it was the last.
  boolean letGo() {
    return holders.decrementAndGet() == 0;
  }
}
