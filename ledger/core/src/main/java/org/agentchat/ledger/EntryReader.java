package org.agentchat.ledger;

import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// Turns the bytes at an index into an [Entry]. Needs no state, so any number of threads may read
/// ahead of the fold; all the cost of signatures is here.
public final class EntryReader {
  private final Ed25519Verifier verifier;
  private final VerifiedEvents verified;

  /// @param verified events whose signature this process has checked before it appended them
  public EntryReader(Ed25519Verifier verifier, VerifiedEvents verified) {
    this.verifier = verifier;
    this.verified = verified;
  }

  /// The entry at the index.
  public Entry read(long index, byte[] bytes) {
    LeafHash hash = LeafHash.of(bytes);
    Entry.Content content = content(bytes);
    if (content instanceof Entry.Content.Sound(Event event)
        && !verified.contains(hash)
        && !isValid(event)) {
      return new Entry(index, hash, new Entry.Content.Forged(event));
    }
    return new Entry(index, hash, content);
  }

  /// The entry at the index, taken without a look at its signature: for whoever has verified these
  /// very bytes before, or trusts somebody who did.
  public Entry readUnverified(long index, byte[] bytes) {
    return new Entry(index, LeafHash.of(bytes), content(bytes));
  }

  private static Entry.Content content(byte[] bytes) {
    try {
      return new Entry.Content.Sound(EventCodec.decode(bytes));
    } catch (MalformedEventException e) {
      return new Entry.Content.Malformed(String.valueOf(e.getMessage()));
    }
  }

  private boolean isValid(Event event) {
    return switch (event) {
      case Event.Stated stated -> stated.signed().isValid(verifier);
      case Event.RatingsCommitted commitment -> commitment.isValid(verifier);
      case Event.Genesis _, Event.PanelNonce _, Event.Tick _ -> true;
    };
  }
}
