package org.agentchat.cli;

import java.util.concurrent.Callable;
import org.agentchat.escrow.contract.EscrowCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "deliver",
    description = {
      "Say in the contract that the work is done, before the deadline: the review begins, and after"
          + " it anyone can release.",
      "For the payee and the operator."
    },
    mixinStandardHelpOptions = true)
final class EscrowDeliverCommand implements Callable<Integer> {
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
          "payee or operator", found.deal().agreement().payee(), found.deal().terms().operator());
      String hash = reference.hash(found, output);
      move.make("deliver", new EscrowCall.Deliver(found.deal().struct(), hash));
      return Exit.OK;
    }
  }
}
