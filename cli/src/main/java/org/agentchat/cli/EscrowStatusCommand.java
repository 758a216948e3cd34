package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Block;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.hooks.evm.Deal;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = {
      "Say what became of a deal's money, in the log and in the contract, and who can do what"
          + " next.",
      "Reads the whole log and asks the chain; nothing is signed."
    },
    mixinStandardHelpOptions = true)
final class EscrowStatusCommand implements Callable<Integer> {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Status(
      @JsonProperty("proposal_id") String proposalId,
      @JsonProperty("escrow_id") String escrowId,
      String contract,
      String amount,
      String token,
      String payer,
      String payee,
      @Nullable String operator,
      String arbiter,
      String log,
      String chain,
      @Nullable Long until,
      @JsonProperty("payer_credit") String payerCredit,
      @JsonProperty("payee_credit") String payeeCredit,
      List<EscrowMoves.Move> moves) {}

  @Mixin private EscrowDealOptions deal;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    try (JsonRpcNode node = deal.node(output)) {
      requireChain(found, node);
      Status status = status(found, node);
      output.print(status, lines(status, found));
      return Exit.OK;
    }
  }

  private static void requireChain(EscrowDeals.Found found, JsonRpcNode node)
      throws ChainException {
    long wanted = found.deal().terms().chain().id();
    long there = node.chainId();
    if (there != wanted) {
      throw new CommandFailure(
          "WRONG_CHAIN",
          Exit.WRONG_CHAIN,
          "The deal's money is on chain %d, the node is on chain %d: name another with --rpc"
              .formatted(wanted, there));
    }
  }

  private static Status status(EscrowDeals.Found found, JsonRpcNode node) throws ChainException {
    EscrowClient escrow = EscrowDealOptions.client(found, node);
    Block head = node.head();
    long number = head.ref().number();
    EscrowTerms terms = found.deal().terms();
    EscrowClient.Status state = escrow.status(found.deal().id(), number);
    Address token = Deal.address(terms.token());
    BigInteger payerCredit =
        escrow.credit(token, Deal.address(found.deal().agreement().payer()), number);
    BigInteger payeeCredit =
        escrow.credit(token, Deal.address(found.deal().agreement().payee()), number);
    return new Status(
        found.deal().proposalId(),
        found.deal().id().hex(),
        terms.escrowContract().toString(),
        terms.amount().toString(),
        terms.token().text(),
        found.deal().agreement().payer().text(),
        found.deal().agreement().payee().text(),
        terms.operator().isZero() ? null : terms.operator().text(),
        terms.arbiter().text(),
        found.escrow().phase().word(),
        state.state().name().toLowerCase(Locale.ROOT),
        state.until() == 0 ? null : state.until(),
        payerCredit.toString(),
        payeeCredit.toString(),
        EscrowMoves.of(!terms.operator().isZero(), terms.deadline(), state, head.time()));
  }

  private static List<String> lines(Status status, EscrowDeals.Found found) {
    EscrowTerms terms = found.deal().terms();
    List<String> lines = new ArrayList<>();
    lines.add("Escrow of " + status.proposalId() + ":");
    lines.add("  Escrow: " + status.escrowId());
    lines.add("  Contract: " + status.contract());
    lines.add(
        "  Amount: %s base units of %s"
            .formatted(
                status.amount(),
                terms.isNativeCoin() ? "the chain's coin" : checksummed(terms.token())));
    lines.add(
        "  Payer: "
            + party(
                found.deal().agreement().payer(),
                found.deal().payer(),
                found.proposal().from().toString()));
    lines.add(
        "  Payee: "
            + party(
                found.deal().agreement().payee(),
                found.deal().payee(),
                found.proposal().to().toString()));
    if (!terms.operator().isZero()) {
      lines.add("  Operator: " + checksummed(terms.operator()));
    }
    lines.add("  Arbiter: " + checksummed(terms.arbiter()));
    lines.add("  In the log: " + inLog(found.escrow()));
    lines.add(
        "  In the contract: "
            + status.chain()
            + (status.until() == null
                ? ""
                : ", its time-out is " + IsoTime.of(status.until() * 1_000)));
    lines.add(
        "  To withdraw: %s for the payer, %s for the payee"
            .formatted(status.payerCredit(), status.payeeCredit()));
    if (status.moves().isEmpty()) {
      lines.add("  Nothing more can be done but to withdraw.");
    } else {
      lines.add("  What can be done:");
      status.moves().forEach(move -> lines.add("    " + move.line()));
    }
    return lines;
  }

  private static String party(EvmAddress wallet, Deal.Binding binding, String agent) {
    return "%s, bound by %s%s"
        .formatted(
            checksummed(wallet),
            agent,
            binding.claimed() ? " (a contract's word, which only the chain can confirm)" : "");
  }

  private static String inLog(Escrow escrow) {
    Escrow.Sighting seen = escrow.ended() == null ? escrow.locked() : escrow.ended();
    return seen == null
        ? escrow.phase().word()
        : "%s since entry %d (block %d)"
            .formatted(escrow.phase().word(), seen.index(), seen.seen().blockNumber());
  }

  private static String checksummed(EvmAddress address) {
    return Deal.address(address).checksummed();
  }
}
