package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.Optional;

/// A call that a node tries without anything being changed.
///
/// @param from who would make it
/// @param to the contract; absent to make a new one
/// @param value native coin that goes with it, wei
/// @param data the call, `0x` and hexadecimal digits
public record Call(Optional<Address> from, Optional<Address> to, BigInteger value, String data) {
  /// A question to a contract.
  public static Call to(Address contract, String data) {
    return new Call(Optional.empty(), Optional.of(contract), BigInteger.ZERO, data);
  }

  static Call of(Request request) {
    return new Call(Optional.of(request.sender()), request.to(), request.value(), request.data());
  }
}
