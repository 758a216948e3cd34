package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "summary",
    description = "Count receipts, by counterparty and currency.",
    mixinStandardHelpOptions = true)
final class ReceiptsSummaryCommand implements Runnable {
  @Mixin private ReceiptSource source;
  @Mixin private Output output;

  @Override
  public void run() {
    ReceiptSource.Found found = source.find(output);
    ReceiptSummary summary = ReceiptSummary.of(found.receipts(), found.agent());
    List<String> lines = new ArrayList<>(summary.lines());
    lines.add("");
    lines.add(found.label());
    if (found.agent() != null) {
      lines.add("Filtered for agent: " + found.agent());
    }
    output.print(summary, lines);
  }
}
