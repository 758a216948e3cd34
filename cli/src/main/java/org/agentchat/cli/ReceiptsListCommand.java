package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.receipt.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List receipts.", mixinStandardHelpOptions = true)
final class ReceiptsListCommand implements Runnable {
  @Option(
      names = "--imported",
      description = "Only receipts of other logs that were imported; asks no ledger.")
  private boolean importedOnly;

  @Mixin private ReceiptSource source;
  @Mixin private Output output;

  @Override
  public void run() {
    List<Receipt> imported = source.imported();
    if (importedOnly) {
      output.print(imported, importedLines(imported));
      return;
    }
    ReceiptSource.Found found = source.find(output);
    List<String> lines = new ArrayList<>(lines(found));
    lines.addAll(ImportedReceipts.lines(imported));
    output.print(found.json(), lines);
  }

  private static List<String> importedLines(List<Receipt> imported) {
    return imported.isEmpty()
        ? List.of("No receipts were imported; see 'agentchat receipts import --help'.")
        : ImportedReceipts.lines(imported);
  }

  private static List<String> lines(ReceiptSource.Found found) {
    if (found.receipts().isEmpty()) {
      return List.of("No receipts found.", "", found.label());
    }
    List<String> lines = new ArrayList<>();
    lines.add("Found " + found.receipts().size() + " receipt(s):");
    lines.add("");
    for (DealReceipt receipt : found.receipts()) {
      lines.addAll(receipt.lines());
      lines.add("");
    }
    return lines;
  }
}
