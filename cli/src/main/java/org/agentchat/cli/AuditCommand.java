package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Finding;
import org.agentchat.ledger.Publication;
import org.agentchat.log.KafkaLogReader;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogSource;
import org.agentchat.tlog.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Recomputes everything from the log, and says what does not hold.
@Command(
    name = "audit",
    description = {
      "Verify every signature of a log, fold it anew, and compare ratings, receipts and hashes with"
          + " what the ledger publishes.",
      "Exit code 3 when something does not hold."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "<log>",
      description =
          "An exported log, a folder with a published tree, or a ledger's address; without it the"
              + " ledger of --ledger is audited.")
  private @Nullable String source;

  @Mixin private KafkaOption kafka;

  @Option(
      names = "--tiles",
      paramLabel = "<url>",
      description =
          "Audit the tree that is published under this address (C2SP tlog-tiles) instead.")
  private @Nullable String tiles;

  @Option(
      names = "--policy",
      paramLabel = "<file>",
      description =
          "Which checkpoints to trust (C2SP tlog-policy), with --tiles or a tree's folder.")
  private @Nullable Path policy;

  @Option(
      names = "--trust-checkpoint",
      description = {
        "Verify no statement's signature again: whoever signed the checkpoint has. Needs --policy.",
        "Everything else is recomputed."
      })
  private boolean trusting;

  @Option(
      names = "--against",
      paramLabel = "<published>",
      description =
          "What the log is held against: a ledger's address, or a file that 'agentchat log export'"
              + " wrote (default: the one beside an exported log, or the ledger of --ledger).")
  private @Nullable String against;

  @Option(
      names = "--no-remember",
      description =
          "Neither keep a good checkpoint nor hold the log against the last one, nor remember how"
              + " far the audit has come.")
  private boolean forgetful;

  @Option(
      names = "--fresh",
      description =
          "Verify every signature, also those that an audit verified before it was interrupted.")
  private boolean fresh;

  @Mixin private HomeFolder home;

  @Mixin private LedgerOption ledger;

  @Mixin private Output output;

  private ForkWatch watch = ForkWatch.none();
  private Resumption resumption = Resumption.none();
  private @Nullable Auditor audited;

  @Override
  public Integer call() throws Exception {
    String brokers = kafka.brokers();
    if ((brokers == null ? 0 : 1) + (source == null ? 0 : 1) + (tiles == null ? 0 : 1) > 1) {
      throw output.usage("name a log, --kafka or --tiles, only one of them");
    }
    boolean tree = tiles != null || (source != null && Files.isDirectory(Path.of(source)));
    if (!tree && (policy != null || trusting)) {
      throw output.usage("--policy and --trust-checkpoint are for a published tree");
    }
    if (trusting && policy == null) {
      throw output.usage("--trust-checkpoint needs --policy: whom to trust");
    }
    if (tree) {
      return auditTree();
    }
    return brokers != null ? auditKafka(brokers) : auditNamed(source);
  }

  private int auditTree() throws IOException, InterruptedException {
    PublishedLog published =
        tiles != null ? PublishedLog.at(tiles) : PublishedLog.in(Path.of(String.valueOf(source)));
    String trust =
        policy == null
            ? ", whose checkpoint nobody vouched for (--policy)"
            : published.judge(policy);
    Claim claim = against == null ? new Claim("", Optional.empty(), null) : claim(against);
    Audit audit = new Audit(claim.published(), claim.copy());
    if (trusting) {
      audit.trusting(published.log().size());
    }
    audit.expecting(published, policy != null);
    int exit = report(published.name() + trust, claim, audit, published.log());
    if (policy != null && !forgetful) {
      remember(published, exit);
    }
    return exit;
  }

  /// Keeps a checkpoint that holds, and both of a log that signed two which cannot both hold.
  private void remember(PublishedLog published, int exit) throws IOException {
    Optional<SignedNote> before = watch.contradicted();
    boolean asSigned = audited != null && !audited.has(Finding.Kind.ROOT_DIFFERS);
    if (before.isPresent() && asSigned) {
      Path evidence = memory().accuse(before.get(), published.note());
      output.err().println("Both checkpoints are in " + evidence + ": anybody can check them");
      output.err().flush();
    } else if (exit == Exit.OK) {
      memory().remember(published.note());
    }
  }

  private CheckpointMemory memory() {
    return new CheckpointMemory(home);
  }

  private int auditKafka(String brokers) throws IOException, InterruptedException {
    try (KafkaLogReader log = kafka.open(brokers, output)) {
      Claim claim = claim(against);
      return report("Kafka at " + brokers, claim, new Audit(claim.published(), claim.copy()), log);
    }
  }

  private int auditNamed(@Nullable String name) throws IOException, InterruptedException {
    if (name != null && !isUrl(name)) {
      return auditFile(Path.of(name));
    }
    LedgerApi api = name == null ? ledger.api(output) : api(name);
    Claim claim = against == null ? claim(api) : claim(against);
    return report(api.url(), claim, new Audit(claim.published(), claim.copy()), new LedgerLog(api));
  }

  private int auditFile(Path file) throws IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      throw new CommandFailure(
          "NO_SUCH_LOG",
          Exit.FAILED,
          "There is no log at %s; make one with 'agentchat log export %s'".formatted(file, file));
    }
    Claim claim =
        against != null
            ? claim(against)
            : Publications.beside(file)
                .map(published -> new Claim(besideOf(file), Optional.of(published), null))
                .orElse(new Claim("", Optional.empty(), null));
    Audit audit = new Audit(claim.published(), claim.copy());
    try (LogFile log = LogFile.open(file, audit::note)) {
      return report(file.toString(), claim, audit, log);
    }
  }

  private static String besideOf(Path file) {
    return Publications.besideOf(file).getFileName().toString();
  }

  /// What the log is held against.
  ///
  /// @param name empty when there is nothing
  /// @param copy the log as the ledger itself serves it
  private record Claim(String name, Optional<Publication> published, @Nullable LogSource copy) {}

  private Claim claim(@Nullable String named) throws IOException, InterruptedException {
    if (named == null) {
      return claim(ledger.api(output));
    }
    return isUrl(named)
        ? claim(api(named))
        : new Claim(named, Optional.of(Publications.read(Path.of(named))), null);
  }

  private static Claim claim(LedgerApi api) throws InterruptedException {
    return new Claim(api.url(), Optional.of(Publications.of(api)), new LedgerLog(api));
  }

  private static boolean isUrl(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  private LedgerApi api(String url) {
    try {
      return new LedgerApi(url);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private Resumption resumption() {
    try {
      return Resumption.by(new AuditBookmarks(home, ProgramDigest.hex()), fresh, this::notice);
    } catch (IOException e) {
      notice(
          "This audit cannot go on when it is interrupted: which program it is cannot be read: "
              + e);
      return Resumption.none();
    }
  }

  private int report(String name, Claim claim, Audit audit, LogSource log) {
    Auditor auditor;
    if (!forgetful) {
      watch = new ForkWatch(memory()::last);
    }
    if (!forgetful && !trusting) {
      resumption = resumption();
    }
    try (ProgressLine progress = ProgressLine.on(output, log.size())) {
      auditor = audit.watchedBy(watch).resumable(resumption).run(log, progress::at);
    }
    audited = auditor;
    if (output.isJson()) {
      output.print(json(name, claim, auditor, resumption), List.of());
    } else {
      print(name, claim, auditor);
    }
    return auditor.faults() == 0 ? Exit.OK : Exit.DIFFERENCE;
  }

  private void notice(String sentence) {
    if (!output.isJson()) {
      output.err().println(sentence);
      output.err().flush();
    }
  }

  private void print(String name, Claim claim, Auditor auditor) {
    output
        .out()
        .printf(
            "Audit of %s: log %s%n", name, auditor.ledger().origin().orElse("(without a name)"));
    output
        .out()
        .printf(
            "  Entries: %d (%d statements with a valid signature, %d refused by the rules)%n",
            auditor.ledger().size(), auditor.signatures(), auditor.refusals());
    printResumption();
    printLoose(auditor);
    output.out().printf("  Root hash: %s%n", auditor.ledger().rootHash());
    output.out().printf("  State hash: %s%n", auditor.ledger().stateHash());
    claim
        .published()
        .ifPresentOrElse(
            published -> printClaim(claim.name(), published),
            () ->
                output
                    .out()
                    .println(
                        "  Compared with nothing: what was left out cannot be seen (--against)"));
    List<Finding> findings = auditor.findings();
    findings.stream().limit(SHOWN).forEach(this::print);
    long more = auditor.faults() + auditor.refusals() - Math.min(SHOWN, findings.size());
    if (more > 0) {
      output.out().printf("  and %d more%n", more);
    }
    output.out().println(verdict(auditor));
    output.out().flush();
  }

  private void printResumption() {
    if (resumption.resumedAt() > 0) {
      output
          .out()
          .printf(
              "  Resumed at entry %d: the signatures before it were verified by an audit that was"
                  + " interrupted%n",
              resumption.resumedAt());
    } else if (resumption.contradictedAt() > 0) {
      output
          .out()
          .printf(
              "  The first %d entries are not those of the audit that was interrupted; all were"
                  + " verified now%n",
              resumption.contradictedAt());
    }
  }

  private void printLoose(Auditor auditor) {
    if (auditor.looseSignatures() > 0) {
      output
          .out()
          .printf(
              "  Bound to no log and no time (agentchat/1): %d of the statements%n",
              auditor.looseSignatures());
    }
  }

  private void printClaim(String name, Publication published) {
    output
        .out()
        .printf(
            "  Compared with %s: %d entries, %d agents, %d receipts%n",
            name, published.size(), published.agents().size(), published.receipts().size());
    if (published.sizeOfAgents() == Publication.UNTOLD) {
      output
          .out()
          .println(
              "  Ratings were compared by the state hash only: the ledger grew while it told them");
    }
  }

  private void print(Finding finding) {
    String where = finding.index() < 0 ? "log" : "entry " + finding.index();
    output
        .out()
        .printf(
            "  %s %s: %s%n",
            finding.kind().isFault() ? "✗" : "·",
            where,
            finding.kind() + ", " + Printable.of(finding.sentence()));
  }

  static String verdict(Auditor auditor) {
    if (auditor.faults() == 0) {
      return auditor.isCompared()
          ? "Verdict: everything holds."
          : "Verdict: the log is sound in itself.";
    }
    String first =
        auditor
            .firstDifference()
            .map(finding -> "; the first is at entry " + finding.index())
            .orElse("");
    return "Verdict: " + auditor.faults() + " difference(s) found" + first + ".";
  }

  private static Map<String, Object> json(
      String name, Claim claim, Auditor auditor, Resumption resumption) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("log", name);
    json.put("origin", auditor.ledger().origin().orElse(""));
    json.put("entries", auditor.ledger().size());
    json.put("signatures", auditor.signatures());
    json.put("unbound_signatures", auditor.looseSignatures());
    json.put("resumed_at", resumption.resumedAt());
    json.put("contradicted_at", resumption.contradictedAt());
    json.put("refused", auditor.refusals());
    json.put("root_hash", auditor.ledger().rootHash());
    json.put("state_hash", auditor.ledger().stateHash());
    json.put("against", claim.name());
    json.put("compared", auditor.isCompared());
    json.put("every_rating_compared", auditor.isEveryRatingCompared());
    json.put("faults", auditor.faults());
    json.put("findings", auditor.findings());
    json.put("holds", auditor.faults() == 0);
    return json;
  }
}
