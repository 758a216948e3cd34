package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "List receipts.", mixinStandardHelpOptions = true)
final class ReceiptsListCommand implements Runnable {
  @Mixin private ReceiptSource source;
  @Mixin private Output output;

  @Override
  public void run() {
    ReceiptSource.Found found = source.find(output);
    output.print(found.json(), lines(found));
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
