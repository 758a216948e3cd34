package org.agentchat.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A piece of the log in a file, format `agentchat-log/1`: UTF-8, one JSON object a line, a header
/// first; gzip when the name ends in `.gz`.
///
///     {"format":"agentchat-log/1","from":0,"size":2}
///     {"index":0,"event":"text that is read by people"}
///     {"index":1,"event_base64":"gA=="}
///
/// `from` is the index of the first record and `size` the number of records. A value that is UTF-8
/// without line breaks is written as text, any other in base64; both come back byte for byte.
///
/// The file is never held in memory. It does not grow: a tail ends at its end, where its polls stay
/// empty. Reading on is cheap, going back reads the file from its start. Any thread may use it.
public final class LogFile implements LogSource, AutoCloseable {

  private final Path file;
  private final Consumer<LogFinding> findings;
  private final LogHeader header;
  private final ReentrantLock turn = new ReentrantLock();

  /// Where the last [#read] stopped.
  private @Nullable LogFileCursor cursor;

  private LogFile(Path file, Consumer<LogFinding> findings) {
    this.file = file;
    this.findings = findings;
    try (LogFileCursor first = new LogFileCursor(file, findings)) {
      this.header = first.header();
    }
  }

  /// Opens a file strictly: the first thing wrong in it is thrown, with its line, by the read or
  /// poll that meets it.
  ///
  /// @throws LogCorruptedException when the file has no header
  /// @throws LogUnavailableException when it cannot be read
  public static LogFile open(Path file) {
    return open(
        file,
        finding -> {
          throw new LogCorruptedException(
              "%s %s".formatted(file, finding), finding.expected(), finding.found(), null);
        });
  }

  /// Opens a file for somebody who wants to hear of everything that is wrong in it, as an auditor
  /// does. Reads then return what is there, in order and each index once at most, but not without
  /// gap; every pass (a tail, or reads from a lower index) reports its findings again.
  ///
  /// @param findings told, on the reading thread, what is wrong, in the order of the file
  /// @throws LogCorruptedException when the file has no header
  /// @throws LogUnavailableException when it cannot be read
  public static LogFile open(Path file, Consumer<LogFinding> findings) {
    return new LogFile(file, findings);
  }

  /// Writes records to a file, which appears under its name only when it is whole and on disk.
  ///
  /// @param target replaced when it exists; gzip when the name ends in `.gz`
  /// @param source read page by page
  /// @param from index of the first record
  /// @param to index after the last record
  /// @throws LogCorruptedException when the source ends before `to` or has a gap
  /// @throws LogUnavailableException when the source cannot be read or the target not be written
  public static void write(Path target, LogSource source, long from, long to) {
    LogFileWriter.write(target, source, new LogHeader(from, to - from));
  }

  /// The index of the first record in the file.
  public long from() {
    return header.from();
  }

  /// The index after the last record of the file, as the header states it.
  @Override
  public long size() {
    return header.end();
  }

  /// {@inheritDoc}
  ///
  /// @throws LogCorruptedException when something is wrong before the last record wanted, or `from`
  ///   lies before the first record of the file
  @Override
  public List<LogRecord> read(long from, int limit) {
    requireHeld(from);
    turn.lock();
    try {
      LogFileCursor at = cursorAt(from);
      return at.read(Math.min(limit, MAX_READ_RECORDS));
    } finally {
      turn.unlock();
    }
  }

  @Override
  public Tail tail(long from) {
    requireHeld(from);
    if (from > size()) {
      throw LogCorruptedException.missing(
          file + " ends before the index to go on from", from, size());
    }
    LogFileCursor at = new LogFileCursor(file, findings);
    return new FileTail(at, from);
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (cursor != null) {
        cursor.close();
        cursor = null;
      }
    } finally {
      turn.unlock();
    }
  }

  private void requireHeld(long from) {
    if (from < header.from()) {
      throw LogCorruptedException.missing(
          file + " does not begin at the start of the log", from, header.from());
    }
  }

  private LogFileCursor cursorAt(long from) {
    LogFileCursor at = cursor;
    if (at == null || at.position() > from) {
      close();
      at = new LogFileCursor(file, findings);
      cursor = at;
    }
    at.skipTo(from);
    return at;
  }

  /// Polls on its owner's thread; waits for nothing, as nothing can come.
  private static final class FileTail implements Tail {
    private final LogFileCursor cursor;
    private final long from;

    FileTail(LogFileCursor cursor, long from) {
      this.cursor = cursor;
      this.from = from;
    }

    @Override
    public synchronized List<LogRecord> poll(Duration wait) {
      cursor.skipTo(from);
      return cursor.read(MAX_READ_RECORDS);
    }

    @Override
    public synchronized void close() {
      cursor.close();
    }
  }
}
