package org.agentchat.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Whether `deploy` may spend: not at all, after a question, or at once.
final class DeployConsent {
  @Option(
      names = "--dry-run",
      description = "With --create, --top-up, --update: show every transaction and its cost.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before AKT is burned for ACT.")
  private boolean yes;

  boolean isDryRun() {
    return dryRun;
  }

  /// Asks before AKT is burned.
  ///
  /// @throws CommandFailure if the answer is no, or nobody is there to ask
  void requireBurn(DeployMoney money, Output output) {
    if (!money.mints() || yes) {
      return;
    }
    String question = money.question();
    Optional<Console> console =
        Optional.ofNullable(System.console()).filter(one -> one.isTerminal() && !output.isJson());
    if (console.isEmpty()) {
      throw new CommandFailure(
          "CONFIRMATION", Exit.FAILED, question + " Nobody is there to ask; --yes agrees");
    }
    String answer = console.get().readLine("%s [y/N] ", question);
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("y")) {
      throw new CommandFailure("CONFIRMATION", Exit.FAILED, "Nothing was done");
    }
  }
}
