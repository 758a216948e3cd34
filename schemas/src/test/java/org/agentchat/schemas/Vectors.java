package org.agentchat.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// Golden files and published vectors of this module.
public final class Vectors {
  private Vectors() {}

  /// The text of a resource in this package.
  public static String text(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /// The lines of a resource, empty ones left out.
  public static List<String> lines(String name) {
    return text(name).lines().filter(line -> !line.isBlank()).toList();
  }

  /// The elements of a resource that is one JSON array.
  public static List<JsonNode> array(String name) {
    return StreamSupport.stream(Json.parse(text(name)).spliterator(), false).toList();
  }

  /// Frames that were captured between existing clients and servers, in order.
  public static List<Captured> capturedFrames() {
    return lines("captured-frames.jsonl").stream().map(Json::parse).map(Captured::of).toList();
  }

  /// One captured frame.
  ///
  /// @param section the capture that it is from
  /// @param who the client that sent or received it
  public record Captured(String section, boolean fromClient, String who, JsonNode frame) {
    private static Captured of(JsonNode line) {
      return new Captured(
          line.path("section").stringValue(),
          line.path("dir").stringValue().equals("C->S"),
          line.path("who").stringValue(),
          line.path("frame"));
    }

    /// The frame as text; a frame that was not JSON is that text itself.
    public String text() {
      return frame.isString() ? frame.stringValue() : Json.text(frame);
    }

    /// The frame's `type`, or empty.
    public String type() {
      return frame.path("type").asString("");
    }
  }
}
