package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.contract.AgentEscrow;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowEvent;
import org.agentchat.escrow.contract.EscrowState;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.utils.Numeric;

/// One escrow contract on one chain: what it says, and what is wanted of it as a [Request]. Every
/// question is one round trip.
public final class EscrowClient {
  private final ChainNode node;
  private final long chainId;
  private final Address contract;

  /// @param chainId the chain's id at the contract's deployment
  public EscrowClient(ChainNode node, long chainId, Address contract) {
    this.node = node;
    this.chainId = chainId;
    this.contract = contract;
  }

  /// Where an escrow is.
  ///
  /// @param until when its time-out comes, Unix seconds; 0 in a final state and when it was never
  ///   locked
  public record Status(EscrowState state, long until) {}

  /// The contract's address.
  public Address address() {
    return contract;
  }

  /// Whether the code at the address is this build's `AgentEscrow`. Asked before the first payment
  /// to an address that somebody else named: any other code could keep the money.
  public boolean isGenuine() throws ChainException {
    return node.code(contract).equals(AgentEscrow.deployedCode(chainId, contract.hex()));
  }

  /// Where an escrow is, after that block.
  public Status status(Hash escrow, long block) throws ChainException {
    Returned answer = ask("stateOf", List.of(new Bytes32(escrow.bytes())), block);
    try {
      return new Status(EscrowState.of(answer.number(0)), answer.number(1));
    } catch (IllegalArgumentException e) {
      throw new GarbledAnswerException(
          "stateOf of %s answers nonsense: %s".formatted(contract, e.getMessage()), e);
    }
  }

  /// What an account can withdraw, after that block.
  ///
  /// @param token an ERC-20 contract, or [Address#ZERO] for the chain's own coin
  public BigInteger credit(Address token, Address account, long block) throws ChainException {
    return ask("credit", List.of(Abi.address(token), Abi.address(account)), block).uint(0);
  }

  private Returned ask(String function, List<org.web3j.abi.datatypes.Type<?>> arguments, long block)
      throws ChainException {
    String data = Abi.call(function, arguments);
    return Returned.of(function + " of " + contract, node.call(Call.to(contract, data), block));
  }

  /// What a contract reported, if it is something that an `AgentEscrow` reports.
  ///
  /// @throws GarbledAnswerException if it only looks like that
  public static Optional<EscrowEvent> event(ChainLog log) throws GarbledAnswerException {
    try {
      return EscrowEvent.parse(
          new Log(
              false,
              Numeric.encodeQuantity(BigInteger.valueOf(log.index())),
              null,
              log.transaction().hex(),
              log.block().hash().hex(),
              Numeric.encodeQuantity(BigInteger.valueOf(log.block().number())),
              log.address().hex(),
              log.data(),
              null,
              log.topics().stream().map(Hash::hex).toList()));
    } catch (IllegalArgumentException e) {
      throw new GarbledAnswerException(
          "%s reports in block %s what no AgentEscrow reports: %s"
              .formatted(log.address(), log.block(), e.getMessage()),
          e);
    }
  }

  /// A call as a wish.
  ///
  /// @param key names the wish
  public Request request(String key, EscrowCall call, Address sender) {
    return new Request(key, sender, Optional.of(contract), call.value(), call.data());
  }

  /// A new contract as a wish. Its address is [Inclusion#created].
  ///
  /// @param key names the wish
  public static Request deployment(String key, Address sender) {
    return new Request(key, sender, Optional.empty(), BigInteger.ZERO, AgentEscrow.creationCode());
  }
}
