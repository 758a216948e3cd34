package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.LeafHash;
import org.jspecify.annotations.Nullable;

/// The log itself, byte for byte, as far as the rows have read it.
final class LogEndpoint {
  /// One entry.
  ///
  /// @param event the recorded bytes as text, or null when they are not UTF-8
  /// @param eventBase64 the recorded bytes otherwise
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record EntryAnswer(
      long index, String leafHash, @Nullable String event, @Nullable String eventBase64) {}

  /// @param size entries that the rows had read when this was answered
  private record Entries(long from, long size, List<EntryAnswer> entries, @Nullable Long next) {}

  private final LogSource log;
  private final LongSupplier size;

  /// @param size entries that the rows have read: nothing beyond is shown
  LogEndpoint(LogSource log, LongSupplier size) {
    this.log = log;
    this.size = size;
  }

  Answer entries(Call call) {
    long from = call.fromIndex();
    int limit = call.limit();
    long end = size.getAsLong();
    int wanted = (int) Math.min(limit, Math.max(0, end - from));
    List<LogRecord> records = wanted == 0 ? List.of() : log.read(from, wanted);
    List<EntryAnswer> entries = records.stream().limit(wanted).map(LogEndpoint::entry).toList();
    long next = from + entries.size();
    // A page that more entries follow will be the same for ever, but for the size that it names.
    Answer.Cache cache = next < end ? Answer.Cache.KEPT : Answer.Cache.REVALIDATED;
    return Answer.json(new Entries(from, end, entries, next < end ? next : null), cache);
  }

  private static EntryAnswer entry(LogRecord record) {
    byte[] bytes = record.value();
    String hash = LeafHash.of(bytes).toString();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new EntryAnswer(record.index(), hash, text, null);
    } catch (CharacterCodingException _) {
      String base64 = Base64.getEncoder().encodeToString(bytes);
      return new EntryAnswer(record.index(), hash, null, base64);
    }
  }
}
