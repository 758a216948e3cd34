package org.agentchat.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Money of deals, in a contract on an EVM chain.
@Command(
    name = "escrow",
    description = "Money of deals, held by a contract on an EVM chain.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes beside those of 'agentchat --help':%n",
    exitCodeList = {
      "20:the contract refuses",
      "21:the node is on another chain",
      "22:a transaction is not done in the time of --wait; run the command again to go on"
    },
    footerHeading = "%nEnvironment:%n",
    footer = "  AGENTCHAT_RPC  the chain's node (default: " + ChainOptions.DEFAULT + ")",
    subcommands = {
      EscrowKeyCommand.class,
      EscrowDeployCommand.class,
      EscrowBindCommand.class,
      EscrowStatusCommand.class,
      EscrowLockCommand.class,
      EscrowDeliverCommand.class,
      EscrowReleaseCommand.class,
      EscrowRefundCommand.class,
      EscrowDisputeCommand.class,
      EscrowResolveCommand.class,
      EscrowWithdrawCommand.class,
      EscrowReconcileCommand.class
    })
final class EscrowCommand implements Runnable {
  private static final String TEXT =
      """
      Escrow commands:

        agentchat escrow key        Make or import a key for the chain
        agentchat escrow deploy     Put the contract on a chain; one serves everybody
        agentchat escrow bind       Say in the log which account is ours
        agentchat escrow status     What became of a deal's money, and who can do what next
        agentchat escrow lock       Pay a deal's amount in, as its payer
        agentchat escrow deliver    Say that the work is done, as payee or operator
        agentchat escrow release    Give all to the payee; after the review anyone can
        agentchat escrow refund     Give all back when the deadline has passed; anyone can
        agentchat escrow dispute    Freeze it for the arbiter
        agentchat escrow resolve    Divide it, as the arbiter; after the arbiter's time anyone can
        agentchat escrow withdraw   Take out what we have gained
        agentchat escrow reconcile  Compare what log and chain say\
      """;

  @Mixin private Output output;

  private record Commands(List<String> commands) {}

  @Override
  public void run() {
    output.print(
        new Commands(
            List.of(
                "key",
                "deploy",
                "bind",
                "status",
                "lock",
                "deliver",
                "release",
                "refund",
                "dispute",
                "resolve",
                "withdraw",
                "reconcile")),
        TEXT.lines().toList());
  }
}
