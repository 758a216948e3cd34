package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint8;
import org.web3j.utils.Numeric;

/// The data of calls of the test contracts.
final class Calls {

  private Calls() {}

  static String balanceOf(String account) {
    return encode("balanceOf", new Address(account));
  }

  static String mint(String to, BigInteger amount) {
    return encode("mint", new Address(to), new Uint256(amount));
  }

  static String approve(String spender, BigInteger amount) {
    return encode("approve", new Address(spender), new Uint256(amount));
  }

  static String transfer(String to, BigInteger amount) {
    return encode("transfer", new Address(to), new Uint256(amount));
  }

  static String arm(String target, String data) {
    return encode("arm", new Address(target), bytes(data));
  }

  static String become(int mood) {
    return encode("become", new Uint8(mood));
  }

  static String becomeGreedy() {
    return encode("become", new Bool(true));
  }

  static String refuse(boolean refusing) {
    return encode("refuse", new Bool(refusing));
  }

  static String sign(boolean signing) {
    return encode("sign", new Bool(signing));
  }

  static String execute(String target, BigInteger value, String data) {
    return encode("execute", new Address(target), new Uint256(value), bytes(data));
  }

  /// A view of the escrow contract.
  static String id(Terms terms) {
    return encode("id", terms.encoded());
  }

  static String calls() {
    return encode("calls");
  }

  static String successes() {
    return encode("successes");
  }

  static String look(String escrow, List<String> tokens, List<String> accounts, List<String> ids) {
    return encode(
        "look",
        new Address(escrow),
        addresses(tokens),
        addresses(accounts),
        new DynamicArray<>(
            Bytes32.class,
            ids.stream().map(id -> new Bytes32(Numeric.hexStringToByteArray(id))).toList()));
  }

  private static DynamicArray<Address> addresses(List<String> addresses) {
    return new DynamicArray<>(Address.class, addresses.stream().map(Address::new).toList());
  }

  private static DynamicBytes bytes(String hex) {
    return new DynamicBytes(Numeric.hexStringToByteArray(hex));
  }

  @SuppressWarnings("rawtypes") // web3j wants a list of these
  private static String encode(String function, Type... parameters) {
    return FunctionEncoder.encode(new Function(function, List.of(parameters), List.of()));
  }
}
