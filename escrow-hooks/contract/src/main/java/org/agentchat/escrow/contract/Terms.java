package org.agentchat.escrow.contract;

import java.math.BigInteger;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint16;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint32;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.utils.Numeric;

/// What both sides agreed on, as the contract's struct `Terms` has it. Values fit their Solidity
/// types; whether the contract would lock such terms is the contract's to say.
///
/// @param payer who pays, and gets back what the payee does not get
/// @param payee who works and is paid
/// @param operator who may report a delivery, freeze, and release to the payee; the zero address
///   for nobody
/// @param arbiter who decides a dispute
/// @param token an ERC-20 contract, or the zero address for the chain's own coin
/// @param amount what is locked, in base units, 0 to 2^256 - 1
/// @param deadline when the payee must have delivered, in Unix seconds, 0 to 2^63 - 1
/// @param reviewPeriod how long the payer may object after a delivery, in seconds, 0 to 2^32 - 1
/// @param disputePeriod how long the arbiter may take, in seconds, 0 to 2^32 - 1
/// @param silentBps the payee's share when the arbiter stays silent, in 1/10,000, 0 to 65,535
/// @param proposal 32 bytes that commit to the signed proposal and its signed acceptance
public record Terms(
    String payer,
    String payee,
    String operator,
    String arbiter,
    String token,
    BigInteger amount,
    long deadline,
    long reviewPeriod,
    long disputePeriod,
    int silentBps,
    String proposal) {

  /// How many words of 32 bytes they are in the ABI.
  static final int WORDS = 11;

  /// @throws IllegalArgumentException when a value does not fit
  public Terms {
    Hex.requireAddress("payer", payer);
    Hex.requireAddress("payee", payee);
    Hex.requireAddress("operator", operator);
    Hex.requireAddress("arbiter", arbiter);
    Hex.requireAddress("token", token);
    Hex.requireBytes32("proposal", proposal);
    if (amount.signum() < 0 || amount.bitLength() > 256) {
      throw new IllegalArgumentException("amount must be 0 to 2^256 - 1, not " + amount);
    }
    requireWithin("deadline", deadline, Long.MAX_VALUE);
    requireWithin("reviewPeriod", reviewPeriod, 0xFFFF_FFFFL);
    requireWithin("disputePeriod", disputePeriod, 0xFFFF_FFFFL);
    requireWithin("silentBps", silentBps, 0xFFFF);
  }

  private static void requireWithin(String name, long value, long maximum) {
    if (value < 0 || value > maximum) {
      throw new IllegalArgumentException(name + " must be 0 to " + maximum + ", not " + value);
    }
  }

  /// Whether the payment is in the chain's own coin.
  public boolean isNative() {
    return token.equals(Hex.ZERO_ADDRESS);
  }

  StaticStruct encoded() {
    return new StaticStruct(
        new Address(payer),
        new Address(payee),
        new Address(operator),
        new Address(arbiter),
        new Address(token),
        new Uint256(amount),
        new Uint64(deadline),
        new Uint32(reviewPeriod),
        new Uint32(disputePeriod),
        new Uint16(silentBps),
        new Bytes32(Numeric.hexStringToByteArray(proposal)));
  }

  /// Reads the eleven words from `first` on.
  static Terms decoded(Words words, int first) {
    return new Terms(
        words.address(first),
        words.address(first + 1),
        words.address(first + 2),
        words.address(first + 3),
        words.address(first + 4),
        words.uint(first + 5),
        words.number(first + 6),
        words.number(first + 7),
        words.number(first + 8),
        (int) words.number(first + 9),
        words.bytes32(first + 10));
  }
}
