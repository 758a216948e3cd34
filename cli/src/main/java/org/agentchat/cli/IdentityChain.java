package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.KeyRecord;
import org.jspecify.annotations.Nullable;

/// `identity --verify-chain`: checks the records in the file, and what the log says of the key's
/// account when a ledger is named.
final class IdentityChain {
  private final Path file;
  private final @Nullable LedgerApi ledger;
  private final Output output;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Verified(
      boolean valid, String originalAgentId, String agentId, int rotations, @Nullable String log) {}

  /// @param ledger to ask, or null
  IdentityChain(Path file, @Nullable LedgerApi ledger, Output output) {
    this.file = file;
    this.ledger = ledger;
    this.output = output;
  }

  int run() {
    PublicIdentity identity = PublicIdentity.read(file, "-f");
    Optional<String> flaw =
        KeyRecord.flaw(identity.rotations(), identity.key(), new Ed25519Verifier());
    if (flaw.isPresent()) {
      return failed(identity, flaw.get());
    }
    @Nullable String log = ledger == null ? null : LogChain.describe(ledger, identity);
    String id = identity.id().name();
    String original = identity.originalId().orElse(id);
    int count = identity.rotations().size();
    List<String> lines = new ArrayList<>();
    if (count == 0) {
      lines.add("No rotations to verify (original identity).");
      lines.add("  Agent ID: " + id);
    } else {
      lines.add("Verifying rotation chain (" + count + " rotation(s))...");
      lines.add("Chain verified successfully!");
      lines.add("  Original Agent ID: " + original);
      lines.add("  Current Agent ID: " + id);
      lines.add("  Rotations: " + count);
    }
    if (log != null) {
      lines.add("  Log: " + log);
    }
    output.print(new Verified(true, original, id, count, log), lines);
    return Exit.OK;
  }

  /// In the lines that existing tools print, which do not begin with `Error`.
  private int failed(PublicIdentity identity, String flaw) {
    if (output.isJson()) {
      throw new CommandFailure("CHAIN", Exit.FAILED, flaw);
    }
    output
        .out()
        .println(
            "Verifying rotation chain (%d rotation(s))...".formatted(identity.rotations().size()));
    output.err().println("Chain verification FAILED:");
    output.err().println("  - " + Printable.of(flaw));
    return Exit.FAILED;
  }
}
