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
  @Mixin private RelayOptions relay;
  @Mixin private ProposalArgument proposal;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "<reason>",
      description = "Why.")
  private @Nullable String reason;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connectSigned(output)) {
      ServerMessage.Reject done =
          Refusals.done(client.reject(new Statement.Reject(proposal.id(), reason)));
      output.print(
          done,
          List.of(
              "Proposal rejected:",
              "  Proposal ID: " + Printable.of(done.proposalId()),
              "  Status: " + Printable.of(done.status())));
    }
  }
}
