package org.agentchat.ledger;

import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;

/// An event with its index, read and checked as far as that needs no state.
///
/// @param index position in the log, from 0
/// @param hash of the event's bytes
public record Entry(long index, LeafHash hash, Content content) {
  /// What the bytes turned out to be.
  public sealed interface Content {
    /// An event whose signature, if it has one, is valid.
    record Sound(Event event) implements Content {}

    /// An event whose signature is not valid.
    record Forged(Event event) implements Content {}

    /// Not an event.
    record Malformed(String why) implements Content {}
  }
}
