package org.agentchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.client.IdentityFile;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Whose receipts are wanted, and from where: the ledger, or a `receipts.jsonl`.
final class ReceiptSource {
  @Option(
      names = {"-i", "--identity"},
      paramLabel = "<file>",
      description = "Whose receipts: an identity (default: identity.json in --home).")
  private @Nullable Path identity;

  @Option(names = "--agent", paramLabel = "<agent>", description = "Whose receipts: an @id.")
  private @Nullable AgentId agent;

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "Read a receipts.jsonl instead of asking the ledger.")
  private @Nullable Path file;

  @Mixin private LedgerOption ledger;
  @Mixin private HomeFolder home;

  /// What was found.
  ///
  /// @param agent whose receipts these are; null for everybody's
  /// @param label where they are from, as a line for people
  record Found(List<DealReceipt> receipts, @Nullable AgentId agent, String label) {
    Found {
      receipts = List.copyOf(receipts);
    }

    /// Only the receipt of this proposal; all of them for null.
    Found only(@Nullable String proposal) {
      return proposal == null
          ? this
          : new Found(
              receipts.stream().filter(one -> one.proposalId().equals(proposal)).toList(),
              agent,
              label);
    }

    List<JsonNode> json() {
      return receipts.stream().map(DealReceipt::json).toList();
    }
  }

  Found find(Output output) {
    AgentId self = self().orElse(null);
    if (file != null) {
      List<DealReceipt> receipts = stored(file, output);
      return new Found(
          receipts.stream().filter(receipt -> self == null || receipt.concerns(self)).toList(),
          self,
          "Receipts file: " + file);
    }
    if (self == null) {
      throw PublicIdentity.missing(home.identity(), "-i");
    }
    LedgerApi api = ledger.api(output);
    return new Found(
        api.receipts(self).stream().map(DealReceipt::new).toList(), self, "Ledger: " + api.url());
  }

  /// Receipts of other logs that were let in.
  List<Receipt> imported() {
    return new ImportedReceipts(home).all();
  }

  /// The receipt as a file that verifies by itself, from the ledger.
  ///
  /// @throws CommandFailure if the ledger has none
  String file(String proposalId, Output output) {
    LedgerApi api = ledger.api(output);
    return api.receiptFile(proposalId)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() ->
            new CommandFailure(
                "NO_RECEIPT_FILE",
                Exit.FAILED,
                "The ledger at %s has no proofs for %s: it has no such receipt, or publishes no tree"
                    .formatted(api.url(), proposalId)));
  }

  /// The key pair of whose receipts these are.
  ///
  /// @throws CommandFailure if there is none
  Identity signer() {
    IdentityFile own = new IdentityFile(identity == null ? home.identity() : identity);
    if (!own.exists()) {
      throw PublicIdentity.missing(identity == null ? home.identity() : identity, "-i");
    }
    return own.load();
  }

  /// Named on the command line, or whose identity is there; a file is read for nobody in
  /// particular.
  private Optional<AgentId> self() {
    if (agent != null) {
      return Optional.of(agent);
    }
    return identity == null
        ? PublicIdentity.find(home.identity(), "-i").map(PublicIdentity::id)
        : Optional.of(PublicIdentity.read(identity, "-i").id());
  }

  /// The file's receipts, each deal's end once. What is no receipt is left out and said so.
  private static List<DealReceipt> stored(Path file, Output output) {
    List<DealReceipt> receipts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        Optional<DealReceipt> receipt = parse(line);
        if (receipt.isEmpty()) {
          output.err().println("Line " + number + " of " + file + " is no receipt and left out");
        } else if (seen.add(receipt.get().proposalId())) {
          receipts.add(receipt.get());
        }
      }
    } catch (MalformedInputException e) {
      throw new CommandFailure("RECEIPTS_FILE", Exit.FAILED, file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new CommandFailure(
          "RECEIPTS_FILE",
          Exit.FAILED,
          "Cannot read "
              + file
              + "; name a receipts.jsonl with --file, or leave --file out to ask"
              + " the ledger",
          e);
    }
    return receipts;
  }

  private static Optional<DealReceipt> parse(String line) {
    try {
      JsonNode json = Json.parse(line);
      return json.path("proposal_id").isString()
          ? Optional.of(new DealReceipt(json))
          : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
