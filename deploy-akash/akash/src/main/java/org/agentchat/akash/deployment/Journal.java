package org.agentchat.akash.deployment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// The steps of one deployment in a file, a line each, every line on the disk before anything is
/// done about it. A file and not a database: it has one writer and a few kilobytes, a person can
/// read it at night, and the end that a crash may tear off is the one that nobody acted upon.
final class Journal implements AutoCloseable {
  /// Far more than the steps of any deployment.
  private static final long MAX_BYTES = 16 * 1024 * 1024;

  /// Behind the name of a journal whose plan is being written.
  private static final String BEGUN = ".begun";

  private final Path file;
  private final FileChannel channel;
  private final Clock clock;
  private final DeploymentRecord record;

  private Journal(Path file, FileChannel channel, Clock clock, DeploymentRecord record) {
    this.file = file;
    this.channel = channel;
    this.clock = clock;
    this.record = record;
  }

  /// Begins a journal with a plan. It gets its name when the plan is on the disk: a journal without
  /// one would be a damaged one, and a crash must not leave that.
  ///
  /// @param file must not exist; its folder does
  static Journal create(Path file, Plan plan, Clock clock) {
    Path begun = file.resolveSibling(file.getFileName() + BEGUN);
    try {
      if (Files.exists(file)) {
        throw new JournalException("cannot begin " + file + ": it is there", null);
      }
      Step.Planned planned = new Step.Planned(plan);
      try (FileChannel channel =
              FileChannel.open(
                  begun,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          Journal first =
              new Journal(begun, channel, clock, DeploymentRecord.of(List.of(planned)))) {
        first.write(planned);
      }
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
      flushName(file);
      return open(file, clock);
    } catch (IOException e) {
      throw new JournalException("cannot begin " + file + ": " + e, e);
    }
  }

  /// The file's name must survive a power cut, too. Systems that do not open folders write through.
  private static void flushName(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      } catch (IOException _) {
        // Nothing more can be done here.
      }
    }
  }

  /// Goes on with a journal. An end that was torn off is cut away.
  static Journal open(Path file, Clock clock) {
    try {
      String text = text(file);
      int whole = text.lastIndexOf('\n') + 1;
      DeploymentRecord record = record(file, text.substring(0, whole));
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
      channel.position(channel.size());
      return new Journal(file, channel, clock, record);
    } catch (IOException e) {
      throw new JournalException("cannot open " + file + ": " + e, e);
    }
  }

  /// What a journal says, without going on with it.
  static DeploymentRecord read(Path file) {
    try {
      String text = text(file);
      return record(file, text.substring(0, text.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      throw new JournalException("cannot read " + file + ": " + e, e);
    }
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new JournalException(file + " is too large for a journal", null);
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static DeploymentRecord record(Path file, String text) {
    List<Step> steps = new ArrayList<>();
    for (String line : text.lines().toList()) {
      try {
        steps.add(StepCodec.read(line));
      } catch (IllegalArgumentException e) {
        throw damaged(file, "line " + (steps.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    try {
      return DeploymentRecord.of(steps);
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static JournalException damaged(Path file, String what, Exception cause) {
    return new JournalException(
        "%s is damaged (%s); the chain still has the deployment, see --status"
            .formatted(file, what),
        cause);
  }

  /// What the steps so far add up to.
  DeploymentRecord record() {
    return record;
  }

  Path file() {
    return file;
  }

  /// Adds a step; it is on the disk when this returns.
  void append(Step step) {
    try {
      write(step);
    } catch (IOException e) {
      throw new JournalException("cannot write " + file + ": " + e, e);
    }
    record.apply(step);
  }

  private void write(Step step) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(StepCodec.line(step, clock.instant()));
    while (line.hasRemaining()) {
      channel.write(line);
    }
    channel.force(false);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new JournalException("cannot close " + file + ": " + e, e);
    }
  }
}
