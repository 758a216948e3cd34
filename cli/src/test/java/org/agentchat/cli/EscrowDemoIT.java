package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo with money, run as a newcomer does.
@Timeout(300)
final class EscrowDemoIT {
  @TempDir private Path folder;

  @Test
  void moneyGoesFromProposalToPayout() {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    Path kept = folder.resolve("kept");
    Ran demo = Ran.command("demo", "--escrow", "--keep", kept);
    assertThat(demo.exit()).as(demo.toString()).isEqualTo(Exit.OK);
    assertThat(demo.out())
        .contains("The escrow contract stands at 0x")
        .contains("ESCROW_LOCKED is entry", "ESCROW_SETTLED is entry")
        .contains("bob's account has withdrawn it and holds 10001.")
        .contains("Log and chain agree on 2 escrows; the contract holds 0 coins")
        .contains("Verdict: everything holds.");
    Ran audit = Ran.command("audit", kept.resolve("log.jsonl"));
    assertThat(audit.exit()).as(audit.toString()).isEqualTo(Exit.OK);
  }
}
