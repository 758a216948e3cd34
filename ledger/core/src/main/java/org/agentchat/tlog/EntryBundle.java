package org.agentchat.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Up to 256 consecutive entries, each after its length in two bytes, big-endian (C2SP tlog-tiles,
/// "Log entries").
public final class EntryBundle {
  /// Longest entry, in bytes: what two bytes can say.
  public static final int MAX_ENTRY_BYTES = 65_535;

  private EntryBundle() {}

  /// The bundle of these entries.
  ///
  /// @throws IllegalArgumentException if one is longer than [#MAX_ENTRY_BYTES]
  public static byte[] encode(List<byte[]> entries) {
    int length = entries.stream().mapToInt(entry -> 2 + entry.length).sum();
    ByteBuffer bundle = ByteBuffer.allocate(length);
    for (byte[] entry : entries) {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new IllegalArgumentException(
            "an entry of " + entry.length + " bytes, at most " + MAX_ENTRY_BYTES + " wanted");
      }
      bundle.putShort((short) entry.length).put(entry);
    }
    return bundle.array();
  }

  /// The entries of a bundle.
  ///
  /// @param width how many it must have
  /// @throws IllegalArgumentException if it ends early, or goes on after the last
  public static List<byte[]> decode(byte[] bundle, int width) {
    List<byte[]> entries = new ArrayList<>(width);
    int at = 0;
    while (at + 2 <= bundle.length && entries.size() < width) {
      int start = at + 2;
      int end = start + (((bundle[at] & 0xff) << 8) | (bundle[at + 1] & 0xff));
      if (end > bundle.length) {
        throw new IllegalArgumentException(
            "entry " + entries.size() + " of a bundle ends at " + end + " of " + bundle.length);
      }
      entries.add(Arrays.copyOfRange(bundle, start, end));
      at = end;
    }
    if (entries.size() != width || at != bundle.length) {
      throw new IllegalArgumentException(
          "a bundle of %d bytes has %d entries in %d, %d wanted"
              .formatted(bundle.length, entries.size(), at, width));
    }
    return entries;
  }
}
