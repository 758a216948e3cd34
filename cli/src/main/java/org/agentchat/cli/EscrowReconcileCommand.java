package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Block;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.hooks.evm.Difference;
import org.agentchat.hooks.evm.Reconciler;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "reconcile",
    description = {
      "Compare what the log says of a contract's escrows with what the contract says, of all deals"
          + " that the log still remembers. The chain is right.",
      "Exit code 3 when anything differs."
    },
    mixinStandardHelpOptions = true)
final class EscrowReconcileCommand implements Callable<Integer> {
  private record Line(
      @JsonProperty("proposal_id") String proposalId,
      @JsonProperty("escrow_id") String escrowId,
      String log,
      String chain,
      String kind) {
    static Line of(Difference difference) {
      return new Line(
          difference.proposalId(),
          difference.escrow().text(),
          difference.phase().word(),
          difference.state().name().toLowerCase(Locale.ROOT),
          difference.kind().name().toLowerCase(Locale.ROOT));
    }
  }

  private record Compared(long block, int escrows, List<Line> differences) {}

  @Option(
      names = "--contract",
      paramLabel = "<address>",
      required = true,
      converter = AddressConverter.class,
      description = "The escrow contract.")
  private Address contract = Address.ZERO;

  @Mixin private LedgerOption ledger;
  @Mixin private ChainOptions chain;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    try (JsonRpcNode node = chain.node(output)) {
      long chainId = node.chainId();
      EscrowContract named =
          new EscrowContract(new EvmChain(chainId), new EvmAddress(contract.hex()));
      Reconciler reconciler = new Reconciler(named, new EscrowClient(node, chainId, contract));
      List<Reconciler.Entry> entries =
          reconciler.entries(EscrowDeals.fold(new LedgerLog(ledger.api(output))));
      long block = last(node);
      List<Difference> differences = reconciler.compare(entries, block);
      print(block, entries.size(), differences);
      return differences.isEmpty() ? Exit.OK : Exit.DIFFERENCE;
    }
  }

  private long last(JsonRpcNode node) throws ChainException {
    Block head = node.head();
    return switch (chain.finality(output)) {
      case Finality.Depth(int blocks) -> Math.max(0, head.ref().number() - blocks);
      case Finality.Tag() -> node.finalized().map(block -> block.ref().number()).orElse(0L);
    };
  }

  private void print(long block, int escrows, List<Difference> differences) {
    List<String> lines = new ArrayList<>();
    lines.add("%d escrow(s) compared at block %d".formatted(escrows, block));
    differences.forEach(difference -> lines.add("  " + difference.sentence()));
    lines.add(differences.isEmpty() ? "Log and chain agree." : "Log and chain differ.");
    output.print(new Compared(block, escrows, differences.stream().map(Line::of).toList()), lines);
  }
}
