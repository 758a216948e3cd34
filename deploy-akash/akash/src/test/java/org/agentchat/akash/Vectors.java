package org.agentchat.akash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// What the ecosystem's own libraries made of public test keys (`src/test/resources/vectors`).
public final class Vectors {
  private Vectors() {}

  public static JsonNode json(String name) {
    return Json.parse(bytes(name));
  }

  public static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<JsonNode> list(JsonNode array) {
    return array.valueStream().toList();
  }
}
