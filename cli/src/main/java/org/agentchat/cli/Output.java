package org.agentchat.cli;

import java.io.PrintWriter;
import java.util.List;
import org.agentchat.schemas.json.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `--json`, and where a command prints: results on standard output, everything else on standard
/// error.
final class Output {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--json", description = "Print JSON, errors too.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /// Prints the value as one line of JSON under `--json`, else the lines. JSON may escape any
  /// character, so what [Printable] escapes is the same JSON.
  void print(Object value, List<String> lines) {
    if (json) {
      out().println(Printable.of(Json.text(value)));
    } else {
      lines.forEach(out()::println);
    }
    out().flush();
  }

  /// A complaint about the command line, to be thrown.
  ParameterException usage(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
