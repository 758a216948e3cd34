package org.agentchat.ledger.tree;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.Tile;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TiledSubtrees;
import org.agentchat.tlog.TreeHead;
import org.jspecify.annotations.Nullable;

/// A log as its published tree holds it, up to one checkpoint: entries out of bundles, hashes out
/// of tiles. What comes back is what was served; whoever reads compares it with the checkpoint.
///
/// Any thread may read, if the fetcher lets it.
public final class TileLog implements LogSource {
  /// Where tiles come from: a folder, or a server.
  @FunctionalInterface
  public interface Fetcher {
    /// The tile or bundle; empty when it is not there.
    ///
    /// @throws org.agentchat.log.LogUnavailableException when nobody answers
    Optional<byte[]> fetch(TilePath path);
  }

  private final TreeHead head;
  private final Fetcher fetcher;

  /// The bundle that was read last: a read that ends in the middle of one is followed by another.
  private volatile @Nullable Bundle last;

  private record Bundle(long index, List<byte[]> entries) {}

  /// @param head of a checkpoint
  public TileLog(TreeHead head, Fetcher fetcher) {
    this.head = head;
    this.fetcher = fetcher;
  }

  /// What the checkpoint says.
  public TreeHead head() {
    return head;
  }

  /// The hashes that are published beside the entries.
  public TiledSubtrees subtrees() {
    return new TiledSubtrees(
        head.size(),
        path -> {
          Fetched fetched = fetch(path);
          Tile tile = decode(path, () -> Tile.decode(fetched.content(), fetched.width()));
          return new Tile(tile.hashes().subList(0, path.width()));
        });
  }

  @Override
  public long size() {
    return head.size();
  }

  /// {@inheritDoc}
  ///
  /// Ends with a bundle where the next one would not fit, if that is not larger than a read may be.
  @Override
  public List<LogRecord> read(long from, int limit) {
    List<LogRecord> records = new ArrayList<>();
    int most = Math.min(limit, MAX_READ_RECORDS);
    long next = from;
    long bytes = 0;
    while (next < head.size() && records.size() < most && bytes < MAX_READ_BYTES) {
      List<byte[]> entries = bundle(next / TilePath.FULL, records.isEmpty());
      boolean fits = entries.size() <= most - records.size();
      if (entries.isEmpty() || (!fits && !records.isEmpty())) {
        return records;
      }
      for (byte[] entry : entries.subList((int) (next % TilePath.FULL), entries.size())) {
        if (records.size() < most && bytes < MAX_READ_BYTES) {
          records.add(new LogRecord(next++, entry));
          bytes += entry.length;
        }
      }
    }
    return records;
  }

  /// The entries of a bundle; none when it cannot be read and others before it can: then the next
  /// read begins with it, and fails.
  private List<byte[]> bundle(long index, boolean first) {
    Bundle known = last;
    if (known != null && known.index() == index) {
      return known.entries();
    }
    try {
      List<byte[]> entries = bundle(index);
      last = new Bundle(index, entries);
      return entries;
    } catch (LogException e) {
      if (first) {
        throw e;
      }
      return List.of();
    }
  }

  /// The entries of one bundle, as far as the checkpoint covers them.
  ///
  /// @param index of the bundle: its first entry is the one at 256 times as much
  /// @throws LogCorruptedException when it is not there, or not one
  public List<byte[]> bundle(long index) {
    TilePath path = TilePath.in(head.size(), TilePath.ENTRIES, index).orElseThrow();
    Fetched fetched = fetch(path);
    List<byte[]> entries =
        decode(path, () -> EntryBundle.decode(fetched.content(), fetched.width()));
    return entries.subList(0, path.width());
  }

  @SuppressWarnings("ArrayRecordComponent") // Fetched and decoded; nobody compares them.
  private record Fetched(byte[] content, int width) {}

  /// A partial tile goes once the full one is there, which begins with the same content.
  private Fetched fetch(TilePath path) {
    Optional<Fetched> found =
        fetcher.fetch(path).map(content -> new Fetched(content, path.width()));
    if (found.isEmpty() && path.isPartial()) {
      found = fetcher.fetch(path.full()).map(content -> new Fetched(content, TilePath.FULL));
    }
    return found.orElseThrow(
        () -> corrupted(path, "%s is not there, though the checkpoint covers it".formatted(path)));
  }

  @FunctionalInterface
  private interface Decoding<T> {
    T run();
  }

  private static <T> T decode(TilePath path, Decoding<T> decoding) {
    try {
      return decoding.run();
    } catch (IllegalArgumentException e) {
      throw corrupted(path, path + ": " + e.getMessage());
    }
  }

  private static LogCorruptedException corrupted(TilePath path, String why) {
    return LogCorruptedException.unreadable(why, path.index() * TilePath.FULL);
  }

  /// Ends at the checkpoint, where its polls stay empty.
  @Override
  public Tail tail(long from) {
    return new Tail() {
      private long next = from;

      @Override
      public List<LogRecord> poll(Duration wait) {
        List<LogRecord> page = read(next, MAX_READ_RECORDS);
        next += page.size();
        return page;
      }

      @Override
      public void close() {}
    };
  }
}
