package org.agentchat.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes acts down, one JSON object a line, on a thread of its own: nobody waits for the disk.
///
/// A line is given to the operating system within milliseconds, so a killed process loses next to
/// nothing and a power cut some seconds. When the disk is full, or slower than the relay for so
/// long that [#MAX_WAITING] lines wait, lines are lost: that is logged once and counted, and the
/// relay goes on. Thread-safe.
final class AuditLog implements AutoCloseable {
  /// Some seconds of a busy relay; about 2 MB.
  private static final int MAX_WAITING = 8_192;

  private static final int MAX_BATCH = 512;

  /// Files put aside that are kept, `.1` the youngest.
  private static final int KEPT = 4;

  private static final int LOOK_MILLIS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private final Optional<AccessRules.AuditFile> file;
  private final RelayClock clock;
  private final RelayMetrics metrics;
  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::write);
  private volatile boolean closing;
  private volatile boolean failing;
  private @Nullable FileChannel channel;

  /// @param file absent: nothing is written
  /// @throws IOException if the file cannot be one: its folder is missing, or it is a folder
  AuditLog(Optional<AccessRules.AuditFile> file, RelayClock clock, RelayMetrics metrics)
      throws IOException {
    this.file = file;
    this.clock = clock;
    this.metrics = metrics;
    if (file.isPresent()) {
      Path path = file.get().path().toAbsolutePath();
      if (Files.isDirectory(path) || !Files.isDirectory(path.resolveSibling("."))) {
        throw new IOException("audit log: a file in an existing folder wanted, found " + path);
      }
    }
  }

  void start() {
    if (file.isPresent()) {
      writer.start();
    }
  }

  void record(AuditEvent act) {
    if (file.isEmpty()) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("ts", IsoTime.of(clock.millis()));
    line.put("level", act.level());
    line.put("event", act.event());
    line.putAll(act.fields());
    if (!waiting.offer(Json.text(line))) {
      lost(1, "more than " + MAX_WAITING + " acts wait for the disk");
    }
  }

  private void lost(int lines, String why) {
    metrics.auditLost(lines);
    if (!failing) {
      failing = true;
      LOG.error("acts are missing in the audit log: {}", why);
    }
  }

  private void write() {
    List<String> batch = new ArrayList<>();
    try {
      while (!closing || !waiting.isEmpty()) {
        String first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MAX_BATCH);
          write(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closeChannel();
    }
  }

  private void write(List<String> batch) {
    try {
      byte[] lines = (String.join("\n", batch) + "\n").getBytes(StandardCharsets.UTF_8);
      FileChannel open = opened();
      ByteBuffer buffer = ByteBuffer.wrap(lines);
      while (buffer.hasRemaining()) {
        open.write(buffer);
      }
      if (failing) {
        failing = false;
        LOG.info("the audit log is written again");
      }
      rotateIfLarge(open);
    } catch (IOException e) {
      closeChannel();
      lost(batch.size(), e.toString());
    }
  }

  private void rotateIfLarge(FileChannel open) throws IOException {
    if (open.size() < file.orElseThrow().maxBytes()) {
      return;
    }
    try {
      rotate();
    } catch (IOException e) {
      LOG.error("the audit log grows beyond its size: {}", e.toString());
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel known = channel;
    if (known != null) {
      return known;
    }
    Path path = file.orElseThrow().path();
    FileChannel fresh =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel = fresh;
    endLine(fresh);
    return fresh;
  }

  /// A line that was cut off by a crash or a full disk must not swallow the next one.
  private static void endLine(FileChannel file) throws IOException {
    long size = file.size();
    ByteBuffer last = ByteBuffer.allocate(1);
    file.position(size);
    if (size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n') {
      file.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
  }

  private void rotate() throws IOException {
    closeChannel();
    Path path = file.orElseThrow().path();
    for (int i = KEPT - 1; i >= 1; i--) {
      Path from = path.resolveSibling(path.getFileName() + "." + i);
      if (Files.exists(from)) {
        Files.move(
            from,
            path.resolveSibling(path.getFileName() + "." + (i + 1)),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(
        path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void closeChannel() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("closing the audit log: {}", e.toString());
      }
    }
  }

  /// Writes what waits, and stops.
  @Override
  public void close() {
    closing = true;
    if (file.isPresent()) {
      Threads.join(writer);
    }
  }
}
