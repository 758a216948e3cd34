package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RatingsCommandTest {
  private static final String FILE = Resources.file("ratings-export.json").toString();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "--leaderboard, ratings-leaderboard.txt",
    "--leaderboard=2, ratings-leaderboard-2.txt",
    "--stats, ratings-stats.txt",
    "--export, ratings-export.json",
    "@7f245a82471e5173, ratings-one.txt",
    "@nobody, ratings-nobody.txt",
  })
  void printsWhatExistingToolsPrint(String argument, String golden) {
    Ran ran = Commands.run("ratings", argument, "--file", FILE);

    assertThat(ran.out()).isEqualTo(Resources.text(golden).replace("FILE", FILE));
    assertThat(ran.exit()).isZero();
  }

  @Test
  void servedRatingLooksTheSame() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      ledger.answering(
          "/v1/agents/7f245a82471e5173",
          """
          {"id":"@7f245a82471e5173","key":"...","rating":1214,"transactions":1,"staked":0,
           "available":1114,"k_factor":32,"updated":"2026-11-21T01:40:00.962Z","is_new":false,
           "skills":{},"first_index":1,"size":9}
          """);

      Ran ran = Commands.run("ratings", "7f245a82471e5173", "--ledger", ledger.url());

      assertThat(ran.out()).isEqualTo(Resources.text("ratings-one.txt"));
    }
  }

  @Test
  void agentThatTheLogHasNotNamedIsNew() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      Ran ran = Commands.run("ratings", "@nobody", "--ledger", ledger.url());

      assertThat(ran.out()).isEqualTo(Resources.text("ratings-nobody.txt"));
      assertThat(ledger.asked()).containsExactly("/v1/agents/nobody");
    }
  }

  @Test
  void ownRatingIsThatOfTheIdentity() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      Commands.run("identity", "-g", "--home", folder.toString());
      String id = PublicIdentity.read(folder.resolve("identity.json"), "-i").id().toString();

      Ran ran = Commands.run("ratings", "--home", folder.toString(), "--ledger", ledger.url());

      assertThat(ran.out())
          .isEqualTo(
              Resources.text("ratings-nobody.txt")
                  .replace("Rating for @nobody:", "Your rating (" + id + "):"));
    }
  }

  @Test
  void exportLeavesOutAgentsWithoutDeal() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      ledger.answering(
          "/v1/agents?limit=1000",
          """
          {"size":3,"agents":[
            {"id":"@a","rating":1208,"transactions":1,"updated":"2026-11-21T01:40:00Z","skills":{}},
            {"id":"@b","rating":1200,"transactions":0,"updated":null,"skills":{}}],"next":null}
          """);

      Ran ran = Commands.run("ratings", "--export", "--json", "--ledger", ledger.url());

      assertThat(ran.out())
          .isEqualTo(
              "{\"@a\":{\"rating\":1208,\"transactions\":1,"
                  + "\"updated\":\"2026-11-21T01:40:00.000Z\"}}\n");
    }
  }

  @Test
  void emptyLedgerHasNoLeadersAndDefaultNumbers() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      ledger
          .answering("/v1/leaderboard?limit=10", "{\"size\":0,\"agents\":[]}")
          .answering(
              "/v1/stats",
              "{\"agents\":0,\"transactions\":0,\"average_rating\":null,\"highest_rating\":null,"
                  + "\"lowest_rating\":null}");

      assertThat(Commands.run("ratings", "-l", "--ledger", ledger.url()).out())
          .isEqualTo("No ratings recorded yet.\n");
      assertThat(Commands.run("ratings", "-s", "--ledger", ledger.url()).out())
          .contains("Total agents: 0", "Average rating: 1200", "Lowest rating: 1200");
    }
  }

  @Test
  void answersTheFirstOfSeveralQuestionsInTheOrderOfExistingTools() {
    Ran ran = Commands.run("ratings", "@nobody", "-s", "-l", "2", "--file", FILE);

    assertThat(ran.out()).isEqualTo(Resources.text("ratings-leaderboard-2.txt"));
  }

  @Test
  void saysHowToStartLedgerThatIsNotThere() throws IOException {
    CannedLedger gone = new CannedLedger();
    gone.close();

    Ran ran = Commands.run("ratings", "@nobody", "--ledger", gone.url(), "--json");

    assertThat(ran.exit()).isEqualTo(Exit.UNREACHABLE);
    assertThat(Json.parse(ran.err()).path("error").path("code").stringValue())
        .isEqualTo("LEDGER_UNREACHABLE");
    assertThat(ran.err()).contains("agentchat serve", "--ledger");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void saysThatSomethingElseIsNoLedger() throws IOException {
    try (CannedLedger other = new CannedLedger()) {
      other.answering("/v1/agents/nobody", 404, "<html>Not Found</html>");

      Ran ran = Commands.run("ratings", "@nobody", "--ledger", other.url());

      assertThat(ran.exit()).isEqualTo(Exit.FAILED);
      assertThat(ran.err()).contains("is not a ledger").hasLineCount(1);
    }
  }

  @Test
  void repeatsWhatTheLedgerComplainsAbout() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      ledger.answering("/v1/stats", 503, "{\"status\":503,\"detail\":\"not there yet\"}");

      Ran ran = Commands.run("ratings", "--stats", "--ledger", ledger.url());

      assertThat(ran.exit()).isEqualTo(Exit.FAILED);
      assertThat(ran.err())
          .isEqualTo("Error: The ledger at " + ledger.url() + " says: not there yet\n");
    }
  }

  @Test
  void saysWhenLogAndLedgerDiffer() throws IOException {
    try (CannedLedger ledger = new CannedLedger()) {
      Path log = folder.resolve("log.jsonl");
      Files.writeString(log, "{\"format\":\"agentchat-log/1\",\"from\":0,\"size\":0}\n");
      ledger.answering("/v1/stats", "{\"size\":0,\"state_hash\":\"00\"}");

      Ran ran =
          Commands.run(
              "ratings", "--recalculate", "--log", log.toString(), "--ledger", ledger.url());

      assertThat(ran.exit()).isEqualTo(Exit.DIFFERENCE);
      assertThat(ran.out())
          .startsWith(
              """
              Recalculating ratings from receipt history...
              Processed 0 receipts, updated 0 agents.

              Rating Statistics:
                Total agents: 0
                Average rating: 1200
                Highest: 1200
                Lowest: 1200

              Different from what\
              """);
      assertThat(ran.err()).contains("agentchat audit");
    }
  }

  @Test
  void recalculatesFileWithoutAnyLedger() throws IOException {
    CannedLedger gone = new CannedLedger();
    gone.close();
    Path log = folder.resolve("log.jsonl");
    Files.writeString(log, "{\"format\":\"agentchat-log/1\",\"from\":0,\"size\":0}\n");

    Ran ran =
        Commands.run("ratings", "-r", "--log", log.toString(), "--ledger", gone.url(), "--json");

    assertThat(ran.exit()).isZero();
    assertThat(Json.parse(ran.out()).path("equal").isNull()).isTrue();
  }

  @Test
  void explainsWhatAnAgentLooksLike() {
    Ran ran = Commands.run("ratings", "x!");

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).startsWith("Error: <agent>: an agent is @ and its id").hasLineCount(1);
  }
}
