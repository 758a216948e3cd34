package org.agentchat.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// One pass through a log file. One thread at a time.
final class LogFileCursor implements AutoCloseable {

  private static final int GZIP_BUFFER_BYTES = 64 * 1024;

  private final LineReader lines;
  private final Consumer<LogFinding> findings;
  private final LogHeader header;
  private long line;

  /// The index of the next record.
  private long next;

  private @Nullable LogRecord peeked;
  private @Nullable LogCorruptedException failure;
  private boolean ended;

  /// Opens the file and reads its header.
  ///
  /// @param findings told what is wrong after the header; when it throws [LogCorruptedException]
  ///   every further read throws the same again
  /// @throws LogCorruptedException when the header is not one
  /// @throws LogUnavailableException when the file cannot be read
  LogFileCursor(Path file, Consumer<LogFinding> findings) {
    this.findings = findings;
    this.lines = new LineReader(open(file), LogLine.MAX_BYTES);
    try {
      this.header = header(file);
    } catch (LogException e) {
      close();
      throw e;
    }
    this.next = header.from();
  }

  static boolean isGzip(Path file) {
    return file.toString().endsWith(".gz");
  }

  LogHeader header() {
    return header;
  }

  /// No record below this index comes any more.
  long position() {
    return peeked == null ? next : peeked.index();
  }

  void skipTo(long index) {
    for (LogRecord record = peek(); record != null && record.index() < index; record = peek()) {
      peeked = null;
    }
  }

  /// Returns the next record and stays before it, null at the end.
  private @Nullable LogRecord peek() {
    if (failure != null) {
      throw failure;
    }
    while (peeked == null && !ended) {
      advance();
    }
    return peeked;
  }

  /// Returns the next records as [LogSource#read] does. A flaw behind good records is thrown by the
  /// next call, when it comes first.
  List<LogRecord> read(int limit) {
    List<LogRecord> records = new ArrayList<>();
    long bytes = 0;
    try {
      for (LogRecord record = peek(); record != null && records.size() < limit; record = peek()) {
        bytes += record.value().length;
        if (bytes > LogSource.MAX_READ_BYTES && !records.isEmpty()) {
          break;
        }
        records.add(record);
        peeked = null;
      }
    } catch (LogCorruptedException e) {
      if (records.isEmpty()) {
        throw e;
      }
    }
    return records;
  }

  private void advance() {
    byte[] bytes = nextLine();
    if (bytes == null) {
      end();
      return;
    }
    try {
      place(LogLine.parseRecord(bytes));
    } catch (MalformedLineException e) {
      report(next, "index %d: %s".formatted(next, e.getMessage()));
      next++;
    }
  }

  /// Only records in order are handed on; a record from behind the stated end stands, presumably,
  /// for the one wanted.
  private void place(LogRecord record) {
    if (record.index() != next || next >= header.end()) {
      report(record.index(), "wanted %s, found index %d".formatted(wanted(), record.index()));
    }
    if (record.index() >= header.end()) {
      next++;
    } else if (record.index() >= next) {
      next = record.index() + 1;
      if (next == header.end()) {
        requireEnd();
      }
      peeked = record;
    }
  }

  /// Looked at before the last record is handed on, because nobody reads on behind it.
  private void requireEnd() {
    byte[] further = nextLine();
    if (further != null) {
      report(next, "wanted the end of the file, found a further line");
    }
    ended = true;
  }

  private String wanted() {
    return next < header.end() ? "index " + next : "the end of the file";
  }

  private void end() {
    ended = true;
    if (next < header.end()) {
      report(
          next,
          "wanted index %d of %d records, found the end of the file"
              .formatted(next, header.size()));
    }
  }

  private void report(long found, String what) {
    try {
      findings.accept(new LogFinding(line, next, found, what));
    } catch (LogCorruptedException e) {
      failure = e;
      throw e;
    }
  }

  private byte @Nullable [] nextLine() {
    line++;
    try {
      return lines.next();
    } catch (EOFException | ZipException e) {
      ended = true;
      report(next, "index %d: the compressed file breaks off: %s".formatted(next, e.getMessage()));
      return null;
    } catch (IOException e) {
      throw LogUnavailableException.unreadable(
          "The log file cannot be read at line %d: %s".formatted(line, e), e);
    }
  }

  private LogHeader header(Path file) {
    byte[] bytes = nextLine();
    try {
      if (bytes == null) {
        throw new MalformedLineException("wanted a header, found an empty file");
      }
      return LogLine.parseHeader(bytes);
    } catch (MalformedLineException e) {
      throw new LogCorruptedException("%s line 1: %s".formatted(file, e.getMessage()), 0, 0, e);
    }
  }

  private static InputStream open(Path file) {
    try {
      InputStream raw = Files.newInputStream(file);
      return isGzip(file) ? gunzip(raw) : raw;
    } catch (EOFException | ZipException e) {
      throw new LogCorruptedException(
          file + " line 1: wanted gzip, found " + e.getMessage(), 0, 0, e);
    } catch (IOException e) {
      throw LogUnavailableException.unreadable(
          "The log file %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static InputStream gunzip(InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw, GZIP_BUFFER_BYTES);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
