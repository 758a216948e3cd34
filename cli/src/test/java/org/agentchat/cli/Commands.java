package org.agentchat.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// Runs commands in this process and keeps what they print.
final class Commands {
  private Commands() {}

  /// What a command did.
  record Ran(int exit, String out, String err) {}

  static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = AgentChat.commandLineFor(arguments);
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    int exit = commandLine.execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }
}
