package org.agentchat.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The table of differences that are there on purpose: `golden-waivers.txt`, whose head explains
/// its columns. Remembers which of its lines were needed.
final class Waivers {
  private static final String HEAD =
      """
      # How far our relay answers as existing servers do

      Everything that was captured between existing clients (0.36) and servers is said again to our
      relay by a test (`GoldenFramesTest`), with keys of ours, and every client must hear the same frames in
      the same order: types, fields, codes, texts and numbers. Only ids, nonces, signatures and questions drawn
      by lot are different words for the same, and times may be two seconds apart. What differs on purpose is
      in this table, which the test keeps: a difference that is not here fails it, and so does a row that
      no longer differs. The lines are those of the captures in the test's resources. One more capture, of
      escrow hooks, has no traffic of sockets in it; how sockets are closed when a server stops is no
      part of the captures.

      The court was captured with seconds for its deadlines: its clock is put forward here to the protocol's.
      Its arbiters have made their deals before, and its disputant tries nonces until the draw is the captured
      one. Nothing was captured there of who comes and goes, so these frames are not looked at.

      | Topic | Here | Frame | Captured |
      |---|---|---|---|
      """;

  private static final int COLUMNS = 6;
  private static final String EVERY_FRAME = "*";
  private static final String HEARD_BY = " to ";

  private final List<Waiver> all;
  private final Map<String, Set<String>> added;
  private final Set<Use> used = new HashSet<>();

  private Waivers(List<Waiver> all, Map<String, Set<String>> added) {
    this.all = all;
    this.added = added;
  }

  /// One row of the table.
  ///
  /// @param lines captured lines
  /// @param spans the same as it is written in the table
  /// @param type of frames, with ` to ` and a client where another one hears it than the line's
  /// @param field empty for whole frames
  /// @param what what is different here
  /// @param topic the row of the protocol's table of differences that says why
  record Waiver(
      String file,
      Set<Integer> lines,
      String spans,
      Difference.Kind kind,
      String type,
      String field,
      String what,
      String topic) {

    /// The type without the words that say who hears the frame.
    String frameType() {
      return type.split(HEARD_BY, 2)[0];
    }

    /// Who hears the frame: somebody named with the type, else the client of the line.
    String hearer(String ofLine) {
      return type.contains(HEARD_BY) ? type.split(HEARD_BY, 2)[1] : ofLine;
    }

    boolean covers(Difference difference) {
      return file.equals(difference.file())
          && lines.contains(difference.line())
          && kind == difference.kind()
          && (type.equals(difference.type()) || type.equals(EVERY_FRAME))
          && field.equals(difference.field());
    }
  }

  private record Use(Waiver waiver, int line) {}

  static Waivers read() {
    List<Waiver> waivers = new ArrayList<>();
    Map<String, Set<String>> added = new TreeMap<>();
    for (String row : text().lines().filter(line -> !line.isBlank()).toList()) {
      String[] cells = Stream.of(row.split("\\|", -1)).map(String::strip).toArray(String[]::new);
      if (row.startsWith("#")) {
        continue;
      }
      if (cells.length != COLUMNS) {
        throw new IllegalArgumentException(COLUMNS + " columns wanted, found: " + row);
      }
      if (cells[2].equals("added")) {
        add(added, cells[3]);
      } else {
        waivers.add(waiver(cells));
      }
    }
    return new Waivers(List.copyOf(waivers), added);
  }

  private static void add(Map<String, Set<String>> added, String frameAndField) {
    String[] parts = frameAndField.split("\\.", -1);
    added.computeIfAbsent(parts[0], _ -> new TreeSet<>()).add(parts[1]);
  }

  private static Waiver waiver(String[] cells) {
    int dot = cells[3].indexOf('.');
    return new Waiver(
        cells[0],
        lines(cells[1]),
        cells[1],
        Difference.Kind.valueOf(cells[2].toUpperCase(Locale.ROOT)),
        dot < 0 ? cells[3] : cells[3].substring(0, dot),
        dot < 0 ? "" : cells[3].substring(dot + 1),
        cells[4],
        cells[5]);
  }

  private static Set<Integer> lines(String spans) {
    Set<Integer> lines = new TreeSet<>();
    for (String span : spans.split(",", -1)) {
      String[] ends = span.strip().split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      IntStream.rangeClosed(first, last).forEach(lines::add);
    }
    return lines;
  }

  private static String text() {
    try (InputStream in = Waivers.class.getResourceAsStream("golden-waivers.txt")) {
      if (in == null) {
        throw new IllegalArgumentException("no golden-waivers.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Waiver> all() {
    return all;
  }

  /// The table as a page of the documentation.
  String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Waiver w : all) {
      String frame = w.type().equals(EVERY_FRAME) ? "frames" : "`" + w.frameType() + "`";
      String hearer = w.type().contains(HEARD_BY) ? HEARD_BY + w.hearer("") : "";
      String field = w.field().isEmpty() ? "" : " `" + w.field() + "`";
      page.append(
          "| %s | %s | %s%s%s %s | %s:%s |\n"
              .formatted(
                  w.topic(),
                  w.what(),
                  frame,
                  field,
                  hearer,
                  w.kind().name().toLowerCase(Locale.ROOT),
                  w.file().replace(".jsonl", ""),
                  w.spans()));
    }
    page.append("\nFields that our frames have in addition:\n\n");
    added.forEach((type, fields) ->
        page.append("- `%s`: `%s`\n".formatted(type, String.join("`, `", fields))));
    return page.toString();
  }

  /// Fields that ours adds, by frame type.
  Map<String, Set<String>> added() {
    return added;
  }

  /// Whether the captured line is known to have no counterpart.
  boolean isWaived(String file, int line, Difference.Kind kind) {
    return all.stream()
        .anyMatch(w -> w.kind() == kind && w.file().equals(file) && w.lines().contains(line));
  }

  /// The frames that we send in addition after the captured line.
  List<Waiver> extras(String file, int line) {
    return all.stream()
        .filter(w ->
            w.kind() == Difference.Kind.EXTRA && w.file().equals(file) && w.lines().contains(line))
        .toList();
  }

  /// Whether the difference is in the table.
  boolean admits(Difference difference) {
    List<Waiver> covering = all.stream().filter(w -> w.covers(difference)).toList();
    covering.forEach(w -> used.add(new Use(w, difference.line())));
    return !covering.isEmpty();
  }

  /// What the table lists and no replay showed.
  List<String> unused() {
    return all.stream()
        .flatMap(w ->
            w.lines().stream()
                .filter(line -> !used.contains(new Use(w, line)))
                .map(line ->
                    "%s:%d %s %s %s".formatted(w.file(), line, w.kind(), w.type(), w.field())))
        .toList();
  }
}
