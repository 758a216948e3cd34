package org.agentchat.escrow.chain;

import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;

/// Calls as bytes, by web3j.
final class Abi {
  private Abi() {}

  @SuppressWarnings("rawtypes") // As web3j's encoder wants it.
  static String call(String function, List<Type<?>> arguments) {
    return FunctionEncoder.encode(new Function(function, List.<Type>copyOf(arguments), List.of()));
  }

  static org.web3j.abi.datatypes.Address address(Address address) {
    return new org.web3j.abi.datatypes.Address(address.hex());
  }
}
