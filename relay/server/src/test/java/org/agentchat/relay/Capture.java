package org.agentchat.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// Traffic that was captured between existing clients and servers: the files in `captured`, line by
/// line. Per client the order is the server's; between clients it is the order of reading.
final class Capture {
  private Capture() {}

  /// One line of a capture.
  sealed interface Line {
    /// From 1, as an editor counts.
    int number();
  }

  /// A line about one client.
  sealed interface ClientLine extends Line {
    /// The client's name in the capture.
    String who();
  }

  /// A client wrote a frame; one that was not JSON is a JSON string here.
  record Said(int number, String who, JsonNode frame) implements ClientLine {
    /// The frame's `type`, or empty.
    String type() {
      return frame.path("type").asString("");
    }

    String text() {
      return frame.isString() ? frame.stringValue() : Json.text(frame);
    }
  }

  /// A client read a frame.
  record Heard(int number, String who, JsonNode frame) implements ClientLine {
    String type() {
      return frame.path("type").asString("");
    }

    /// The server's clock when it wrote the frame, milliseconds since 1970.
    long at() {
      return frame.path("ts").longValue();
    }

    /// Whether the frame is something that the client had asked to be told later.
    boolean isCallback() {
      return frame.has("cb_id");
    }

    /// Whether the frame is history, whose time is older than the line before.
    boolean isReplay() {
      return frame.path("replay").asBoolean(false);
    }
  }

  /// A client's socket was closed.
  ///
  /// @param code 1005 when no close frame said one: the client closed, or the server was stopped;
  ///   1006 when the server was killed
  record Closed(int number, String who, int code, String reason) implements ClientLine {
    /// Whether the server closed it for a reason.
    boolean byServer() {
      return code != 1005 && code != 1006;
    }
  }

  /// Whoever captured noted something that is no frame.
  record Note(int number) implements Line {}

  /// The lines of a file from `first` to `last`.
  static List<Line> lines(String file, int first, int last) {
    List<String> texts = texts(file);
    List<Line> lines = new ArrayList<>();
    for (int number = first; number <= Math.min(last, texts.size()); number++) {
      lines.add(line(number, Json.parse(texts.get(number - 1))));
    }
    return lines;
  }

  private static List<String> texts(String file) {
    try (InputStream in = Capture.class.getResourceAsStream("captured/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no capture " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Line line(int number, JsonNode line) {
    String who = line.path("who").asString("");
    JsonNode frame = line.path("frame");
    return switch (line.path("dir").asString("")) {
      case "C->S", ">" -> new Said(number, who, frame);
      case "S->C", "<" -> new Heard(number, who, frame);
      case "CLOSE" ->
          new Closed(number, who, frame.path("code").intValue(), frame.path("reason").asString(""));
      default -> new Note(number);
    };
  }
}
