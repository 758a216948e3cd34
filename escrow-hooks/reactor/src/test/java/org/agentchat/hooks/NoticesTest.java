package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class NoticesTest {
  private static final String SCHEMA =
      Resources.text("/org/agentchat/schemas/hook-event.schema.json");

  private final Story story = Story.begun();

  @Test
  void dealIsToldFromOfferToReceipt() {
    story.finish(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    assertThat(story.names())
        .containsExactly("proposal:opened", "proposal:accepted", "receipt:issued");
  }

  @Test
  void stakesAreToldOfWhereThereAreAny() {
    String id = story.propose(Story.ALICE, Story.BOB, Story.Offer.staking(20));
    story.accept(Story.BOB, id, null).complete(Story.ALICE, id);
    assertThat(story.names())
        .containsExactly(
            "proposal:opened",
            "proposal:accepted",
            "escrow:created",
            "settlement:completion",
            "receipt:issued");
  }

  @Test
  void stakesWhoseTimeIsUpAreReleasedAndTheDealGoesOn() {
    Story.Offer offer = new Story.Offer("a task", null, null, 60, 20, null, null);
    String id = story.propose(Story.ALICE, Story.BOB, offer);
    story.accept(Story.BOB, id, 10).later(Duration.ofMinutes(2)).tick();
    JsonNode released = story.last(NoticeName.ESCROW_RELEASED).payload();
    assertThat(released.path("stakes_released").path("proposer").asInt()).isEqualTo(20);
    assertThat(released.path("stakes_released").path("acceptor").asInt()).isEqualTo(10);
    assertThat(released.path("reason").asString()).isEqualTo("expired");
    story.complete(Story.ALICE, id);
    assertThat(story.names()).doesNotContain("settlement:completion").endsWith("receipt:issued");
  }

  @Test
  void offerThatLapsesAndDealThatIsGivenUpAreToldApart() {
    Story.Offer brief = new Story.Offer("a task", null, null, 60, null, null, null);
    story.propose(Story.ALICE, Story.BOB, brief);
    story.later(Duration.ofMinutes(2)).tick();
    assertThat(story.last(NoticeName.PROPOSAL_EXPIRED).payload().path("expired").asString())
        .isEqualTo("offer");
    String deal = story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    story.accept(Story.BOB, deal, null).later(Duration.ofDays(31)).tick();
    assertThat(story.last(NoticeName.PROPOSAL_EXPIRED).payload().path("expired").asString())
        .isEqualTo("deal");
  }

  @Test
  void refusedEntriesTellNothing() {
    String id = story.propose(Story.ALICE, Story.BOB, Story.Offer.PLAIN);
    int before = story.notices.size();
    try {
      story.complete(Story.CAROL, id);
    } catch (IllegalStateException refused) {
      assertThat(refused).hasMessageContaining("refused");
    }
    assertThat(story.notices).hasSize(before);
  }

  @Test
  void verdictSettlesWithEveryFieldOfADispute() {
    story.verdict(Verdict.DISPUTANT, 20);
    JsonNode verdict = story.last(NoticeName.SETTLEMENT_VERDICT).payload();
    assertThat(verdict.path("verdict").asString()).isEqualTo("disputant");
    assertThat(verdict.path("disputed_by").asString()).isEqualTo(Story.ALICE.id().toString());
    assertThat(verdict.path("fault_determination").asString()).isEqualTo(Story.BOB.id().toString());
    assertThat(verdict.path("stakes_transferred").asInt()).isEqualTo(20);
    assertThat(verdict.path("fee_lost").asInt()).isZero();
    assertThat(verdict.path("arbiters")).hasSize(3);
    assertThat(verdict.path("rating_changes")).hasSize(5);
  }

  @Test
  void mutualVerdictBurnsBothStakes() {
    story.verdict(Verdict.MUTUAL, 20);
    JsonNode verdict = story.last(NoticeName.SETTLEMENT_VERDICT).payload();
    assertThat(verdict.path("fault_determination").asString()).isEqualTo("mutual");
    assertThat(verdict.path("settlement").asString()).isEqualTo("burned");
    assertThat(verdict.path("stakes_burned").asInt()).isEqualTo(40);
    assertThat(verdict.path("stakes_transferred").asInt()).isZero();
  }

  @Test
  void moneyIsToldFromWalletToPayout() {
    story.escrow(false);
    assertThat(story.names())
        .containsExactly(
            "wallet:bound",
            "wallet:bound",
            "proposal:opened",
            "proposal:accepted",
            "escrow:locked",
            "receipt:issued",
            "escrow:settled");
    JsonNode accepted = story.last(NoticeName.PROPOSAL_ACCEPTED).payload().path("escrow");
    JsonNode settled = story.last(NoticeName.ESCROW_SETTLED).payload();
    assertThat(settled.path("escrow_id")).isEqualTo(accepted.path("escrow_id"));
    assertThat(settled.path("payee")).isEqualTo(accepted.path("payee"));
    assertThat(settled.path("observed_by").asString()).isEqualTo(Story.OBSERVER.id().toString());
  }

  @Test
  void payoutOfAFinishedDealStillKnowsItsCapability() {
    story.escrow(false);
    assertThat(story.last(NoticeName.ESCROW_SETTLED).capability()).isEqualTo("code");
  }

  @Test
  void machinesAreToldFromTheirStartToTheirEndAlsoAfterTheDeal() {
    String deal = story.machines(false);
    assertThat(story.names())
        .containsExactly(
            "proposal:opened",
            "proposal:accepted",
            "deployment:running",
            "receipt:issued",
            "deployment:running",
            "deployment:closed");
    assertThat(story.ledger.proposal(deal)).as("the fold remembers the deal no more").isEmpty();
    JsonNode running = story.last(NoticeName.DEPLOYMENT_RUNNING).payload();
    assertThat(running.path("lease").asString()).isEqualTo(Story.lease(1_002));
    assertThat(running.path("uris").asString()).isEqualTo("relay.example.com:443");
    assertThat(running.path("until").isIntegralNumber()).isTrue();
    Notice closed = story.last(NoticeName.DEPLOYMENT_CLOSED);
    assertThat(closed.subject()).isEqualTo(deal);
    assertThat(closed.capability()).isEqualTo("deploy.akash");
    assertThat(closed.agents()).containsExactlyInAnyOrder(Story.ALICE.id(), Story.BOB.id());
    assertThat(closed.payload().path("from_agent").asString())
        .isEqualTo(Story.ALICE.id().toString());
    assertThat(closed.payload().path("deployed_by").asString())
        .isEqualTo(Story.BOB.id().toString());
    assertThat(closed.payload().path("paid").asLong()).isEqualTo(7_250_000);
    assertThat(closed.payload().path("lease").asString()).isEqualTo(Story.lease(1_002));
  }

  @Test
  void machinesThatNeverRanHaveNoLease() {
    story.machines(true);
    JsonNode failed = story.last(NoticeName.DEPLOYMENT_FAILED).payload();
    assertThat(failed.path("reason").asString()).isEqualTo("no provider bid");
    assertThat(failed.has("lease")).isFalse();
  }

  @Test
  void everyPayloadNamesTheEntryThatItFollowsFrom() {
    everything();
    for (Notice notice : story.notices) {
      byte[] event = story.events.get(notice.payload().path("index").intValue());
      assertThat(notice.payload().path("leaf_hash").asString())
          .isEqualTo(LeafHash.of(event).toString());
      assertThat(notice.payload().path("origin").asString()).isEqualTo(Story.ORIGIN);
    }
  }

  @Test
  void noEntryGivesTwoNoticesOfOneNameAboutOneSubject() {
    everything();
    List<String> keys =
        story.notices.stream()
            .map(notice ->
                notice.payload().path("index") + " " + notice.name() + " " + notice.subject())
            .toList();
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void everyPayloadIsAsTheSchemaSaysAndHasNoFieldThatItDoesNotDescribe() {
    everything();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA);
    JsonNode tree = Json.parse(SCHEMA);
    for (Notice notice : story.notices) {
      JsonNode payload = Json.parse(Json.text(notice.payload()));
      assertThat(schema.validate(payload)).as(payload.toString()).isEmpty();
      assertThat(described(tree, notice.name().word()))
          .as(notice.name().word())
          .containsAll(payload.propertyNames());
    }
  }

  private static Set<String> described(JsonNode tree, String name) {
    Set<String> fields = new HashSet<>(tree.path("properties").propertyNames());
    for (JsonNode definition : tree.path("$defs")) {
      if (definition.path("title").asString().equals(name)) {
        fields.addAll(definition.path("properties").propertyNames());
      }
    }
    return fields;
  }

  @Test
  void schemaRefusesAPayloadThatLacksAField() {
    everything();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA);
    for (NoticeName name : NoticeName.values()) {
      JsonNode whole = Json.parse(Json.text(story.last(name).payload()));
      for (String field : List.copyOf(whole.propertyNames())) {
        JsonNode lacking = whole.deepCopy().asObject().without(field);
        assertThat(schema.validate(lacking)).as(name + " without " + field).isNotEmpty();
      }
    }
  }

  @Test
  void samplesAreWhatHooksAreReallyTold() {
    everything();
    Map<String, JsonNode> last = new LinkedHashMap<>();
    Arrays.stream(NoticeName.values())
        .forEach(name -> last.put(name.word(), story.last(name).payload()));
    assertThat(Json.pretty(last) + "\n")
        .isEqualTo(Resources.text("/org/agentchat/hooks/samples.json"));
  }

  /// One of each name at least.
  private void everything() {
    story.verdict(Verdict.RESPONDENT, 20);
    story.escrow(true);
    story.later(Duration.ofDays(2)).tick();
    story.escrow(false);
    story.machines(false);
    story.machines(true);
    Story.Offer offer = new Story.Offer("a task", 10, "SOL", 60, 20, "code", null);
    String released = story.propose(Story.ALICE, Story.BOB, offer);
    story.accept(Story.BOB, released, 10).later(Duration.ofMinutes(2)).tick();
    String completed = story.propose(Story.ALICE, Story.CAROL, offer);
    story.accept(Story.CAROL, completed, 10).complete(Story.CAROL, completed);
    String disputed = story.propose(Story.BOB, Story.CAROL, offer);
    story.accept(Story.CAROL, disputed, 10).dispute(Story.BOB, disputed);
    String declined = story.propose(Story.BOB, Story.CAROL, offer);
    story.says(Story.CAROL, new Statement.Reject(declined, "no time"));
    story.propose(Story.CAROL, Story.BOB, offer);
    story.later(Duration.ofMinutes(2)).tick();
    assertThat(story.names())
        .contains(Arrays.stream(NoticeName.values()).map(NoticeName::word).toArray(String[]::new));
  }
}
