package org.agentchat.cli;

import java.util.concurrent.Callable;
import org.agentchat.escrow.contract.EscrowCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "refund",
    description = {
      "Give all of an escrow back to the payer: anyone, when nothing was delivered before the"
          + " deadline."
    },
    mixinStandardHelpOptions = true)
final class EscrowRefundCommand implements Callable<Integer> {
  @Option(names = "--cancel", description = "As the payee, and at any time: give the money up.")
  private boolean cancel;

  @Mixin private EscrowDealOptions deal;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    try (ChainSession session = deal.session(found, keys, output)) {
      EscrowMove move = new EscrowMove(found, session, output);
      if (cancel) {
        move.requireRole("payee", found.deal().agreement().payee());
        move.make(
            "cancel", new EscrowCall.Settle(found.deal().struct(), java.math.BigInteger.ZERO));
      } else {
        move.make("refund", new EscrowCall.Refund(found.deal().struct()));
      }
      return Exit.OK;
    }
  }
}
