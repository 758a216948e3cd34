package org.agentchat.escrow.contract;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthGetCode;
import org.web3j.utils.Numeric;

/// One deployed contract, for reading. What changes something is an [EscrowCall], which somebody
/// with a key and a nonce sends.
///
/// Every method is one round trip and throws [IOException] when the node does not answer or answers
/// with an error.
public final class AgentEscrow {

  private final Web3j web3j;
  private final String address;

  /// @param web3j a client of the contract's chain
  /// @param address the contract's
  public AgentEscrow(Web3j web3j, String address) {
    Hex.requireAddress("address", address);
    this.web3j = web3j;
    this.address = address;
  }

  /// What a transaction without a receiver sends to deploy another one: `0x` and digits. There are
  /// no constructor parameters.
  public static String creationCode() {
    return Artifact.load().creationCode();
  }

  /// What stands at the address of a contract that was deployed from [#creationCode]: `0x` and
  /// digits.
  ///
  /// @param chainId the chain's id at deployment
  public static String deployedCode(long chainId, String address) {
    return DeployedCode.of(Artifact.load(), new EscrowDomain(chainId, address));
  }

  /// The contract's address.
  public String address() {
    return address;
  }

  /// Whether the code at the address is exactly that of this build's `AgentEscrow`, deployed there.
  /// Ask before the first payment to an address that somebody else named: any other code could keep
  /// the money.
  ///
  /// @param chainId the chain's id at deployment
  public boolean isGenuine(long chainId, DefaultBlockParameter block) throws IOException {
    EthGetCode answer = web3j.ethGetCode(address, block).send();
    if (answer.hasError()) {
      throw new IOException("eth_getCode of " + address + ": " + answer.getError().getMessage());
    }
    return deployedCode(chainId, address).equals(answer.getCode());
  }

  /// Where an escrow is.
  ///
  /// @param escrow its id
  public Status status(String escrow, DefaultBlockParameter block) throws IOException {
    Hex.requireBytes32("escrow", escrow);
    Words words =
        call("stateOf", List.of(new Bytes32(Numeric.hexStringToByteArray(escrow))), 2, block);
    return new Status(EscrowState.of(words.number(0)), words.number(1));
  }

  /// Where an escrow is.
  ///
  /// @param until when its time-out comes, in Unix seconds: the deadline, the end of the review or
  ///   of the dispute; 0 in a final state and when it was never locked
  public record Status(EscrowState state, long until) {}

  /// What an account can withdraw, in base units.
  ///
  /// @param token an ERC-20 contract, or the zero address for the chain's own coin
  public BigInteger credit(String token, String account, DefaultBlockParameter block)
      throws IOException {
    return call("credit", List.of(new Address(token), new Address(account)), 1, block).uint(0);
  }

  @SuppressWarnings("rawtypes") // web3j wants a list of these
  private Words call(
      String function, List<Type<?>> parameters, int words, DefaultBlockParameter block)
      throws IOException {
    String data =
        FunctionEncoder.encode(new Function(function, List.<Type>copyOf(parameters), List.of()));
    EthCall answer =
        web3j.ethCall(Transaction.createEthCallTransaction(null, address, data), block).send();
    if (answer.hasError()) {
      throw new IOException(function + " of " + address + ": " + answer.getError().getMessage());
    }
    Words result = new Words(answer.getValue());
    if (result.count() != words) {
      throw new IOException(
          function + " of " + address + " answered " + answer.getValue() + ": no such contract?");
    }
    return result;
  }
}
