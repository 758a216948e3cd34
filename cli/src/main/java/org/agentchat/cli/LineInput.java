package org.agentchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 that are never longer than somebody can mean: what is beyond is dropped, so that
/// a pipe without line ends does not fill the memory.
final class LineInput {
  /// A long letter; a frame could hold more, but who wants that in one line uses `send`.
  static final int MAX_CHARS = 64 * 1024;

  private final Reader reader;

  LineInput(InputStream in) {
    reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /// The next line without its end, waiting for it; null after the last.
  @Nullable String next() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() < MAX_CHARS) {
        line.append((char) c);
      }
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}
