package org.agentchat.log;

/// One record of the log.
///
/// The array is neither copied on the way in nor on the way out: records pass by the hundred
/// thousand, and everybody who holds one only reads it. Two records are equal when they are the
/// same array; nobody compares records.
///
/// @param index place in the log, dense from 0 (the Kafka offset, the Merkle leaf index)
/// @param value the recorded bytes, exactly; read only
@SuppressWarnings("ArrayRecordComponent") // Deliberate, see above.
public record LogRecord(long index, byte[] value) {

  public LogRecord {
    if (index < 0) {
      throw new IllegalArgumentException("A log index starts at 0, found " + index);
    }
  }
}
