package org.agentchat.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.ledger.tree.TreeCheck;
import org.agentchat.ledger.tree.TreeFolder;
import org.agentchat.log.LogFile;
import org.agentchat.tlog.TreeHead;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks a published tree, file by file.
@Command(
    name = "fsck",
    description = {
      "Derive every tile and the root of a published tree anew from its entries, and name each file"
          + " that differs.",
      "Exit code 3 when something does."
    },
    mixinStandardHelpOptions = true)
final class FsckCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "<tree>",
      description = "A folder with checkpoint and tile/ in it (default: the ledger's own).")
  private @Nullable Path folder;

  @Option(
      names = "--log",
      paramLabel = "<file>",
      description = "Take the entries from this exported log instead of the tree's own bundles.")
  private @Nullable Path exported;

  @Mixin private HomeFolder home;

  @Mixin private Output output;

  @Override
  public Integer call() {
    Path tree = folder == null ? home.path().resolve("tree") : folder;
    if (!Files.isDirectory(tree)) {
      throw new CommandFailure(
          "NO_SUCH_TREE",
          Exit.FAILED,
          "There is no folder %s; 'agentchat serve' keeps the ledger's tree in tree/ of its home"
              .formatted(tree));
    }
    TileLog log = TileFolders.open(tree);
    TreeCheck check = new TreeCheck(log, new TreeFolder(tree)::read);
    TreeHead derived = derive(check, log);
    output.print(json(tree, derived, check), lines(tree, derived, check));
    return check.count() == 0 ? Exit.OK : Exit.DIFFERENCE;
  }

  private TreeHead derive(TreeCheck check, TileLog log) {
    try (ProgressLine progress = ProgressLine.on(output, log.size())) {
      if (exported == null) {
        return check.run(log, progress::at);
      }
      try (LogFile file = LogFile.open(exported)) {
        return check.run(file, progress::at);
      }
    }
  }

  private static List<String> lines(Path tree, TreeHead derived, TreeCheck check) {
    List<String> lines = new ArrayList<>();
    lines.add("Tree in %s: %,d entries, root %s".formatted(tree, derived.size(), derived.root()));
    check.faults().stream()
        .limit(SHOWN)
        .forEach(
            fault -> lines.add("  ✗ from entry %d: %s".formatted(fault.index(), fault.sentence())));
    if (check.count() > SHOWN) {
      lines.add("  and %d more".formatted(check.count() - SHOWN));
    }
    lines.add(
        check.count() == 0
            ? "Verdict: every tile and the checkpoint are what the entries give."
            : "Verdict: %d file(s) differ. If the log is right, move the tiles away, keep checkpoint and log-key.json, and start the ledger: it writes them again."
                .formatted(check.count()));
    return lines;
  }

  private static Map<String, Object> json(Path tree, TreeHead derived, TreeCheck check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tree", tree.toString());
    json.put("entries", derived.size());
    json.put("root_hash", derived.root().toString());
    json.put("faults", check.count());
    json.put("first_faults", check.faults());
    json.put("holds", check.count() == 0);
    return json;
  }
}
