package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class AgentChatTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void printsItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("agentchat ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void printsHelpOnRequest() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: agentchat");
  }

  @Test
  void explainsUsageOnStandardErrorWhenCommandIsMissing() {
    assertThat(run()).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("Missing command", "Usage: agentchat");
  }

  private int run(String... arguments) {
    CommandLine commandLine = AgentChat.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
