package org.agentchat.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Publication;
import org.agentchat.log.Durability;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogFile;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows the whole product in a scratch folder, and checks it.
@Command(
    name = "demo",
    description = {
      "Start everything in a scratch folder, let agents make and finish deals, print receipts and"
          + " ratings, and audit them.",
      "Exit code 3 when anything is off."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int FINISHED_DEALS = 4;
  private static final int DEALS_WITH_ESCROW = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--keep",
      paramLabel = "<dir>",
      description =
          "Leave the receipts, the log and what the ledger published there, for an auditor.")
  private @Nullable Path keep;

  @Option(
      names = "--escrow",
      description = "Deals whose money is in a contract on a local chain, from proposal to payout.")
  private boolean escrow;

  @Override
  public Integer call() throws Exception {
    if (escrow && AnvilBinary.find().isEmpty()) {
      throw new CommandFailure(
          "NO_CHAIN",
          Exit.UNREACHABLE,
          "The demo wants a chain of its own, but there is " + AnvilBinary.MISSING);
    }
    try (ScratchFolder scratch = ScratchFolder.create("agentchat-demo")) {
      return run(scratch.path());
    }
  }

  private int run(Path scratch) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    say(out, "Starting Kafka, relay and ledger in " + scratch);
    try (Node node = Node.start(settings(scratch), new PrintWriter(Writer.nullWriter()))) {
      say(out, "Relay at " + node.url() + ", ledger at " + node.apiUrl());
      say(out, "");
      say(out, "Deals:");
      makeDeals(node, scratch, out);
      node.awaitLedger(PATIENCE);
      LedgerApi api = new LedgerApi(node.apiUrl());
      Publication published = Publications.of(api);
      printReceipts(out, published.receipts());
      printLeaderboard(out, published);
      Auditor auditor =
          new Audit(Optional.of(published), new LedgerLog(api)).run(node.log(), _ -> {});
      printVerdict(out, auditor);
      if (keep != null) {
        keep(out, keep, node, published);
        keepProofs(out, keep, api, published);
      }
      return holds(out, auditor, published) ? Exit.OK : Exit.DIFFERENCE;
    }
  }

  private void makeDeals(Node node, Path scratch, PrintWriter out) throws Exception {
    if (escrow) {
      try (EscrowDemo demo = new EscrowDemo(node, scratch, out)) {
        demo.run();
      }
    } else {
      try (Demo demo = new Demo(URI.create(node.url()), out)) {
        demo.run();
      }
    }
  }

  private static NodeSettings settings(Path scratch) {
    return new NodeSettings(
        scratch,
        List.of(NodeSettings.Part.RELAY, NodeSettings.Part.LEDGER),
        "127.0.0.1",
        0,
        0,
        Optional.empty(),
        KafkaSettings.DEFAULT_TOPIC,
        Optional.empty(),
        Optional.empty(),
        Optional.of("agentchat.local/demo-" + Long.toHexString(new SecureRandom().nextLong())),
        UnaryOperator.identity(),
        Durability.FSYNC,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void printReceipts(PrintWriter out, List<Receipt> receipts) {
    say(out, "");
    say(out, "Receipts:");
    for (Receipt receipt : receipts) {
      say(
          out,
          "  %s %s: \"%s\", %s and %s, entries %s"
              .formatted(
                  receipt.proposalId(),
                  receipt.status(),
                  receipt.proposal().task(),
                  receipt.from(),
                  receipt.to(),
                  receipt.legs().stream().map(leg -> Long.toString(leg.index())).toList()));
    }
  }

  private static void printLeaderboard(PrintWriter out, Publication published) {
    say(out, "");
    say(out, "Leaderboard:");
    published.agents().stream()
        .filter(agent -> agent.transactions() > 0)
        .sorted((one, other) -> Integer.compare(other.rating(), one.rating()))
        .forEach(agent ->
            say(
                out,
                "  %s  %d after %d deals"
                    .formatted(agent.id(), agent.rating(), agent.transactions())));
  }

  private static void printVerdict(PrintWriter out, Auditor auditor) {
    say(out, "");
    say(
        out,
        "Audit: %d entries, %d signatures verified, root %s"
            .formatted(auditor.ledger().size(), auditor.signatures(), auditor.ledger().rootHash()));
    auditor
        .findings()
        .forEach(finding ->
            say(
                out,
                "  %s at %d: %s"
                    .formatted(finding.kind(), finding.index(), Printable.of(finding.sentence()))));
    say(out, AuditCommand.verdict(auditor));
  }

  /// Also without a fault of the audit the demo is off when a deal is missing.
  private boolean holds(PrintWriter out, Auditor auditor, Publication published) {
    int finished = escrow ? DEALS_WITH_ESCROW : FINISHED_DEALS;
    if (published.receipts().size() != finished) {
      say(
          out,
          "Off: %d receipts, %d deals were finished"
              .formatted(published.receipts().size(), finished));
      return false;
    }
    return auditor.faults() == 0 && auditor.isCompared() && auditor.findings().isEmpty();
  }

  private static void keep(PrintWriter out, Path dir, Node node, Publication published)
      throws IOException {
    Path receipts = Files.createDirectories(dir.resolve("receipts"));
    for (Receipt receipt : published.receipts()) {
      Files.writeString(
          receipts.resolve(receipt.proposalId() + ".json"), Json.pretty(receipt) + "\n");
    }
    Path log = dir.resolve("log.jsonl");
    LogFile.write(log, node.log(), 0, published.wholeSize());
    Path beside = Publications.besideOf(log);
    Publications.write(beside, published);
    say(out, "");
    say(out, "Kept in " + dir + ": receipts/, log.jsonl, " + beside.getFileName());
    say(out, "Check it: agentchat audit " + dir.resolve("log.jsonl"));
  }

  /// One receipt as a file that verifies by itself, and a policy that trusts the demo's log.
  private static void keepProofs(PrintWriter out, Path dir, LedgerApi api, Publication published)
      throws IOException, InterruptedException {
    Path policy = dir.resolve("policy");
    Path file = dir.resolve("receipt.json");
    Files.write(file, proved(api, published.receipts().getFirst().proposalId()));
    Files.write(policy, api.policy().orElseThrow(() -> new IOException("there is no policy")));
    say(out, "Prove it: agentchat verify " + file + " --policy " + policy);
  }

  /// The checkpoint comes a moment after the rows.
  private static byte[] proved(LedgerApi api, String proposalId)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return api.receiptFile(proposalId)
            .orElseThrow(() -> new IOException("there is no receipt of " + proposalId));
      } catch (CommandFailure notYet) {
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
        Thread.sleep(POLL);
      }
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
