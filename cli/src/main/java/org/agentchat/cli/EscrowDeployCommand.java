package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Inclusion;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Signer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "deploy",
    description = {
      "Put the escrow contract on a chain. It belongs to nobody and serves everybody, so one on"
          + " each chain is enough."
    },
    mixinStandardHelpOptions = true)
final class EscrowDeployCommand implements Callable<Integer> {
  private record Deployed(
      String chain, String contract, @JsonProperty("first_block") long firstBlock, String tx) {}

  @Mixin private ChainOptions chain;
  @Mixin private KeyOptions keys;
  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    Signer signer = keys.signer();
    try (JsonRpcNode node = chain.node(output)) {
      long chainId = node.chainId();
      try (ChainSession session = ChainSession.open(chain, signer, node, chainId, home, output)) {
        // As long as the account's count does not move, the same command is the same deployment.
        long nonce = node.nonceAt(signer.address(), node.head().ref().number());
        Request request = EscrowClient.deployment("deploy/" + nonce, signer.address());
        Inclusion done = session.bring(request);
        Address contract = done.created().orElseThrow();
        if (!new EscrowClient(node, chainId, contract).isGenuine()) {
          throw new CommandFailure(
              "NOT_GENUINE",
              Exit.FAILED,
              "What stands at %s is not what was sent: this node or chain is not to be trusted"
                  .formatted(contract));
        }
        print(
            new Deployed(
                "eip155:" + chainId, contract.hex(), done.block().number(), done.attempt().hex()));
        return Exit.OK;
      }
    }
  }

  private void print(Deployed deployed) {
    output.print(
        deployed,
        List.of(
            "Escrow contract deployed:",
            "  Chain: " + deployed.chain(),
            "  Contract: " + deployed.contract(),
            "  Block: " + deployed.firstBlock(),
            "  Transaction: " + deployed.tx()));
  }
}
