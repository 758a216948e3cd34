package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// Two questions under one word: what a file proves, and whether an agent has its key.
@Command(
    name = "verify",
    header = {
      "Check a receipt, a rating or a history offline: verify <file> --policy <file>",
      "Ask a connected agent to prove its key:         verify <server> <agent>"
    },
    description = {
      "%nA file is checked without any network. What it proves is said, and what it does not."
          + " The last good checkpoint of each log is remembered in --home, so that a log that"
          + " contradicts itself is caught."
    },
    customSynopsis = {
      "agentchat verify <file> [--policy <file>] [--no-remember] [--home <dir>] [--json]",
      "       agentchat verify <server> <agent> [-i <file>] [--home <dir>] [--json]"
    },
    exitCodeListHeading = "%nExit codes for a file:%n",
    exitCodeList = {
      "0:verified",
      "10:a signature is not valid",
      "11:not shown to be in the log",
      "12:the log forked: it signed two trees of one size",
      "13:too few witnesses for the policy",
      "14:malformed",
      "15:of an unknown format, or of a log that the policy does not list",
      "16:its parts do not belong together",
      "17:incomplete: an entry that names the agent was left out"
    },
    footer = "An agent that does not prove its key is exit code 1.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final String FORMS =
      "verify <file> --policy <file> checks a file, verify <server> <agent> asks an agent";

  @Parameters(
      arity = "1..2",
      paramLabel = "<file> | <server> <agent>",
      description = {
        "A receipt, a rating certificate or a history, - for standard input;",
        "or a relay, for example ws://localhost:6667, and whom to ask there, @id."
      })
  private List<String> what = List.of();

  @Option(
      names = "--policy",
      paramLabel = "<file>",
      description =
          "Which logs and witnesses are trusted (C2SP tlog-policy; default: policy in"
              + " --home).")
  private @Nullable Path policy;

  @Option(names = "--no-remember", description = "Do not keep the file's checkpoint.")
  private boolean forgetful;

  @Option(
      names = {"-i", "--identity"},
      paramLabel = "<file>",
      description = "To ask an agent: our identity (default: identity.json in --home).")
  private @Nullable Path identity;

  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() throws IOException {
    return what.size() == 1 ? checkFile(what.getFirst()) : askAgent(what.getFirst(), what.get(1));
  }

  private int checkFile(String file) throws IOException {
    if (file.startsWith("ws://") || file.startsWith("wss://")) {
      throw output.usage("Which agent of " + file + "? " + FORMS);
    }
    if (identity != null) {
      throw output.usage("--identity is for asking an agent, not for a file: " + FORMS);
    }
    return new FileCheck(new CheckpointMemory(home), !forgetful, output).run(file, policy());
  }

  private Path policy() {
    Path own = home.path().resolve("policy");
    if (policy == null && !Files.exists(own)) {
      throw output.usage(
          "Whom do you trust? Name logs and witnesses in a file: --policy <file>, or " + own);
    }
    return policy == null ? own : policy;
  }

  private int askAgent(String server, String agent) {
    if (policy != null || forgetful) {
      throw output.usage("--policy and --no-remember are for one file: " + FORMS);
    }
    try {
      AgentId id = new AgentIdConverter().convert(agent);
      AgentProof.run(new RelayOptions(server, identity, home), id, output);
      return Exit.OK;
    } catch (TypeConversionException e) {
      throw output.usage("<agent>: " + e.getMessage());
    }
  }
}
