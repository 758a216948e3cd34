package org.agentchat.ledger.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;

/// Derives every tile and the root of a published tree anew from its entries, and says where what
/// is published differs.
public final class TreeCheck {
  /// Faults kept, the first ones; the rest are counted.
  public static final int MAX_FAULTS = 1_000;

  /// One thing that is wrong.
  ///
  /// @param index of the first entry that it concerns
  public record Fault(long index, String sentence) {}

  private final TileLog tree;
  private final TileLog.Fetcher published;
  private final List<Fault> faults = new ArrayList<>();
  private long count;

  /// @param published the same tiles that `tree` reads
  public TreeCheck(TileLog tree, TileLog.Fetcher published) {
    this.tree = tree;
    this.published = published;
  }

  /// Reads the whole tree.
  ///
  /// @param entries where its entries come from: the tree's own bundles, or the log itself
  /// @param progress told how many entries have been read
  /// @return what it really is, as far as it could be read
  public TreeHead run(LogSource entries, LongConsumer progress) {
    TileWriter writer = new TileWriter(this::compare);
    try {
      read(entries, writer, progress);
      TreeHead derived = writer.flush();
      if (!derived.equals(tree.head())) {
        report(
            derived.size(),
            "the checkpoint says %d entries with the root %s, they are %d with %s"
                .formatted(
                    tree.head().size(),
                    tree.head().root().base64(),
                    derived.size(),
                    derived.root().base64()));
      }
    } catch (LogCorruptedException e) {
      report(e.expected(), String.valueOf(e.getMessage()));
    } catch (TreeRefusedException e) {
      report(writer.size(), String.valueOf(e.getMessage()));
    }
    return writer.head();
  }

  private void read(LogSource entries, TileWriter writer, LongConsumer progress) {
    while (writer.size() < tree.size()) {
      long left = tree.size() - writer.size();
      int limit = (int) Math.min(LogSource.MAX_READ_RECORDS, left);
      List<LogRecord> page = entries.read(writer.size(), limit);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(record -> writer.append(record.value()));
      progress.accept(writer.size());
    }
  }

  private void compare(TilePath path, byte[] derived) {
    Optional<byte[]> found = published.fetch(path).or(() -> beginning(path));
    if (found.isEmpty()) {
      report(start(path), path + " is missing");
    } else if (!Arrays.equals(found.get(), derived)) {
      report(start(path), path + " is not what the entries give");
    }
  }

  /// A partial tile goes once the full one is there, which begins with the same content.
  private Optional<byte[]> beginning(TilePath path) {
    return path.isPartial()
        ? published.fetch(path.full()).map(full -> beginning(path, full))
        : Optional.empty();
  }

  private static byte[] beginning(TilePath path, byte[] full) {
    try {
      return path.level() == TilePath.ENTRIES
          ? EntryBundle.encode(EntryBundle.decode(full, TilePath.FULL).subList(0, path.width()))
          : Arrays.copyOf(full, path.width() * TreeHash.BYTES);
    } catch (IllegalArgumentException _) {
      return full;
    }
  }

  private static long start(TilePath path) {
    int height = path.level() == TilePath.ENTRIES ? 1 : path.level() + 1;
    return path.index() << (Byte.SIZE * height);
  }

  private void report(long index, String sentence) {
    count++;
    if (faults.size() < MAX_FAULTS) {
      faults.add(new Fault(index, sentence));
    }
  }

  /// How many things are wrong.
  public long count() {
    return count;
  }

  /// The first of them, in the order in which they were met.
  public List<Fault> faults() {
    return List.copyOf(faults);
  }
}
