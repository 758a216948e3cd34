package org.agentchat.schemas.rating;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Sha256;

/// How many entries of a log name an account, and a hash that commits to which: whoever is given
/// the entries sees whether one was left out, added, changed or moved.
///
/// The hash over no entries is 32 zero bytes; with each entry it becomes SHA-256 of itself, the
/// entry's index in 8 bytes, most significant first, and the entry's leaf hash. Immutable.
public final class AgentHistory {
  /// Of an account that no entry names.
  public static final AgentHistory EMPTY = new AgentHistory(0, new byte[Sha256.BYTES]);

  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long events;
  private final byte[] head;

  private AgentHistory(long events, byte[] head) {
    this.events = events;
    this.head = head;
  }

  /// An entry that names the account.
  ///
  /// @param index position in the log, from 0
  public record Link(long index, LeafHash hash) {}

  /// The history that a leaf claims.
  ///
  /// @param head 64 lower-case hexadecimal digits
  /// @throws IllegalArgumentException if a part has another shape
  static AgentHistory claimed(long events, String head) {
    if (events < 0 || events >= 1L << 53) {
      throw new IllegalArgumentException("events: a whole number wanted, found " + events);
    }
    return new AgentHistory(events, HexFormat.of().parseHex(RatingPath.requireHash(head)));
  }

  /// The history that consists of these entries.
  ///
  /// @throws IllegalArgumentException if their indexes do not ascend
  public static AgentHistory of(List<Link> links) {
    AgentHistory history = EMPTY;
    long last = -1;
    for (Link link : links) {
      if (link.index() <= last) {
        throw new IllegalArgumentException("entry " + link.index() + " after entry " + last);
      }
      last = link.index();
      history = history.with(link.index(), link.hash());
    }
    return history;
  }

  /// The history with one more entry, the latest.
  public AgentHistory with(long index, LeafHash entry) {
    return with(index, entry, Sha256.digest());
  }

  /// The same, for whoever does it for every entry of a log.
  ///
  /// @param digest of [Sha256#digest], used again and again by one thread
  public AgentHistory with(long index, LeafHash entry, MessageDigest digest) {
    digest.update(head);
    byte[] place = new byte[Long.BYTES];
    BIG_ENDIAN.set(place, 0, index);
    digest.update(place);
    entry.feed(digest);
    return new AgentHistory(events + 1, digest.digest());
  }

  /// How many entries name the account.
  public long events() {
    return events;
  }

  /// The hash over them, 64 lower-case hexadecimal digits.
  public String head() {
    return HexFormat.of().formatHex(head);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AgentHistory history
        && events == history.events
        && Arrays.equals(head, history.head);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(head);
  }

  /// Count and hash, for messages.
  @Override
  public String toString() {
    return events + " entries, " + head();
  }
}
