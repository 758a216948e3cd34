package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.agentchat.database.Database;
import org.agentchat.hooks.Outbox;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the hook commands say where nothing runs, or something is wrong.
final class HooksCommandTest {
  private static final String COMMAND_HOOK =
      """
      version: 1
      hooks:
        - name: good
          exec: {command: [/bin/cat]}
        - name: bad
          exec: {command: [/bin/sh, -c, 'echo on fire; exit 3']}
      """;

  @TempDir Path home;

  private Path write(String text) throws IOException {
    return Files.writeString(home.resolve("hooks.yaml"), text);
  }

  private Ran hooks(Object... arguments) {
    Object[] words = new Object[arguments.length + 3];
    words[0] = "hooks";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    words[arguments.length + 1] = "--home";
    words[arguments.length + 2] = home;
    return Ran.command(words);
  }

  private void makeOutbox() throws SQLException {
    try (Database database = Outbox.database(home.resolve("hooks.db").toString())) {
      new Outbox(database).migrate();
    }
  }

  @Test
  void whereNoHooksHaveRunThatIsSaidAndNoFileIsMade() {
    for (String command : new String[] {"list", "dead"}) {
      Ran ran = hooks(command);
      assertThat(ran.exit()).isEqualTo(Exit.FAILED);
      assertThat(ran.err())
          .contains("No hooks have run here", "'agentchat serve hooks' starts them");
    }
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void outboxWithoutHooksIsShown() throws SQLException {
    makeOutbox();
    assertThat(hooks("list").out()).contains("No reactor has come as far as the end of the log");
    assertThat(hooks("dead").out()).isEqualTo("No dead letters.%n".formatted());
    assertThat(Json.parse(hooks("dead", "--json").out()).path("dead")).isEmpty();
    assertThat(hooks("dead", "-n", "0").exit()).isEqualTo(Exit.OK);
    assertThat(hooks("retry", "--all").out()).contains("0 intent(s)");
  }

  @Test
  void whatIsNotThereCannotBeRetriedOrDiscarded() throws SQLException {
    makeOutbox();
    Ran retry = hooks("retry", "7", "8");
    assertThat(retry.exit()).isEqualTo(Exit.FAILED);
    assertThat(retry.err()).contains("Nothing to retry under 7, 8");
    assertThat(hooks("dead", "--discard", "7").err()).contains("There is no dead letter 7");
    assertThat(hooks("retry", "--all", "--hook", "nobody").err())
        .contains("There is no hook nobody");
  }

  @Test
  void retryWantsNumbersOrAll() throws SQLException {
    makeOutbox();
    assertThat(hooks("retry").exit()).isEqualTo(Exit.USAGE);
    assertThat(hooks("retry", "--all", "7").exit()).isEqualTo(Exit.USAGE);
    assertThat(hooks("retry", "--hook", "x", "7").err()).contains("--hook goes with --all");
  }

  @Test
  void testSaysWhatCameBack() throws IOException {
    write(COMMAND_HOOK);
    Ran good = hooks("test", "good");
    assertThat(good.exit()).as(good.toString()).isEqualTo(Exit.OK);
    assertThat(good.out()).startsWith("It works: exit code 0").contains("\"test\":true");
    Ran bad = hooks("test", "bad", "--json");
    assertThat(bad.exit()).isEqualTo(Exit.FAILED);
    assertThat(Json.parse(bad.out()).path("note").asString()).contains("exit code 3", "on fire");
    Ran unknown = hooks("test", "nobody");
    assertThat(unknown.exit()).isEqualTo(Exit.FAILED);
    assertThat(unknown.err()).contains("There is no hook 'nobody'", "only good, bad");
  }

  @Test
  void fileThatMakesNoSenseStartsNothing() throws IOException {
    Path file = write(COMMAND_HOOK.replace("exec: {command: [/bin/cat]}", "exce: {}"));
    for (Ran ran :
        new Ran[] {
          hooks("list"),
          hooks("test", "good"),
          Ran.command("serve", "--home", home, "--hooks", file),
          Ran.command("serve", "hooks", "--home", home, "--kafka", "localhost:1")
        }) {
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.USAGE);
      assertThat(ran.err())
          .contains(
              "hooks.yaml line 4 (hooks[0].exce): there is no 'exce' here", "'exec' is meant");
    }
  }

  @Test
  void hooksAloneWantALog() throws IOException {
    write(COMMAND_HOOK);
    Ran ran = Ran.command("serve", "hooks", "--home", home);
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("add --kafka HOST:PORT");
  }

  @Test
  void missingFileIsSaidWithItsPath() {
    Ran ran = Ran.command("serve", "hooks", "--home", home, "--kafka", "localhost:1");
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("there is no hooks' file " + home.resolve("hooks.yaml"));
  }

  @Test
  void addressOfTheLastBrokerIsTakenAgainIfItIsFree() throws IOException {
    BrokerAddress address = new BrokerAddress(home);
    assertThat(address.read()).isEmpty();
    assertThat(address.lastPort()).isZero();
    int free;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = taken.getLocalPort();
      address.write("127.0.0.1:" + free);
      assertThat(address.read()).contains("127.0.0.1:" + free);
      assertThat(address.lastPort()).isZero();
    }
    assertThat(address.lastPort()).isEqualTo(free);
    Files.writeString(home.resolve("kafka-address"), "rubbish\n");
    assertThat(address.read()).isEmpty();
  }
}
