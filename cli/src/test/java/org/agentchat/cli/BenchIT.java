package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// That the benchmarks work against a server of their own; how fast is not a test's to say.
final class BenchIT {
  @Test
  void dealsAreMadeAndCounted() {
    JsonNode report = run("deals --pairs 4");

    assertThat(report.path("statements").longValue()).isPositive();
    assertThat(report.path("statements_per_second").doubleValue()).isPositive();
    assertThat(report.path("answer_ms").path("p99").doubleValue()).isPositive();
    assertSound(report);
  }

  @Test
  void scheduledDealsKeepTheirRate() {
    JsonNode report = run("deals --pairs 4 --rate 20 --no-fsync");

    assertThat(report.path("statements").longValue()).isEqualTo(40);
    assertSound(report);
  }

  @Test
  void messagesReachEveryReceiver() {
    JsonNode report = run("fanout --receivers 10 --senders 2");

    long messages = report.path("messages").longValue();
    assertThat(messages).isPositive();
    assertThat(report.path("deliveries").longValue()).isGreaterThan(messages);
    assertThat(report.path("lost").longValue()).isZero();
    assertThat(report.path("evicted").longValue()).isZero();
    assertSound(report);
  }

  @Test
  void everyAgentOfACrowdIsAnswered() {
    JsonNode report = run("crowd --agents 50");

    assertThat(report.path("welcomed").longValue()).isEqualTo(50);
    assertThat(report.path("answered").longValue()).isEqualTo(50);
    assertThat(report.path("ended").longValue()).isZero();
    assertSound(report);
  }

  private static void assertSound(JsonNode report) {
    assertThat(report.path("refused").size()).isZero();
    assertThat(report.path("server").path("ready_seconds").doubleValue()).isPositive();
  }

  private static JsonNode run(String load) {
    Commands.Ran ran =
        Commands.run(("bench " + load + " --seconds 2 --warm-up 0 --json").split(" "));

    assertThat(ran.exit()).as(ran.err()).isZero();
    return Json.parse(ran.out());
  }
}
