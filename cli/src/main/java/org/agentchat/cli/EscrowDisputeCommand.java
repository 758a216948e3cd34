package org.agentchat.cli;

import java.util.concurrent.Callable;
import org.agentchat.escrow.contract.EscrowCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "dispute",
    description = {
      "Freeze an escrow for the arbiter, before the deadline or during the review.",
      "For payer, payee and operator."
    },
    mixinStandardHelpOptions = true)
final class EscrowDisputeCommand implements Callable<Integer> {
  @Mixin private ReferenceOption reference;
  @Mixin private EscrowDealOptions deal;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    try (ChainSession session = deal.session(found, keys, output)) {
      EscrowMove move = new EscrowMove(found, session, output);
      move.requireRole(
          "payer, payee or operator",
          found.deal().agreement().payer(),
          found.deal().agreement().payee(),
          found.deal().terms().operator());
      String hash = reference.hash(found, output);
      move.make("dispute", new EscrowCall.Dispute(found.deal().struct(), hash));
      return Exit.OK;
    }
  }
}
