package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Inclusion;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.contract.EscrowCall;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "withdraw",
    description = "Take out of the contract all that the key's account has gained in one token.",
    mixinStandardHelpOptions = true)
final class EscrowWithdrawCommand implements Callable<Integer> {
  private record Withdrawn(
      String contract,
      String token,
      String to,
      String amount,
      String tx,
      @JsonProperty("block_number") long blockNumber) {}

  @Option(
      names = "--contract",
      paramLabel = "<address>",
      required = true,
      converter = AddressConverter.class,
      description = "The escrow contract.")
  private Address contract = Address.ZERO;

  @Option(
      names = "--token",
      paramLabel = "<address>",
      converter = AddressConverter.class,
      description = "The token (default: the chain's own coin).")
  private Address token = Address.ZERO;

  @Option(
      names = "--to",
      paramLabel = "<address>",
      converter = AddressConverter.class,
      description = "Who gets it (default: the key's own account).")
  private @Nullable Address to;

  @Mixin private ChainOptions chain;
  @Mixin private KeyOptions keys;
  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    Signer signer = keys.signer();
    try (JsonRpcNode node = chain.node(output)) {
      long chainId = node.chainId();
      EscrowClient escrow = new EscrowClient(node, chainId, contract);
      long head = node.head().ref().number();
      BigInteger credit = escrow.credit(token, signer.address(), head);
      if (credit.signum() == 0) {
        throw new CommandFailure(
            "NOTHING_TO_WITHDRAW",
            Exit.CONTRACT_REFUSED,
            "%s has nothing to withdraw here".formatted(signer.address().checksummed()));
      }
      try (ChainSession session = ChainSession.open(chain, signer, node, chainId, home, output)) {
        Address receiver = Optional.ofNullable(to).orElse(signer.address());
        EscrowCall call =
            receiver.equals(signer.address())
                ? new EscrowCall.Withdraw(token.hex())
                : new EscrowCall.WithdrawTo(token.hex(), receiver.hex());
        String key =
            "withdraw/%s/%s/%s/%d"
                .formatted(contract, token, receiver, node.nonceAt(signer.address(), head));
        Inclusion done = session.bring(escrow.request(key, call, signer.address()));
        print(
            new Withdrawn(
                contract.hex(),
                token.hex(),
                receiver.hex(),
                credit.toString(),
                done.attempt().hex(),
                done.block().number()));
        return Exit.OK;
      }
    }
  }

  private void print(Withdrawn withdrawn) {
    output.print(
        withdrawn,
        List.of(
            "Withdrawn:",
            "  Amount: " + withdrawn.amount() + " base units",
            "  To: " + withdrawn.to(),
            "  Transaction: " + withdrawn.tx(),
            "  Block: " + withdrawn.blockNumber()));
  }
}
