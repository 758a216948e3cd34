package org.agentchat.cli;

import java.util.concurrent.Callable;
import org.agentchat.escrow.contract.EscrowCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "release",
    description = {
      "Give all of an escrow to the payee: the payer at any time, the operator before the deadline"
          + " or during the review, anyone after the review."
    },
    mixinStandardHelpOptions = true)
final class EscrowReleaseCommand implements Callable<Integer> {
  @Mixin private EscrowDealOptions deal;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    try (ChainSession session = deal.session(found, keys, output)) {
      new EscrowMove(found, session, output)
          .make("release", new EscrowCall.Release(found.deal().struct()));
      return Exit.OK;
    }
  }
}
