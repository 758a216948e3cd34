package org.agentchat.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Frames on disk, each with a pointer for every receiver to the frame that the same receiver got
/// before. So a receiver's frames are a chain from its newest backwards, and memory holds only
/// where each chain ends. One thread appends, any number read.
///
/// A record is the log index (8 bytes), the number of receivers (4), a previous pointer for each
/// (8), the frame's length (4) and the frame. A pointer is the record's place times
/// [#MAX_RECEIVERS] plus the receiver's number in it. The file holds nothing that the log does not:
/// it is made anew at every start.
final class Spool implements AutoCloseable {
  /// Receivers of one frame at the most: a power of two above two parties and three arbiters.
  static final int MAX_RECEIVERS = 8;

  /// As a pointer: nothing came before.
  static final long NOTHING = -1;

  private final FileChannel file;
  private long end;

  private Spool(FileChannel file, long end) {
    this.file = file;
    this.end = end;
  }

  /// What stands before a frame.
  record Header(long index, long previous) {}

  /// @param folder where the file is; empty for a temporary one
  /// @throws IOException if it cannot be made
  static Spool open(Optional<Path> folder) throws IOException {
    Path path =
        folder.isPresent()
            ? folder.get().resolve("backlog.spool")
            : Files.createTempFile("agentchat", ".spool");
    FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    return new Spool(file, 0);
  }

  /// Writes a frame behind the others.
  ///
  /// @param previous the newest pointer of each receiver, or [#NOTHING]; at most [#MAX_RECEIVERS]
  /// @return the place; [#pointer] makes each receiver's newest pointer of it
  /// @throws IOException if it cannot be written; what was there before stays
  long append(long index, long[] previous, byte[] frame) throws IOException {
    ByteBuffer record =
        ByteBuffer.allocate(
            Long.BYTES
                + Integer.BYTES
                + previous.length * Long.BYTES
                + Integer.BYTES
                + frame.length);
    record.putLong(index).putInt(previous.length);
    for (long pointer : previous) {
      record.putLong(pointer);
    }
    record.putInt(frame.length).put(frame).flip();
    long place = end;
    for (long at = place; record.hasRemaining(); ) {
      at += file.write(record, at);
    }
    end = place + record.limit();
    return place;
  }

  static long pointer(long place, int receiver) {
    return place * MAX_RECEIVERS + receiver;
  }

  /// @throws IOException if it cannot be read
  Header header(long pointer) throws IOException {
    long place = pointer / MAX_RECEIVERS;
    int receiver = (int) (pointer % MAX_RECEIVERS);
    ByteBuffer header = read(place, Long.BYTES + Integer.BYTES + (receiver + 1) * Long.BYTES);
    return new Header(
        header.getLong(0), header.getLong(Long.BYTES + Integer.BYTES + receiver * Long.BYTES));
  }

  /// @throws IOException if it cannot be read
  byte[] frame(long pointer) throws IOException {
    long place = pointer / MAX_RECEIVERS;
    int receivers = read(place + Long.BYTES, Integer.BYTES).getInt(0);
    long at = place + Long.BYTES + Integer.BYTES + (long) receivers * Long.BYTES;
    int length = read(at, Integer.BYTES).getInt(0);
    return read(at + Integer.BYTES, length).array();
  }

  private ByteBuffer read(long place, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (long at = place; bytes.hasRemaining(); ) {
      int count = file.read(bytes, at);
      if (count < 0) {
        throw new IOException("the spool ends at " + at);
      }
      at += count;
    }
    return bytes.flip();
  }

  /// Deletes the file.
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close the spool", e);
    }
  }
}
