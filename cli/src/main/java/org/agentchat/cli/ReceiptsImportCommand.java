package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentchat.receipt.ReceiptVerifier;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.SignedNote;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Verify a receipt file of another log and keep it, apart from our own receipts.",
      "A file that does not verify is not kept; the exit codes are those of 'agentchat verify'."
    },
    mixinStandardHelpOptions = true)
final class ReceiptsImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<file>", description = "A receipt file, - for standard input.")
  private String file = FileCheck.STDIN;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "<file>",
      description = "Which logs and witnesses are trusted (C2SP tlog-policy).")
  private Path policy = Path.of("policy");

  @Mixin private HomeFolder home;
  @Mixin private Output output;

  private record Imported(String origin, String proposalId, String file) {}

  @Override
  public Integer call() throws IOException, MalformedReceiptException {
    byte[] bytes = FileCheck.read(file);
    CheckpointMemory memory = new CheckpointMemory(home);
    Verification verification =
        new ReceiptVerifier(FileCheck.policy(policy), memory::last).verify(bytes);
    if (!verification.isOk()) {
      throw new CommandFailure(
          verification.code().name(),
          verification.code().group().exit(),
          "Not imported: " + Printable.of(verification.message()));
    }
    SignedNote checkpoint = verification.checkpoint().orElseThrow();
    memory.remember(checkpoint);
    Receipt receipt = ReceiptFile.parse(bytes).receipt();
    Path kept = new ImportedReceipts(home).keep(receipt, bytes);
    output.print(
        new Imported(receipt.origin(), receipt.proposalId(), kept.toString()),
        List.of(
            "Imported " + receipt.proposalId() + " of the log " + receipt.origin(),
            "  Kept in " + kept));
    return Exit.OK;
  }
}
