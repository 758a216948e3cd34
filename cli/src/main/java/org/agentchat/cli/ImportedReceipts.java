package org.agentchat.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.log.DurableFile;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import tools.jackson.databind.JsonNode;

/// Receipts of other logs, each verified before it was let in, a file each under
/// `imported-receipts` of the home folder. They never mix with what our own ledger says.
final class ImportedReceipts {
  /// Files that are listed at the most, so that a folder full of them does not fill the memory.
  private static final int MAX_FILES = 10_000;

  private static final int NAME_CHARS = 32;

  private final Path folder;

  ImportedReceipts(HomeFolder home) {
    this.folder = home.path().resolve("imported-receipts");
  }

  /// Keeps a file that was verified.
  ///
  /// @return where
  Path keep(Receipt receipt, byte[] file) throws IOException {
    String named = receipt.origin() + "\n" + receipt.proposalId();
    Path target = folder.resolve(Sha256.hex(named).substring(0, NAME_CHARS) + ".json");
    DurableFile.write(target, file);
    return target;
  }

  /// Every receipt that was let in, by origin, then by time.
  List<Receipt> all() {
    List<Receipt> receipts = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.toString().endsWith(".json"))
            .limit(MAX_FILES)
            .forEach(file -> receipts.add(read(file)));
      } catch (IOException e) {
        throw new CommandFailure("IO", Exit.FAILED, "Cannot read " + folder, e);
      }
    }
    receipts.sort((one, other) ->
        one.origin().equals(other.origin())
            ? Long.compare(one.ts(), other.ts())
            : one.origin().compareTo(other.origin()));
    return receipts;
  }

  private static Receipt read(Path file) {
    try {
      return ReceiptFile.parse(Files.readAllBytes(file)).receipt();
    } catch (MalformedReceiptException e) {
      throw new CommandFailure(
          "IMPORTED",
          Exit.FAILED,
          file + " was altered since it was imported: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The section of `receipts list`; nothing when there are none.
  static List<String> lines(List<Receipt> receipts) {
    List<String> lines = new ArrayList<>();
    String origin = "";
    for (Receipt receipt : receipts) {
      if (!receipt.origin().equals(origin)) {
        origin = receipt.origin();
        lines.add("Imported, of the log " + Printable.of(origin) + ":");
        lines.add("");
      }
      lines.addAll(new DealReceipt(json(receipt)).lines());
      lines.add("");
    }
    return lines;
  }

  static JsonNode json(Receipt receipt) {
    return Json.parse(Json.text(receipt).getBytes(StandardCharsets.UTF_8));
  }
}
