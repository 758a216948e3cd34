package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reject", description = "Reject a proposal.", mixinStandardHelpOptions = true)
final class RejectCommand implements Runnable {
  @Mixin private DealOptions deal;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "<reason>",
      description = "Why.")
  private @Nullable String reason;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = deal.connect(output)) {
      ServerMessage.Reject done =
          Refusals.done(client.reject(new Statement.Reject(deal.proposalId(), reason)));
      output.print(
          done,
          List.of(
              "Proposal rejected:",
              "  Proposal ID: " + Printable.of(done.proposalId()),
              "  Status: " + Printable.of(done.status())));
    }
  }
}
