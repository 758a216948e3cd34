package org.agentchat.cli;

import java.math.BigInteger;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Token;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.evm.Deal;
import org.agentchat.hooks.evm.WalletCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "lock",
    description = {
      "Pay the amount of an accepted deal into its escrow, as its payer.",
      "A token is approved first, for exactly the amount."
    },
    mixinStandardHelpOptions = true)
final class EscrowLockCommand implements Callable<Integer> {
  private static final String STEP = "lock";

  @Mixin private EscrowDealOptions deal;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    try (ChainSession session = deal.session(found, keys, output)) {
      EscrowMove move = new EscrowMove(found, session, output);
      move.requireRole("payer", found.deal().agreement().payer());
      EscrowClient escrow = move.escrow();
      if (!escrow.isGenuine()) {
        throw new CommandFailure(
            "NOT_GENUINE",
            Exit.FAILED,
            "The code at %s is not this build's AgentEscrow: no money goes there"
                .formatted(escrow.address()));
      }
      Optional<String> stranger =
          new WalletCheck(session.node(), deal.log(output)).problem(found.deal());
      if (stranger.isPresent()) {
        throw new CommandFailure("WALLET", Exit.FAILED, "Not locked: " + stranger.get());
      }
      if (!found.deal().terms().isNativeCoin() && !isPaid(found, session, escrow)) {
        approve(found, session, escrow);
      }
      move.make(STEP, new EscrowCall.Lock(found.deal().struct()));
      return Exit.OK;
    }
  }

  /// Whether the money is in or on its way, so that an approval would be for nothing.
  private static boolean isPaid(EscrowDeals.Found found, ChainSession session, EscrowClient escrow)
      throws ChainException, SQLException {
    long head = session.node().head().ref().number();
    return session.isSent(EscrowDealOptions.key(found, STEP))
        || escrow.status(found.deal().id(), head).state() != EscrowState.NONE;
  }

  private void approve(EscrowDeals.Found found, ChainSession session, EscrowClient escrow)
      throws ChainException, SQLException, InterruptedException {
    String approvals = EscrowDealOptions.key(found, "approve/");
    Optional<Request> underWay = session.underWay(approvals);
    if (underWay.isPresent()) {
      session.bring(underWay.get());
    }
    Token token = new Token(session.node(), Deal.address(found.deal().terms().token()));
    BigInteger amount = found.deal().terms().amount().units();
    Address payer = session.signer().address();
    long head = session.node().head().ref().number();
    if (token.allowance(payer, escrow.address(), head).compareTo(amount) >= 0) {
      return;
    }
    String key = approvals + session.node().nonceAt(payer, head);
    Request approval = token.approval(key, payer, escrow.address(), amount);
    session.bring(approval);
  }
}
