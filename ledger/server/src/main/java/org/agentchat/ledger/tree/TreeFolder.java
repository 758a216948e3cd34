package org.agentchat.ledger.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agentchat.log.DurableFile;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.Tile;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TiledSubtrees;

/// The folder of a published tree, laid out as it is served: any web server can serve it.
///
/// A tile that is written is never written differently: [#write] refuses. Any thread may read, one
/// writes.
public final class TreeFolder {
  private static final String CHECKPOINT = "checkpoint";

  /// What was about to be published: a witness may have signed it.
  private static final String PENDING = "pending-checkpoint";

  /// The files that are written here: the two above, tiles and bundles, and the log's key.
  private static final Pattern NAMES =
      Pattern.compile(CHECKPOINT + "|" + PENDING + "|log-key\\.json|[0-9]{1,3}");

  private final Path folder;

  /// Full tiles since the last checkpoint. The publisher's thread only.
  private final List<TilePath> filled = new ArrayList<>();

  /// @param folder need not exist yet
  public TreeFolder(Path folder) {
    this.folder = folder;
  }

  /// The tile or bundle; empty when there is none.
  ///
  /// @throws UncheckedIOException when it cannot be read
  public Optional<byte[]> read(TilePath path) {
    return readFile(path.toString());
  }

  /// Writes a tile, unless it is there.
  ///
  /// @throws TreeRefusedException when there is another one
  /// @throws UncheckedIOException when it cannot be written
  void write(TilePath path, byte[] content) {
    Optional<byte[]> known = read(path);
    if (!path.isPartial()) {
      filled.add(path);
    }
    if (known.isEmpty()) {
      writeFile(path.toString(), content);
    } else if (!Arrays.equals(known.get(), content)) {
      throw TreeRefusedException.otherTile(folder.resolve(path.toString()));
    }
  }

  /// The checkpoint that was published last.
  ///
  /// @throws UncheckedIOException when it cannot be read
  /// @throws TreeRefusedException when it is not one
  public Optional<SignedNote> checkpoint() {
    return note(CHECKPOINT);
  }

  /// The checkpoint that was made last, published or not.
  Optional<SignedNote> pending() {
    return note(PENDING);
  }

  void prepare(SignedNote note) {
    writeFile(PENDING, note.encode().getBytes(StandardCharsets.UTF_8));
  }

  void publish(SignedNote note) {
    writeFile(CHECKPOINT, note.encode().getBytes(StandardCharsets.UTF_8));
  }

  private Optional<SignedNote> note(String name) {
    Optional<byte[]> bytes = readFile(name);
    try {
      return bytes.map(found -> SignedNote.parse(new String(found, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw TreeRefusedException.notACheckpoint(folder.resolve(name), e);
    }
  }

  /// The published tree's subtrees.
  ///
  /// @param size of a tree that was published
  public TiledSubtrees subtrees(long size) {
    return new TiledSubtrees(size, this::tile);
  }

  private Tile tile(TilePath path) {
    Optional<byte[]> bytes = read(path);
    if (bytes.isPresent()) {
      return Tile.decode(bytes.get(), path.width());
    }
    // A partial tile goes once the full one is there, which begins with the same hashes.
    Tile full =
        read(path.full())
            .map(found -> Tile.decode(found, TilePath.FULL))
            .orElseThrow(() -> new IllegalStateException("a published tile is missing: " + path));
    return new Tile(full.hashes().subList(0, path.width()));
  }

  /// Whoever writes begins at the first entry again, and alone: what an earlier one left
  /// half-written when it was killed goes.
  ///
  /// @return how many files that were
  /// @throws UncheckedIOException when they cannot be deleted
  int begin() {
    filled.clear();
    try {
      return DurableFile.deleteLeftovers(folder, NAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot delete what was left half-written in %s: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  /// A checkpoint is out: partial tiles that the full one stands for by now are not needed any
  /// more.
  void dropPartials() {
    filled.forEach(this::dropPartials);
    filled.clear();
  }

  private void dropPartials(TilePath full) {
    Path partials = folder.resolve(full + ".p");
    if (!Files.isDirectory(partials)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(partials)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + partials + ": " + e.getMessage(), e);
    }
  }

  private Optional<byte[]> readFile(String name) {
    Path file = folder.resolve(name);
    try {
      return DurableFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void writeFile(String name, byte[] content) {
    Path file = folder.resolve(name);
    try {
      DurableFile.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
