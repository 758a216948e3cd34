package org.agentchat.relay;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far each agent has heard the log from this relay, kept over restarts. Thread-safe.
///
/// The file is a first line `positions/1 ORIGIN BASE` and then one line `@agent INDEX` for every
/// change, the last one counts. An agent that is not in it has heard everything up to BASE, the end
/// of the log when this relay first saw it. What is lost with a killed process is a second; agents
/// then hear a second of frames again, never too little. Only agents that the log has something for
/// are kept, so there are no more of them than the log has named: anybody can make a key and
/// connect. All others have heard everything.
final class Positions {
  private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
  private static final String MAGIC = "positions/1";

  /// The file is written anew when it has this many lines more than four for each agent.
  private static final int SPARE_LINES = 1_000;

  private final @Nullable Path file;
  private final String head;
  private final long base;
  private final Predicate<AgentId> concerned;
  private final Map<AgentId, Long> heard = new HashMap<>();
  private final Map<AgentId, Long> unwritten = new LinkedHashMap<>();
  private long lines;
  private boolean failing;

  private Positions(@Nullable Path file, String origin, long base, Predicate<AgentId> concerned) {
    this.file = file;
    this.concerned = concerned;
    this.base = base;
    this.head = MAGIC + " " + origin + " " + base;
  }

  /// @param folder where the file is, or empty to keep nothing over a restart
  /// @param size how many entries the log has now: positions beyond belong to another log
  /// @param concerned whether the log has something for an agent, see [Backlog#concerns]
  /// @throws IOException if the file cannot be read; one that is damaged is put aside
  static Positions open(
      Optional<Path> folder, String origin, long size, Predicate<AgentId> concerned)
      throws IOException {
    Path file = folder.map(path -> path.resolve("positions")).orElse(null);
    if (file == null || !Files.exists(file)) {
      return new Positions(file, origin, size - 1, concerned).started();
    }
    try {
      return read(file, origin, size, concerned);
    } catch (IllegalArgumentException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn(
          "{} does not hold positions of this log ({}): agents that were away are told what comes"
              + " from now on only; it is kept as {}",
          file,
          e.getMessage(),
          aside);
      return new Positions(file, origin, size - 1, concerned).started();
    }
  }

  private static Positions read(Path file, String origin, long size, Predicate<AgentId> concerned)
      throws IOException {
    // What is not UTF-8 is no position either.
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    String[] head = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
    if (head.length != 3 || !head[0].equals(MAGIC) || !head[1].equals(origin)) {
      throw new IllegalArgumentException("first line '" + String.join(" ", head) + "'");
    }
    Positions positions =
        new Positions(file, origin, Math.min(Long.parseLong(head[2]), size - 1), concerned);
    for (String line : lines.subList(1, lines.size())) {
      positions.take(line, size);
    }
    return positions.started();
  }

  /// A line that was cut off by a crash is left out.
  private void take(String line, long size) {
    int space = line.indexOf(' ');
    Optional<AgentId> agent = AgentId.parse(space < 0 ? "" : line.substring(0, space));
    if (agent.filter(concerned).isPresent() && line.substring(space + 1).matches("[0-9]{1,18}")) {
      heard.put(agent.get(), Math.min(Long.parseLong(line.substring(space + 1)), size - 1));
    }
  }

  private synchronized Positions started() {
    rewrite();
    return this;
  }

  /// The index up to which the agent has heard the log.
  synchronized long of(AgentId agent) {
    return heard.getOrDefault(agent, base);
  }

  /// The agent has heard the log up to that index; it never goes back.
  synchronized void heard(AgentId agent, long index) {
    if (index > of(agent) && concerned.test(agent)) {
      heard.put(agent, index);
      unwritten.put(agent, index);
    }
  }

  /// What an agent has heard, its new name has heard.
  synchronized void succeed(AgentId old, AgentId next) {
    heard(next, of(old));
  }

  /// Writes what has changed. A failure is logged once and tried again the next time.
  synchronized void write() {
    if (file == null || unwritten.isEmpty()) {
      return;
    }
    if (lines + unwritten.size() > SPARE_LINES + 4L * heard.size()) {
      rewrite();
      return;
    }
    try (BufferedWriter out =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      append(out, unwritten);
      lines += unwritten.size();
      unwritten.clear();
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void rewrite() {
    if (file == null) {
      return;
    }
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
        out.write(head + "\n");
        append(out, heard);
      }
      // On the disk before it takes the old one's place: a power cut leaves one of the two.
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      lines = heard.size();
      unwritten.clear();
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private static void append(BufferedWriter out, Map<AgentId, Long> positions) throws IOException {
    for (Map.Entry<AgentId, Long> position : positions.entrySet()) {
      out.write(position.getKey() + " " + position.getValue() + "\n");
    }
  }

  private void failed(IOException e) {
    if (!failing) {
      LOG.warn("cannot keep how far agents have read, in {}: {}", file, e.toString());
    }
    failing = true;
  }
}
