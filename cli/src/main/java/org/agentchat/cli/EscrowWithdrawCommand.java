package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainLog;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Inclusion;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Receipt;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowEvent;
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
      try (ChainSession session = ChainSession.open(chain, signer, node, chainId, home, output)) {
        Address receiver = Optional.ofNullable(to).orElse(signer.address());
        Inclusion done = session.bring(request(session, escrow, receiver));
        print(
            new Withdrawn(
                contract.hex(),
                token.hex(),
                receiver.hex(),
                amount(node, done).toString(),
                done.attempt().hex(),
                done.block().number()));
        return Exit.OK;
      }
    }
  }

  /// A withdrawal that an earlier command has sent is the one that is meant: once it is in a block
  /// there is no credit any more, but the money is not there for good either.
  private Request request(ChainSession session, EscrowClient escrow, Address receiver)
      throws ChainException, SQLException {
    Address account = session.signer().address();
    String withdrawals = "withdraw/%s/%s/%s/".formatted(contract, token, receiver);
    Optional<Request> underWay = session.underWay(withdrawals);
    if (underWay.isPresent()) {
      return underWay.get();
    }
    long head = session.node().head().ref().number();
    if (escrow.credit(token, account, head).signum() == 0) {
      throw new CommandFailure(
          "NOTHING_TO_WITHDRAW",
          Exit.CONTRACT_REFUSED,
          "%s has nothing to withdraw here".formatted(account.checksummed()));
    }
    EscrowCall call =
        receiver.equals(account)
            ? new EscrowCall.Withdraw(token.hex())
            : new EscrowCall.WithdrawTo(token.hex(), receiver.hex());
    String key = withdrawals + session.node().nonceAt(account, head);
    return escrow.request(key, call, account);
  }

  /// What the contract says that it paid.
  private BigInteger amount(JsonRpcNode node, Inclusion done) throws ChainException {
    Receipt receipt =
        node.receipt(done.attempt())
            .orElseThrow(() ->
                new CommandFailure(
                    "NOT_FINAL",
                    Exit.NOT_FINAL,
                    "The node does not show transaction %s any more: ask again later"
                        .formatted(done.attempt())));
    for (ChainLog entry : receipt.logs()) {
      if (entry.address().equals(contract)
          && EscrowClient.event(entry).orElse(null) instanceof EscrowEvent.Withdrawn withdrawn) {
        return withdrawn.amount();
      }
    }
    throw new CommandFailure(
        "NOT_GENUINE",
        Exit.FAILED,
        "%s did not say what it paid: it is no AgentEscrow".formatted(contract));
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
