package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the reference's hooks were told, captured from it while it ran, and what ours are told when
/// the same happens.
final class ReferencePayloadsTest {
  private final Story story = Story.begun();
  private final List<JsonNode> reference =
      Resources.text("/org/agentchat/hooks/reference-payloads.jsonl")
          .lines()
          .map(line -> Json.parse(line).path("p"))
          .toList();

  /// The names of the reference's agents and deals, and ours.
  private final Map<String, String> names = new HashMap<>();

  private List<JsonNode> ours() {
    String first =
        story.propose(
            Story.ALICE, Story.BOB, new Story.Offer("Build X", 10, "SOL", 300, 50, null, null));
    story.accept(Story.BOB, first, 30).complete(Story.BOB, first);
    String second =
        story.propose(
            Story.ALICE, Story.BOB, new Story.Offer("Second", null, null, null, 10, null, null));
    story.accept(Story.BOB, second, 10);
    String third =
        story.propose(
            Story.ALICE, Story.BOB, new Story.Offer("Disputed", 100, null, null, 40, null, null));
    story.accept(Story.BOB, third, 20).later(Duration.ofSeconds(1)).dispute(Story.ALICE, third);
    names.put("@1f3344eb5494d289", Story.ALICE.id().toString());
    names.put("@a59fb523e4702754", Story.BOB.id().toString());
    names.put("prop_mwppli6e_e0a02ca5", first);
    names.put("prop_mwpplidr_5a9370b5", second);
    names.put("prop_mwppljbv_dde692ca", third);
    return story.notices.stream()
        .filter(notice ->
            switch (notice.name()) {
              case ESCROW_CREATED, SETTLEMENT_COMPLETION, SETTLEMENT_DISPUTE -> true;
              default -> false;
            })
        .map(notice -> Json.parse(Json.text(notice.payload())))
        .toList();
  }

  @Test
  void sameEventsComeInTheSameOrder() {
    assertThat(ours().stream().map(payload -> payload.path("event").asString()).toList())
        .isEqualTo(reference.stream().map(payload -> payload.path("event").asString()).toList());
  }

  @Test
  void everyFieldOfTheReferenceHasItsNameItsPlaceAndItsValue() {
    List<JsonNode> ours = ours();
    for (int i = 0; i < reference.size(); i++) {
      JsonNode wanted = renamed(reference.get(i));
      JsonNode found = ours.get(i);
      List<String> common = new ArrayList<>(found.propertyNames());
      common.retainAll(wanted.propertyNames());
      assertThat(common).containsExactlyElementsOf(wanted.propertyNames());
      for (String field : common) {
        if (field.equals("timestamp")) {
          assertThat(found.path(field).isIntegralNumber()).isTrue();
        } else if (field.equals("expires") && wanted.path(field).isNumber()) {
          assertThat(found.path(field).asLong() - found.path("timestamp").asLong())
              .isBetween(299_000L, 300_000L);
        } else {
          assertThat(found.path(field)).as(field).isEqualTo(wanted.path(field));
        }
      }
    }
  }

  @Test
  void fieldsThatTheReferenceLeavesUndefinedAreFilledIn() {
    JsonNode dispute = ours().getLast();
    assertThat(dispute.path("settlement_reason").asString()).isEqualTo("disputed");
    assertThat(dispute.path("fault_determination").asString()).isEqualTo(Story.BOB.id().toString());
    assertThat(dispute.path("stakes_transferred").asInt()).isEqualTo(20);
    assertThat(dispute.path("stakes_burned").asInt()).isZero();
  }

  private JsonNode renamed(JsonNode payload) {
    String text = Json.text(payload);
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return Json.parse(text);
  }
}
