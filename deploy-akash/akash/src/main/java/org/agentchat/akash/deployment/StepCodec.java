package org.agentchat.akash.deployment;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A step as one line of JSON: `{"at":"2026-08-01T12:00:00Z","step":"Numbered","dseq":1000}`.
final class StepCodec {
  private static final Map<String, Class<? extends Record>> KINDS =
      List.<Class<? extends Record>>of(
              Step.Planned.class,
              Step.Numbered.class,
              Step.Entered.class,
              Step.Signed.class,
              Step.Delivered.class,
              Step.Undone.class,
              Step.Dropped.class,
              Step.Chosen.class,
              Step.Leased.class,
              Step.Avoided.class,
              Step.ManifestTaken.class,
              Step.Ready.class,
              Step.CloseWanted.class,
              Step.TopUpWanted.class,
              Step.UpdateWanted.class,
              Step.Announced.class,
              Step.HandedOver.class,
              Step.AmendmentFailed.class,
              Step.Settled.class)
          .stream()
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private StepCodec() {}

  /// The line, with its end.
  static byte[] line(Step step, Instant at) {
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("at", at.toString());
    line.put("step", step.getClass().getSimpleName());
    for (Map.Entry<String, JsonNode> field : Json.mapper().valueToTree(step).properties()) {
      line.set(field.getKey(), field.getValue());
    }
    return (Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Reads a line.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  static Step read(String line) {
    JsonNode tree = StrictJson.parse(line.getBytes(StandardCharsets.UTF_8));
    if (!(tree instanceof ObjectNode fields)) {
      throw new IllegalArgumentException("an object wanted");
    }
    String name = fields.path("step").stringValue("");
    Class<? extends Record> kind = KINDS.get(name);
    if (kind == null) {
      throw new IllegalArgumentException("there is no step '" + Json.excerpt(name, 40) + "'");
    }
    fields.remove(List.of("at", "step"));
    return (Step) StrictJson.read(fields, kind);
  }
}
