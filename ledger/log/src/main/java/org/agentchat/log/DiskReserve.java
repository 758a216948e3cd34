package org.agentchat.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Watches that a disk keeps some free space. A Kafka broker whose disk is full gives up for good;
/// refusing appends a little earlier keeps it alive.
///
/// Any thread may ask.
public final class DiskReserve {

  /// What is kept free unless said otherwise: the broker's own metadata needs some megabytes a day.
  public static final long DEFAULT_MIN_FREE_BYTES = 64L * 1024 * 1024;

  /// The disk is looked at once in this time at most. What may be appended meanwhile, about 100
  /// MiB/s at best, is less than half of the default reserve.
  static final Duration SAMPLE_INTERVAL = Duration.ofMillis(250);

  private final Path folder;
  private final long minFreeBytes;
  private final LongSupplier freeBytes;
  private final LongSupplier nanoTime;
  private volatile Sample sample;

  /// @param folder any folder on the disk; it exists
  /// @param minFreeBytes what is to stay free, in bytes
  public DiskReserve(Path folder, long minFreeBytes) {
    // getUsableSpace says 0 for a folder that cannot be looked at: then nothing is appended either.
    this(folder, minFreeBytes, () -> folder.toFile().getUsableSpace(), System::nanoTime);
  }

  DiskReserve(Path folder, long minFreeBytes, LongSupplier freeBytes, LongSupplier nanoTime) {
    this.folder = folder;
    this.minFreeBytes = minFreeBytes;
    this.freeBytes = freeBytes;
    this.nanoTime = nanoTime;
    this.sample = new Sample(nanoTime.getAsLong(), freeBytes.getAsLong());
  }

  /// Whether less than the minimum is free.
  public boolean exhausted() {
    return freeBytes() < minFreeBytes;
  }

  /// What is free on the disk, in bytes, at most 250 ms ago.
  public long freeBytes() {
    long now = nanoTime.getAsLong();
    Sample last = sample;
    if (now - last.takenAt >= SAMPLE_INTERVAL.toNanos()) {
      // Two threads may sample at the same moment; both samples are true.
      last = new Sample(now, freeBytes.getAsLong());
      sample = last;
    }
    return last.freeBytes;
  }

  /// Says where it stands: `The disk of /data is nearly full: 12 MiB free, 64 MiB kept in reserve`.
  String complaint() {
    return "The disk of %s is nearly full: %d MiB free, %d MiB kept in reserve"
        .formatted(folder, mebibytes(freeBytes()), mebibytes(minFreeBytes));
  }

  private static long mebibytes(long bytes) {
    return bytes / (1024 * 1024);
  }

  private record Sample(long takenAt, long freeBytes) {}
}
