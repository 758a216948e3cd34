package org.agentchat.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Writes [LogFile]s: to a temporary file beside the target, to the disk, and only then under its
/// name.
final class LogFileWriter {

  private static final int BUFFER_BYTES = 64 * 1024;

  private LogFileWriter() {}

  static void write(Path target, LogSource source, LogHeader header) {
    Path absolute = target.toAbsolutePath();
    try {
      Path folder = absolute.getParent();
      if (folder == null) {
        throw new IOException("it is no file");
      }
      Path temporary = Files.createTempFile(folder, "." + absolute.getFileName(), ".tmp");
      try {
        fill(temporary, LogFileCursor.isGzip(target), source, header);
        Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      DurableFile.sync(folder);
    } catch (IOException e) {
      throw LogUnavailableException.unreadable(
          "The log file %s cannot be written: %s".formatted(target, e), e);
    }
  }

  private static void fill(Path file, boolean gzip, LogSource source, LogHeader header)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      OutputStream raw = Channels.newOutputStream(channel);
      // Not closed but finished, because closing would close the channel before the sync.
      if (gzip) {
        GZIPOutputStream compressed = new GZIPOutputStream(raw, BUFFER_BYTES);
        records(compressed, source, header);
        compressed.finish();
      } else {
        records(raw, source, header);
      }
      channel.force(true);
    }
  }

  private static void records(OutputStream target, LogSource source, LogHeader header)
      throws IOException {
    OutputStream out = new BufferedOutputStream(target, BUFFER_BYTES);
    line(out, LogLine.write(header));
    long next = header.from();
    while (next < header.end()) {
      List<LogRecord> page =
          source.read(next, (int) Math.min(LogSource.MAX_READ_RECORDS, header.end() - next));
      if (page.isEmpty()) {
        throw LogCorruptedException.missing("The log ends too early", header.end(), next);
      }
      for (LogRecord record : page) {
        if (record.index() != next) {
          throw LogCorruptedException.missing("The log has a gap", next, record.index());
        }
        line(out, LogLine.write(record));
        next++;
      }
    }
    out.flush();
  }

  private static void line(OutputStream out, byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
  }
}
