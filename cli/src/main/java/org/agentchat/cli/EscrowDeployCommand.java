package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
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

  /// What the names of all deployments begin with.
  private static final String KEY = "deploy/";

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
        Inclusion done = session.bring(request(session, node, signer.address()));
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

  /// A deployment that an earlier command has sent is the one that is meant; a contract costs much.
  private static Request request(ChainSession session, JsonRpcNode node, Address deployer)
      throws ChainException, SQLException {
    Optional<Request> underWay = session.underWay(KEY);
    if (underWay.isPresent()) {
      return underWay.get();
    }
    long nonce = node.nonceAt(deployer, node.head().ref().number());
    return EscrowClient.deployment(KEY + nonce, deployer);
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
