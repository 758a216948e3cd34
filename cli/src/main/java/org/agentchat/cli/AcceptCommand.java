package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "accept", description = "Accept a proposal.", mixinStandardHelpOptions = true)
final class AcceptCommand implements Runnable {
  @Mixin private DealOptions deal;

  @Option(
      names = {"-p", "--payment-code"},
      paramLabel = "<code>",
      description = "Our payment code or address, to be paid.")
  private @Nullable String paymentCode;

  @Option(
      names = {"-s", "--elo-stake"},
      paramLabel = "<n>",
      converter = StakeConverter.class,
      description = "Rating points that we put at risk.")
  private @Nullable Integer stake;

  @Mixin private Output output;

  @Override
  public void run() {
    Statement.Accept accept = new Statement.Accept(deal.proposalId(), paymentCode, stake);
    try (AgentChatClient client = deal.connect(output)) {
      ServerMessage.Accept done = Refusals.done(client.accept(accept));
      output.print(done, lines(done));
    }
  }

  static List<String> lines(ServerMessage.Accept done) {
    List<String> lines = new ArrayList<>();
    lines.add("Proposal accepted:");
    lines.add("  Proposal ID: " + Printable.of(done.proposalId()));
    lines.add("  Status: " + Printable.of(done.status()));
    if (done.proposerStake() != null && done.proposerStake() != 0) {
      lines.add("  Proposer Stake: " + done.proposerStake() + " ELO");
    }
    if (done.acceptorStake() != null && done.acceptorStake() != 0) {
      lines.add("  Your Stake: " + done.acceptorStake() + " ELO");
    }
    return lines;
  }
}
