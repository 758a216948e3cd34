package org.agentchat.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Splits bytes into lines without ever holding more than the longest one allowed.
public final class LineReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  /// @param in is closed with the reader
  /// @param maxBytes of the longest line allowed, without its line feed
  public LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /// Returns the next line without its line feed, null at the end. Of a longer line than allowed
  /// only one byte more than allowed comes back.
  ///
  /// @throws IOException as the stream throws it
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (position < limit || fill()) {
      any = true;
      int end = lineFeed();
      int room = maxBytes + 1 - line.size();
      line.write(buffer, position, Math.min(end - position, room));
      position = end;
      if (end < limit) {
        position++;
        return line.toByteArray();
      }
    }
    return any ? line.toByteArray() : null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private int lineFeed() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }
}
