package org.agentchat.hooks.exec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What a command prints, read as long as it prints so that it is never held up, and forgotten but
/// for its end.
final class CommandOutput {
  /// Bytes that are kept: complaints come last.
  private static final int KEPT_BYTES = 4 * 1024;

  private static final int BUFFER_BYTES = 8 * 1024;

  private final byte[] kept = new byte[KEPT_BYTES];
  private final Thread thread;
  private long total;

  private CommandOutput(InputStream printed) {
    // A pipe is read by a thread of the operating system: it would hold a virtual one's carrier.
    this.thread = Thread.ofPlatform().daemon().name("hooks-output").unstarted(() -> drain(printed));
  }

  static CommandOutput of(InputStream printed) {
    CommandOutput output = new CommandOutput(printed);
    output.thread.start();
    return output;
  }

  private void drain(InputStream printed) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (printed) {
      for (int read = printed.read(buffer); read >= 0; read = printed.read(buffer)) {
        keep(buffer, read);
      }
    } catch (IOException _) {
      // The process is gone and its pipe with it; what was read is what there is.
    }
  }

  private synchronized void keep(byte[] buffer, int read) {
    for (int i = Math.max(0, read - KEPT_BYTES); i < read; i++) {
      kept[(int) ((total + i) % KEPT_BYTES)] = buffer[i];
    }
    total += read;
  }

  /// The end of what was printed.
  ///
  /// @param within how long to wait for the end of the pipe, which something that the command has
  ///   left behind may still hold
  String end(Duration within) throws InterruptedException {
    boolean _ = thread.join(within);
    return text();
  }

  private synchronized String text() {
    int length = (int) Math.min(total, KEPT_BYTES);
    byte[] end = new byte[length];
    for (int i = 0; i < length; i++) {
      end[i] = kept[(int) ((total - length + i) % KEPT_BYTES)];
    }
    return new String(end, StandardCharsets.UTF_8);
  }
}
