package org.agentchat.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = "Print receipts whole, with every signature that they have.",
    mixinStandardHelpOptions = true)
final class ReceiptsExportCommand implements Runnable {
  /// What to export.
  enum Format {
    JSON,
    YAML
  }

  @Option(
      names = {"-f", "--format"},
      paramLabel = "<format>",
      defaultValue = "json",
      description = "json or yaml (default: ${DEFAULT-VALUE}).")
  private Format format = Format.JSON;

  @Mixin private ReceiptSource source;
  @Mixin private Output output;

  @Override
  public void run() {
    if (format == Format.YAML && output.isJson()) {
      throw output.usage("--json and --format yaml exclude each other");
    }
    ReceiptSource.Found found = source.find(output);
    String text =
        switch (format) {
          case JSON -> PrettyJson.of(found.json());
          case YAML -> ReceiptYaml.of(found.receipts()).stripTrailing();
        };
    output.print(found.json(), List.of(text));
  }
}
