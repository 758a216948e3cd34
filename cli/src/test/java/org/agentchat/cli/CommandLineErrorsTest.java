package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.agentchat.cli.Commands.Ran;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;

final class CommandLineErrorsTest {
  private static final String SERVER = "ws://localhost:1";

  @Test
  void suggestsTheCommandThatWasMeant() {
    usage("'sedn', perhaps send", "sedn");
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    usage("perhaps --leaderboard or", "ratings", "--leaderbord");
  }

  @Test
  void explainsThatShellsTakeHashForComment() {
    usage("quote it, '#general'", "send", SERVER);
  }

  @Test
  void asksWhetherChannelOrAgentIsMeant() {
    usage("write '#bob' (with the quotes) or @bob", "send", SERVER, "bob", "hi");
  }

  @Test
  void explainsWhatRelayAddressLooksLike() {
    usage("such as ws://localhost:6667", "channels", "localhost:6667");
  }

  @Test
  void explainsWhatProposalLooksLike() {
    usage("begins with prop_", "accept", SERVER, "@7f245a82471e5173");
  }

  @Test
  void explainsWhatChannelLooksLike() {
    usage("a channel is #", "agents", SERVER, "not a channel");
  }

  @Test
  void refusesAmountThatReadersWouldRound() {
    usage("--amount", "propose", SERVER, "@a", "task", "-a", "9007199254740993");
    usage("--amount", "propose", SERVER, "@a", "task", "-a", "-1");
    usage("--amount", "propose", SERVER, "@a", "task", "-a", "NaN");
  }

  @Test
  void refusesStakeThatIsNoWholeNumber() {
    usage("--elo-stake", "accept", SERVER, "prop_x", "-s", "1.5");
    usage("--elo-stake", "accept", SERVER, "prop_x", "-s", "-5");
  }

  @Test
  void saysThatANumberIsWantedInNobodysJargon() {
    usage("--top-up: 'abc' is not a whole number;", "deploy", "--top-up", "abc");
    usage("--entries: '1e6' is not a whole number;", "bench", "audit", "--entries", "1e6");
  }

  @Test
  void saysErrorOnceWhereOneOfSeveralOptionsIsWanted() {
    Ran ran = Commands.run("deploy");

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).startsWith("Error: Missing required argument");
  }

  @Test
  void usageErrorsAreJsonToo() {
    Ran ran = Commands.run("ratings", "--json", "--nonsense");

    assertThat(Json.parse(ran.err()).path("error").path("code").stringValue()).isEqualTo("USAGE");
  }

  @Test
  void saysThatNobodyListens() {
    Ran ran = Commands.run("channels", "ws://127.0.0.1:1");

    assertThat(ran.err()).isEqualTo("Error: Connection refused. Is the server running?\n");
    assertThat(ran.exit()).isEqualTo(Exit.UNREACHABLE);
  }

  private static void usage(String words, String... arguments) {
    Ran ran = Commands.run(arguments);

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("Error: ").contains(words).hasLineCount(1);
  }
}
