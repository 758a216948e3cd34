package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "dispute",
    description = "Say that the other side of an accepted proposal is at fault.",
    mixinStandardHelpOptions = true)
final class DisputeCommand implements Runnable {
  @Mixin private DealOptions deal;

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "<reason>",
      description = "Why; several words are joined by spaces.")
  private List<String> reason;

  @Mixin private Output output;

  @Override
  public void run() {
    Statement.Dispute dispute = new Statement.Dispute(deal.proposalId(), String.join(" ", reason));
    try (AgentChatClient client = deal.connect(output)) {
      ServerMessage.Dispute done = Refusals.done(client.dispute(dispute));
      output.print(
          done,
          List.of(
              "Proposal disputed:",
              "  Proposal ID: " + Printable.of(done.proposalId()),
              "  Status: " + Printable.of(done.status()),
              "  Reason: " + Printable.of(done.reason())));
    }
  }
}
