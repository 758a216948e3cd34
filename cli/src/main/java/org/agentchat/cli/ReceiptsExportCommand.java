package org.agentchat.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
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
    JSONL,
    YAML,
    FILE,
    VC,
    ERC8004;

    /// Whether each receipt is a document of its own.
    boolean isSingle() {
      return this == FILE || this == VC || this == ERC8004;
    }
  }

  @Option(
      names = {"-f", "--format"},
      paramLabel = "<format>",
      defaultValue = "json",
      description = {
        "json, jsonl, yaml (all receipts together; default: ${DEFAULT-VALUE}),",
        "file (with proofs, for 'agentchat verify'),",
        "vc (W3C Verifiable Credential 2.0, signed with our key),",
        "or erc8004 (ERC-8004 feedback file)."
      })
  private Format format = Format.JSON;

  @Option(
      names = "--proposal",
      paramLabel = "<id>",
      description = "Only the receipt of this proposal.")
  private @Nullable String proposal;

  @Option(
      names = "--out",
      paramLabel = "<dir>",
      description = "For file, vc and erc8004: write one document for each receipt there.")
  private @Nullable Path folder;

  @Mixin private FeedbackOptions feedback;
  @Mixin private ReceiptSource source;
  @Mixin private Output output;

  @Override
  public void run() {
    if (format == Format.YAML && output.isJson()) {
      throw output.usage("--json and --format yaml exclude each other");
    }
    if (folder != null && !format.isSingle()) {
      throw output.usage("--out is for the formats file, vc and erc8004");
    }
    ReceiptSource.Found found = source.find(output).only(proposal);
    if (format.isSingle()) {
      exportEach(found.receipts());
      return;
    }
    String text =
        switch (format) {
          case JSONL -> String.join("\n", found.json().stream().map(Json::text).toList());
          case YAML -> ReceiptYaml.of(found.receipts()).stripTrailing();
          case JSON, FILE, VC, ERC8004 -> PrettyJson.of(found.json());
        };
    output.print(found.json(), List.of(text));
  }

  private void exportEach(List<DealReceipt> receipts) {
    Path target = folder;
    if (target == null && receipts.size() != 1) {
      throw output.usage(
          "There are %d receipts; choose one with --proposal, or a folder with --out"
              .formatted(receipts.size()));
    }
    for (DealReceipt receipt : receipts) {
      String document = document(receipt);
      if (target == null) {
        output.out().print(document);
        output.out().flush();
      } else {
        write(target, receipt.proposalId(), document);
      }
    }
  }

  private String document(DealReceipt receipt) {
    String file = source.file(receipt.proposalId(), output);
    return switch (format) {
      case VC -> Credential.of(file, source.signer());
      case ERC8004 -> feedback.of(receipt, file, output);
      case JSON, JSONL, YAML, FILE -> file;
    };
  }

  private void write(Path target, String proposalId, String document) {
    // The name is the ledger's word, so it is no path.
    Path file = target.resolve(proposalId.replaceAll("[^0-9A-Za-z_-]", "_") + ".json");
    try {
      Files.createDirectories(target);
      Files.write(file, document.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandFailure("IO", Exit.FAILED, "Cannot write " + file, e);
    }
    output.out().println(file);
    output.out().flush();
  }
}
