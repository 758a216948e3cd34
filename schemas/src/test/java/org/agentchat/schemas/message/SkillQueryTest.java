package org.agentchat.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SkillQueryTest {
  private static final RegisterSkills.Skill REVIEW =
      new RegisterSkills.Skill("Code_Review", null, JsonNumber.of(5), "TEST");
  private static final RegisterSkills.Skill FREE =
      new RegisterSkills.Skill("code_review", null, null, null);

  @Test
  void partOfANameMatchesInAnyCase() {
    assertThat(query("CODE", null, null).matches(REVIEW)).isTrue();
    assertThat(query("", null, null).matches(REVIEW)).isTrue();
    assertThat(query("coder", null, null).matches(REVIEW)).isFalse();
  }

  @Test
  void skillThatAsksForMoreIsLeftOutAndOneThatNamesNoRateIsNot() {
    assertThat(query(null, 5, null).matches(REVIEW)).isTrue();
    assertThat(query(null, 4, null).matches(REVIEW)).isFalse();
    assertThat(query(null, 0, null).matches(FREE)).isTrue();
  }

  @Test
  void skillInAnotherCurrencyIsLeftOutAndOneThatNamesNoneIsNot() {
    assertThat(query(null, null, "test").matches(REVIEW)).isTrue();
    assertThat(query(null, null, "SOL").matches(REVIEW)).isFalse();
    assertThat(query(null, null, "SOL").matches(FREE)).isTrue();
    assertThat(query(null, null, null).matches(REVIEW)).isTrue();
  }

  @Test
  void limitHasADefaultAndABound() {
    assertThat(SkillQuery.of(null, null, null, null).results()).isEqualTo(50);
    assertThat(SkillQuery.of(null, null, null, 0).results()).isEqualTo(50);
    assertThat(SkillQuery.of(null, null, null, 7).results()).isEqualTo(7);
    assertThat(SkillQuery.of(null, null, null, 1_000_000).results()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",\"query\":null", ",\"query\":5", ",\"query\":[]", ",\"query\":\"x\""})
  void queryMustBeAnObject(String query) {
    assertThat(complaint("{\"type\":\"SEARCH_SKILLS\"" + query + "}"))
        .isEqualTo("Missing or invalid query object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"capability\":1}; capability must be a string",
        "{\"currency\":{}}; currency must be a string",
        "{\"max_rate\":\"5\"}; max_rate must be a finite non-negative number",
        "{\"max_rate\":-1}; max_rate must be a finite non-negative number",
        "{\"limit\":1.5}; limit must be a non-negative integer",
        "{\"limit\":\"5\"}; limit must be a non-negative integer",
      })
  void fieldsOfAnotherTypeAreNamed(String query, String complaint) {
    assertThat(complaint("{\"type\":\"SEARCH_SKILLS\",\"query\":" + query + "}"))
        .isEqualTo(complaint);
  }

  @Test
  void longQueryIsRefusedBecauseAnswersRepeatIt() {
    String long1025 = "{\"capability\":\"" + "x".repeat(1_025) + "\"}";

    assertThat(complaint("{\"type\":\"SEARCH_SKILLS\",\"query\":" + long1025 + "}"))
        .isEqualTo("query too long (max 1024 chars)");
    assertThat(
            complaint(
                "{\"type\":\"SEARCH_SKILLS\",\"query\":{},\"query_id\":\"%s\"}"
                    .formatted("x".repeat(129))))
        .isEqualTo("query_id too long (max 128 characters)");
  }

  @Test
  void agentCannotSayOfItselfWhatTheLogSays() {
    SkillListing listing =
        new SkillListing(
            new AgentId("a"),
            Json.parse("{\"agent_id\":\"@b\",\"capability\":\"x\",\"skill_rating\":9000,\"z\":1}"),
            7,
            1200,
            0,
            1200,
            0,
            null);

    assertThat(Json.text(listing))
        .isEqualTo(
            "{\"agent_id\":\"@a\",\"capability\":\"x\",\"z\":1,\"registered_at\":7,"
                + "\"agent_rating\":1200,\"agent_transactions\":0,\"skill_rating\":1200,"
                + "\"skill_transactions\":0,\"skill_updated\":null}");
    assertThat(Json.mapper().readValue(Json.text(listing), SkillListing.class)).isEqualTo(listing);
  }

  private static SkillQuery query(
      @Nullable String capability, @Nullable Integer maxRate, @Nullable String currency) {
    return SkillQuery.of(
        capability, maxRate == null ? null : JsonNumber.of(maxRate), currency, null);
  }

  private static String complaint(String frame) {
    return switch (ClientMessageCodec.decode(frame)) {
      case ClientFrame.Invalid(String complaint, _) -> complaint;
      case ClientFrame.Accepted(ClientMessage message, _) -> "accepted " + message;
    };
  }
}
