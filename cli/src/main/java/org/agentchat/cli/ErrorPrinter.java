package org.agentchat.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.agentchat.schemas.json.Json;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Prints what went wrong: one sentence on standard error, or under `--json` one object
/// `{"error":{"code":...,"message":...}}`. `AGENTCHAT_DEBUG=1` adds the stack trace.
final class ErrorPrinter implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final Set<String> NAMES_WITH_HASH = Set.of("<target>", "<channel>");

  private static final Pattern INVALID_VALUE =
      Pattern.compile(
          "^Invalid value for (?:positional parameter at index [^ ]+ \\((<[^>]+>)\\)"
              + "|option '([^']+)'(?: \\([^)]*\\))?): ");

  private record Complaint(String code, String message) {}

  private record Envelope(Complaint error) {}

  @Override
  public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
    CommandFailure failure = Failures.of(problem);
    boolean json =
        parsed.asCommandLineList().stream()
            .anyMatch(level -> level.getParseResult().hasMatchedOption("--json"));
    print(command.getErr(), json, failure.code(), failure.sentence());
    trace(problem, command.getErr());
    return failure.exit();
  }

  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    boolean json = List.of(arguments).contains("--json");
    print(command.getErr(), json, "USAGE", sentence(problem));
    if (arguments.length == 0) {
      command.usage(command.getErr());
    }
    trace(problem, command.getErr());
    return Exit.USAGE;
  }

  private static String sentence(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    return "%s%s; '%s --help' shows what is possible"
        .formatted(complaint(problem), advice(problem), command.getCommandSpec().qualifiedName());
  }

  /// The library's words, shorter.
  private static String complaint(ParameterException problem) {
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !problem.getCommandLine().getSubcommands().isEmpty()) {
      return "There is no command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    String line =
        INVALID_VALUE
            .matcher(String.valueOf(problem.getMessage()))
            .replaceFirst("$1$2: ")
            .replaceFirst("^Error: ", "")
            .replaceFirst("' is not an? (?:int|long)$", "' is not a whole number")
            .replaceAll("\\s*\\R\\s*", " ")
            .strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static String advice(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException unmatched when !unmatched.getSuggestions().isEmpty() ->
          ", perhaps " + String.join(" or ", unmatched.getSuggestions()) + " is meant";
      case MissingParameterException missing
          when missing.getMissing().stream()
              .anyMatch(argument -> NAMES_WITH_HASH.contains(argument.paramLabel())) ->
          " (shells take # for a comment: quote it, '#general')";
      default -> "";
    };
  }

  private static void print(PrintWriter err, boolean json, String code, String sentence) {
    err.println(
        json ? Json.text(new Envelope(new Complaint(code, sentence))) : "Error: " + sentence);
    err.flush();
  }

  private static void trace(Exception problem, PrintWriter err) {
    if ("1".equals(System.getenv("AGENTCHAT_DEBUG"))) {
      problem.printStackTrace(err);
      err.flush();
    }
  }

  /// Both handlers, for a whole tree of commands.
  static void install(CommandLine root) {
    ErrorPrinter printer = new ErrorPrinter();
    root.setExecutionExceptionHandler(printer);
    root.setParameterExceptionHandler(printer);
  }
}
