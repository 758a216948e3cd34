package org.agentchat.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A small file that holds a JSON array of objects and is replaced as a whole: after a crash it is
/// the old one or the new one. One that cannot be read is an error, never an empty list.
///
/// @param path its folder exists
record AtomicFile(Path path) {
  /// The list; empty when there is no file.
  ///
  /// @param entry reads one object
  /// @throws IOException naming the file and what is wrong in it
  <T> List<T> read(Function<JsonNode, T> entry) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException _) {
      return List.of();
    }
    JsonNode list;
    try {
      list = Json.parse(bytes);
    } catch (JacksonException e) {
      throw corrupt("no JSON: " + e.getOriginalMessage(), e);
    }
    if (!list.isArray()) {
      throw corrupt("a JSON array wanted, found " + list.getNodeType(), null);
    }
    List<T> entries = new ArrayList<>();
    for (JsonNode one : list) {
      try {
        entries.add(entry.apply(one));
      } catch (RuntimeException e) {
        throw corrupt("entry " + entries.size() + ": " + e.getMessage(), e);
      }
    }
    return entries;
  }

  private IOException corrupt(String what, @Nullable Throwable cause) {
    return new IOException(
        path + " is damaged (" + what + "); mend it, put a copy back, or move it away", cause);
  }

  /// A string field that must be there.
  ///
  /// @throws IllegalArgumentException if it is not
  static String text(JsonNode entry, String name) {
    JsonNode value = entry.path(name);
    if (!value.isString()) {
      throw new IllegalArgumentException("the text '" + name + "' wanted, found none");
    }
    return value.stringValue();
  }

  /// Replaces the file; it is on the disk when this returns.
  ///
  /// @throws IOException if it is not; the old file is still there
  void write(List<?> entries) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          ByteBuffer.wrap((Json.pretty(entries) + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
