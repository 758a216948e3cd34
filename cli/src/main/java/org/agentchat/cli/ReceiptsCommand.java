package org.agentchat.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "receipts",
    description = "Completion receipts: portable reputation.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ReceiptsListCommand.class,
      ReceiptsExportCommand.class,
      ReceiptsImportCommand.class,
      ReceiptsSummaryCommand.class
    })
final class ReceiptsCommand implements Runnable {
  private static final String TEXT =
      """
      Receipt Management Commands:

        agentchat receipts list      List all receipts
        agentchat receipts export    Export receipts (--format json|jsonl|yaml|file|vc|erc8004)
        agentchat receipts import    Verify and keep a receipt of another log
        agentchat receipts summary   Show receipt statistics

      Options:
        --format <format>   Export format: json (default), jsonl, yaml, file, vc, erc8004
        --identity <file>   Identity file for filtering by agent
        --agent <agent>     Agent to filter by, @id
        --ledger <url>      Ledger to ask
        --file <path>       Receipts file to read instead (receipts.jsonl)

      Receipts are kept by the ledger, which issues one for every
      finished deal.\
      """;

  @Mixin private Output output;

  private record Actions(List<String> actions) {}

  @Override
  public void run() {
    output.print(
        new Actions(List.of("list", "export", "import", "summary")), TEXT.lines().toList());
  }
}
