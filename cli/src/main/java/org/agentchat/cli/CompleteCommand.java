package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "complete",
    description = "Say that the work of a proposal is done.",
    mixinStandardHelpOptions = true)
final class CompleteCommand implements Runnable {
  @Mixin private DealOptions deal;

  @Option(
      names = {"-p", "--proof"},
      paramLabel = "<proof>",
      description = "What shows it: a transaction, an address, ...")
  private @Nullable String proof;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = deal.connect(output)) {
      ServerMessage.Complete done =
          Refusals.done(client.complete(new Statement.Complete(deal.proposalId(), proof)));
      output.print(
          done,
          List.of(
              "Proposal completed:",
              "  Proposal ID: " + Printable.of(done.proposalId()),
              "  Status: " + Printable.of(done.status())));
    }
  }
}
