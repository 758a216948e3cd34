package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;

/// What is typed in `connect`, and what is shown there.
final class InputLineTest {
  private static final AgentId BOB = new AgentId("bob");

  @Test
  void textIsSaid() {
    assertThat(read("hello  there ")).isEqualTo(new InputLine.Say("hello  there "));
    assertThat(read("//etc is a folder")).isEqualTo(new InputLine.Say("/etc is a folder"));
    assertThat(read("   ")).isEqualTo(new InputLine.Empty());
  }

  @Test
  void commandsAreUnderstood() {
    Channel general = new Channel("#general");
    assertThat(read("/join #general")).isEqualTo(new InputLine.Join(general));
    assertThat(read("/JOIN general")).isEqualTo(new InputLine.Join(general));
    assertThat(read("/leave")).isEqualTo(new InputLine.Leave(Optional.empty()));
    assertThat(read("/leave general")).isEqualTo(new InputLine.Leave(Optional.of(general)));
    assertThat(read("/who")).isEqualTo(new InputLine.Who(Optional.empty()));
    assertThat(read("/nick other")).isEqualTo(new InputLine.Nick("other"));
    assertThat(read("/msg @bob  how are you?")).isEqualTo(new InputLine.Tell(BOB, "how are you?"));
    assertThat(read("/help")).isEqualTo(new InputLine.Help());
    assertThat(read("/quit")).isEqualTo(new InputLine.Quit());
  }

  @Test
  void proposalHasItsOptionsBeforeItsTask() {
    assertThat(read("/propose @bob -a 5 -c SOL -e 600 -s 10 review my -x code"))
        .isEqualTo(
            new InputLine.Propose(
                new Statement.Proposal(
                    BOB,
                    "review my -x code",
                    JsonNumber.of(5),
                    "SOL",
                    null,
                    null,
                    JsonNumber.of(600),
                    10,
                    null)));
    assertThat(read("/propose @bob review"))
        .isEqualTo(
            new InputLine.Propose(
                new Statement.Proposal(
                    BOB, "review", null, null, null, null, JsonNumber.of(300), null, null)));
  }

  @Test
  void whatMakesNoSenseIsExplained() {
    unclear("/jion #a", "There is no command /jion");
    unclear("/join", "/join: #channel is missing");
    unclear("/join a b", "'b' is too much");
    unclear("/join not.one", "a channel is #");
    unclear("/msg @bob", "text is missing");
    unclear("/msg @!! x", "an agent is @");
    unclear("/propose @bob -a", "value of -a is missing");
    unclear("/propose @bob -a much task", "a number from 0 on");
    unclear("/propose @bob -x 1 task", "there is no option -x");
    unclear("/propose @bob -a 1", "task is missing");
    assertThat(read("/propose @bob -k code_review task"))
        .isInstanceOfSatisfying(
            InputLine.Propose.class,
            propose -> assertThat(propose.proposal().capability()).isEqualTo("code_review"));
    unclear("/quit now", "'now' is too much");
    unclear("/", "There is no command /");
  }

  private static InputLine read(String line) {
    return InputLine.of(line, AdminKeys.NONE);
  }

  @Test
  void adminsActsCarryTheKeyThatTheyNeed() {
    AdminKeys keys =
        AdminKeys.of(Map.of("ALLOWLIST_ADMIN_KEY", "moderate", "AGENTCHAT_ADMIN_KEY", "operate"));
    AdminKey moderation = AdminKey.of("moderate");
    AdminKey operation = AdminKey.of("operate");

    administers("/kick @bob too  loud", keys, new AdminMessage.Kick(BOB, moderation, "too loud"));
    administers("/ban @bob", keys, new AdminMessage.Ban(BOB, moderation, null));
    administers("/unban @bob", keys, new AdminMessage.Unban(BOB, moderation));
    administers("/allowlist", keys, new AdminMessage.ListApproved(moderation));
    administers("/revoke @bob", keys, new AdminMessage.Revoke(null, BOB, moderation));
    administers("/vouch @bob", keys, new AdminMessage.Vouch(BOB, operation, true));
    administers("/unvouch @bob", keys, new AdminMessage.Vouch(BOB, operation, false));
    administers("/motd be kind", keys, new AdminMessage.SetMotd(operation, "be kind", null));
    administers("/motd", AdminKeys.NONE, new AdminMessage.SetMotd(null, null, null));
    assertThat(read("/approve bob.json a friend"))
        .isEqualTo(new InputLine.Approve(Path.of("bob.json"), "a friend"));
    assertThat(read("/typing")).isEqualTo(new InputLine.Typing());
    assertThat(AdminKeys.of(Map.of())).isEqualTo(AdminKeys.NONE);
    unclear("/kick", "@agent is missing");
    unclear("/unban @bob now", "'now' is too much");
  }

  private static void administers(String line, AdminKeys keys, AdminMessage act) {
    assertThat(InputLine.of(line, keys)).isEqualTo(new InputLine.Administer(act));
  }

  private static void unclear(String line, String complaint) {
    assertThat(read(line))
        .isInstanceOfSatisfying(
            InputLine.Unclear.class, said -> assertThat(said.complaint()).contains(complaint));
  }

  @Test
  void linesEndAsOnAnySystemAndAreNeverTooLong() throws IOException {
    String text = "one\r\n\nä\n" + "x".repeat(LineInput.MAX_CHARS + 5) + "\nlast";
    LineInput lines =
        new LineInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));

    assertThat(List.of(lines.next(), lines.next(), lines.next())).containsExactly("one", "", "ä");
    assertThat(lines.next()).hasSize(LineInput.MAX_CHARS);
    assertThat(lines.next()).isEqualTo("last");
    assertThat(lines.next()).isNull();
  }

  @Test
  void strangersTextCanNeitherMoveTheCursorNorPassForAnotherLine() {
    String evil = "hi\u001b[2J\u009b1A\u202e\r\n[#general] Alice (@alice): me too";

    assertThat(NewsLine.of(message("#general", "ev\u0007il", evil), BOB))
        .contains(
            "[#general] ev\\u0007il (@mallory): hi\\u001b[2J\\u009b1A\\u202e\n"
                + "  | [#general] Alice (@alice): me too");
  }

  @Test
  void ownMessagesAreNotToldAgain() {
    ServerMessage.Msg own = message("#general", "x", "y");

    assertThat(NewsLine.of(own, own.from())).isEmpty();
    assertThat(NewsLine.of(own.asReplay(), own.from()))
        .contains("[#general] x (@mallory) earlier: y");
    assertThat(NewsLine.of(message("@bob", "x", "y"), BOB)).contains("[to you] x (@mallory): y");
  }

  private static ServerMessage.Msg message(String to, String name, String content) {
    return new ServerMessage.Msg(
        1, new AgentId("mallory"), name, to, content, null, null, null, null, null, null, null);
  }
}
