package org.agentchat.akash.deployment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The journals of a home folder, `deployments/*.jsonl`. Whoever changes one holds the folder's
/// lock, because an account has one sequence: two processes would take each other's place in it.
public final class DeploymentStore implements AutoCloseable {
  private static final String SUFFIX = ".jsonl";
  private static final String LOCK = "lock";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;
  private final Clock clock;
  private final @Nullable FileChannel lock;

  private DeploymentStore(Path folder, Clock clock, @Nullable FileChannel lock) {
    this.folder = folder;
    this.clock = clock;
    this.lock = lock;
  }

  /// A store for reading.
  ///
  /// @param home the folder of everything that AgentChat keeps
  public static DeploymentStore reading(Path home, Clock clock) {
    return new DeploymentStore(home.resolve("deployments"), clock, null);
  }

  /// A store for changing.
  ///
  /// @throws JournalException if another process has it
  public static DeploymentStore changing(Path home, Clock clock) {
    Path folder = home.resolve("deployments");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new JournalException(
            "another process is at work on the deployments in " + folder, null);
      }
      return new DeploymentStore(folder, clock, channel);
    } catch (IOException e) {
      throw new JournalException("cannot use " + folder + ": " + e, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /// All that were ever planned here, the oldest first.
  public List<DeploymentRecord> records() {
    return files().stream().map(Journal::read).toList();
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException e) {
      throw new JournalException("cannot list " + folder + ": " + e, e);
    }
  }

  Journal create(Plan plan) {
    requireLock();
    return Journal.create(folder.resolve(NAME.format(clock.instant()) + SUFFIX), plan, clock);
  }

  /// The journals that are not over.
  List<Journal> open() {
    requireLock();
    List<Journal> open = new ArrayList<>();
    for (Path file : files()) {
      if (!Journal.read(file).phase().isOver()) {
        open.add(Journal.open(file, clock));
      }
    }
    return open;
  }

  /// The journal of a deployment that the chain knows by that number.
  Optional<Journal> open(long dseq) {
    requireLock();
    for (Path file : files().reversed()) {
      if (Journal.read(file).id().filter(id -> id.dseq() == dseq).isPresent()) {
        return Optional.of(Journal.open(file, clock));
      }
    }
    return Optional.empty();
  }

  /// The journal of the plan of that name, the youngest if there are several.
  Optional<Journal> open(String name) {
    requireLock();
    for (Path file : files().reversed()) {
      if (Journal.read(file).plan().name().equals(name)) {
        return Optional.of(Journal.open(file, clock));
      }
    }
    return Optional.empty();
  }

  /// The numbers of this round's deployments, over or not.
  Set<Long> numbers() {
    Set<Long> numbers = new HashSet<>();
    records().forEach(record -> record.id().ifPresent(id -> numbers.add(id.dseq())));
    return numbers;
  }

  private void requireLock() {
    if (lock == null) {
      throw new IllegalStateException("this store is for reading");
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new JournalException("cannot let go of " + folder + ": " + e, e);
      }
    }
  }
}
