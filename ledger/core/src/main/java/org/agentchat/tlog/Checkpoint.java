package org.agentchat.tlog;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// What a log says of itself: the body of a note (C2SP tlog-checkpoint).
///
/// @param origin the log's name, one line, not empty
/// @param head size and root hash
/// @param extensions further lines, none of them empty; ours have none
public record Checkpoint(String origin, TreeHead head, List<String> extensions) {
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final int LINES = 3;

  /// @throws IllegalArgumentException if a line is empty or holds a line end
  public Checkpoint {
    extensions = List.copyOf(extensions);
    requireLine(origin);
    extensions.forEach(Checkpoint::requireLine);
  }

  /// A checkpoint without extensions.
  public Checkpoint(String origin, TreeHead head) {
    this(origin, head, List.of());
  }

  private static void requireLine(String line) {
    if (line.isEmpty() || line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a checkpoint has no empty lines");
    }
  }

  /// Reads a note's text.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < LINES + 1 || !lines[lines.length - 1].isEmpty()) {
      throw new IllegalArgumentException("a checkpoint has three lines: origin, size, root hash");
    }
    if (!SIZE.matcher(lines[1]).matches()) {
      throw new IllegalArgumentException("a checkpoint's size is a decimal number: " + lines[1]);
    }
    TreeHead head = new TreeHead(Long.parseLong(lines[1]), TreeHash.ofBase64(lines[2]));
    return new Checkpoint(lines[0], head, Arrays.asList(lines).subList(LINES, lines.length - 1));
  }

  /// The lines, each with its line end.
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(origin).append('\n').append(head.size()).append('\n');
    text.append(head.root().base64()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
