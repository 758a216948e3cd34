package org.agentchat.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentchat.schemas.identity.AgentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// When keys were first seen, in `first-seen.log`: a line `<id> <milliseconds>` is added for each
/// new key; the file is written anew only when half of it is outdated. Thread-safe.
///
/// At most [#MAX_KEYS] are remembered; then the one not seen for the longest time is forgotten,
/// which costs its owner one more wait. When the disk is full the relay goes on and remembers in
/// memory only.
final class FirstSights {
  /// About 10 MB of memory and 3 MB of file.
  static final int MAX_KEYS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(FirstSights.class);
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{16}) ([0-9]{1,15})");

  private final Optional<Path> file;
  private final int maxKeys;
  private final Map<AgentId, Long> sights = new LinkedHashMap<>(16, 0.75f, true);
  private int lines;
  private boolean failing;

  /// @throws IOException if the file is there and cannot be read
  FirstSights(Optional<Path> folder, int maxKeys) throws IOException {
    this.file = folder.map(path -> path.resolve("first-seen.log"));
    this.maxKeys = maxKeys;
    if (file.isPresent()) {
      read(file.get());
    }
  }

  private void read(Path path) throws IOException {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException _) {
      return;
    }
    // What follows the last line end was cut off by a crash.
    int whole = text.lastIndexOf('\n') + 1;
    for (String line : text.substring(0, whole).lines().toList()) {
      lines++;
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IOException(
            path
                + " is damaged (line "
                + lines
                + ": an id of 16 hexadecimal digits and a time wanted); mend it, put a copy back,"
                + " or move it away");
      }
      remember(new AgentId(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
    if (whole < text.length()) {
      rewrite(path);
    }
  }

  /// When the key was first seen: now, if it never was.
  synchronized long of(AgentId agent, long now) {
    Long known = sights.get(agent);
    if (known != null) {
      return known;
    }
    remember(agent, now);
    file.ifPresent(path -> append(path, agent, now));
    return now;
  }

  private void remember(AgentId agent, long at) {
    sights.put(agent, at);
    if (sights.size() > maxKeys) {
      sights.remove(sights.keySet().iterator().next());
    }
  }

  private void append(Path path, AgentId agent, long at) {
    try {
      if (lines >= 2 * maxKeys || failing) {
        rewrite(path);
      } else {
        Files.writeString(
            path,
            line(agent, at),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.WRITE);
        lines++;
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("new keys are remembered in memory only: {}", e.toString());
      }
      failing = true;
    }
  }

  private void rewrite(Path path) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    List<Map.Entry<AgentId, Long>> all = List.copyOf(sights.entrySet());
    Files.writeString(
        next,
        all.stream()
            .map(sight -> line(sight.getKey(), sight.getValue()))
            .collect(Collectors.joining()),
        StandardCharsets.UTF_8);
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    lines = all.size();
  }

  private static String line(AgentId agent, long at) {
    return agent.name() + " " + at + "\n";
  }
}
