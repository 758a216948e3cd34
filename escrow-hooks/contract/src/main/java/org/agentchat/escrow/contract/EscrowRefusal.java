package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.web3j.crypto.Hash;

/// Why the contract refused a call: one of its errors. A node hands it out as the `data` of the
/// error of `eth_call` and `eth_estimateGas`; a mined transaction that failed does not keep it.
///
/// @param reason which error
/// @param arguments its arguments in order: numbers in decimal, addresses and hashes in hexadecimal
public record EscrowRefusal(Reason reason, List<String> arguments) {

  private static final int SELECTOR_END = 10;

  public EscrowRefusal {
    arguments = List.copyOf(arguments);
  }

  /// Reads what a call failed with.
  ///
  /// @param data `0x` and digits: selector and arguments
  /// @return empty when it is none of the contract's errors, for example a token's own
  public static Optional<EscrowRefusal> parse(String data) {
    if (data.length() < SELECTOR_END) {
      return Optional.empty();
    }
    String selector = data.substring(0, SELECTOR_END);
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.selector.equals(selector))
        .findFirst()
        .flatMap(reason -> reason.parse("0x" + data.substring(SELECTOR_END)));
  }

  /// For example `TooEarly(1796000000)`.
  @Override
  public String toString() {
    return reason.solidityName() + "(" + String.join(", ", arguments) + ")";
  }

  /// The contract's errors and those of the libraries in it.
  public enum Reason {
    /// Payer, payee or arbiter is zero or the contract itself.
    INVALID_PARTY("InvalidParty(address)"),
    /// One account in two roles that must not be one.
    SAME_PARTY("SameParty(address)"),
    /// Zero or too large.
    INVALID_AMOUNT("InvalidAmount(uint256)"),
    /// Not in the future, or too far.
    INVALID_DEADLINE("InvalidDeadline(uint64)"),
    /// Zero or too long.
    INVALID_PERIOD("InvalidPeriod(uint32)"),
    /// The silent share is above a whole.
    INVALID_SHARE("InvalidShare(uint16)"),
    /// The token has no code, or none is named where one must be.
    INVALID_TOKEN("InvalidToken(address)"),
    /// Other coin was sent than wanted.
    WRONG_VALUE("WrongValue(uint256,uint256)"),
    /// The token moved another amount than agreed.
    WRONG_TRANSFER("WrongTransfer(uint256,uint256)"),
    /// These terms were locked before: success, for whoever wanted to lock them.
    EXISTS("Exists(bytes32)"),
    /// Impossible in this state.
    WRONG_STATE("WrongState(bytes32,uint8)"),
    /// The caller has no such right.
    NOT_ALLOWED("NotAllowed(address)"),
    /// Possible from this second on.
    TOO_EARLY("TooEarly(uint64)"),
    /// Was possible before this second.
    TOO_LATE("TooLate(uint64)"),
    /// The payee's part is more than there is.
    SHARE_TOO_LARGE("ShareTooLarge(uint256,uint256)"),
    /// Not this account's signature.
    INVALID_SIGNATURE("InvalidSignature(address)"),
    /// No credit in this token.
    NOTHING_TO_WITHDRAW("NothingToWithdraw(address,address)"),
    /// Nobody can receive there.
    INVALID_RECEIVER("InvalidReceiver(address)"),
    /// A called contract, such as a hostile token, called back.
    REENTRANCY_GUARD_REENTRANT_CALL("ReentrancyGuardReentrantCall()"),
    /// The token refused, or answered that it did not do it.
    SAFE_ERC20_FAILED_OPERATION("SafeERC20FailedOperation(address)"),
    /// The receiver of coin refused it without a reason.
    FAILED_CALL("FailedCall()"),
    /// The contract has less coin than it owes, which cannot be.
    INSUFFICIENT_BALANCE("InsufficientBalance(uint256,uint256)");

    private final String signature;
    private final String selector;

    Reason(String signature) {
      this.signature = signature;
      this.selector = Hash.sha3String(signature).substring(0, SELECTOR_END);
    }

    String signature() {
      return signature;
    }

    private String solidityName() {
      return signature.substring(0, signature.indexOf('('));
    }

    private List<String> types() {
      String types = signature.substring(signature.indexOf('(') + 1, signature.length() - 1);
      return types.isEmpty() ? List.of() : List.of(types.split(",", -1));
    }

    private Optional<EscrowRefusal> parse(String data) {
      List<String> types = types();
      if (!Words.areIn(data, types.size())) {
        return Optional.empty();
      }
      Words words = new Words(data);
      List<String> arguments = new ArrayList<>();
      for (int index = 0; index < types.size(); index++) {
        arguments.add(argument(types.get(index), words.uint(index), words.bytes32(index)));
      }
      return Optional.of(new EscrowRefusal(this, arguments));
    }

    /// A hostile token may say anything, so nothing is taken for granted here.
    private static String argument(String type, BigInteger number, String word) {
      return switch (type) {
        case "address" -> number.bitLength() > 160 ? word : "0x" + word.substring(26);
        case "bytes32" -> word;
        case "uint8" -> state(number);
        default -> number.toString();
      };
    }

    private static String state(BigInteger number) {
      if (number.bitLength() > 8 || number.intValue() >= EscrowState.values().length) {
        return number.toString();
      }
      String name = EscrowState.of(number.intValue()).name();
      return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
  }
}
