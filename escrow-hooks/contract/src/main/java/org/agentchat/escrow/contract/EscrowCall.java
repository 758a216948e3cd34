package org.agentchat.escrow.contract;

import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.utils.Numeric;

/// One call of the contract that changes something. Who may make it, and when, says the contract's
/// source.
public sealed interface EscrowCall {

  /// The name of the contract's function.
  String function();

  /// What is passed, as the ABI wants it.
  List<Type<?>> parameters();

  /// The transaction's data: selector and parameters, as `0x` and digits.
  @SuppressWarnings("rawtypes") // web3j wants a list of these
  default String data() {
    List<Type> parameters = List.copyOf(parameters());
    return FunctionEncoder.encode(new Function(function(), parameters, List.of()));
  }

  /// The chain's own coin that must go with it, in its base unit: the amount for a [Lock] without a
  /// token, otherwise 0.
  default BigInteger value() {
    return BigInteger.ZERO;
  }

  /// The payer pays in.
  record Lock(Terms terms) implements EscrowCall {
    @Override
    public String function() {
      return "lock";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded());
    }

    @Override
    public BigInteger value() {
      return terms.isNative() ? terms.amount() : BigInteger.ZERO;
    }
  }

  /// Anyone pays a payer's tokens in, with its signature and its allowance.
  ///
  /// @param payerSignature over the terms' id: 65 bytes, or what an ERC-1271 contract wants
  record LockFor(Terms terms, String payerSignature) implements EscrowCall {
    public LockFor {
      Hex.requireBytes("payerSignature", payerSignature);
    }

    @Override
    public String function() {
      return "lockFor";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded(), bytes(payerSignature));
    }
  }

  /// Payee or operator say that the work is done.
  record Deliver(Terms terms, String proofHash) implements EscrowCall {
    public Deliver {
      Hex.requireBytes32("proofHash", proofHash);
    }

    @Override
    public String function() {
      return "deliver";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded(), bytes32(proofHash));
    }
  }

  /// All to the payee: by the payer, the operator, or anyone after the review.
  record Release(Terms terms) implements EscrowCall {
    @Override
    public String function() {
      return "release";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded());
    }
  }

  /// All to the other party: the payer gives the whole amount, or the payee 0, which cancels.
  record Settle(Terms terms, BigInteger toPayee) implements EscrowCall {
    @Override
    public String function() {
      return "settle";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded(), new Uint256(toPayee));
    }
  }

  /// Any division that both parties signed, as EIP-712 `Settlement(bytes32 escrow,uint256
  /// toPayee,uint64 notAfter)`.
  ///
  /// @param notAfter the last Unix second at which the signatures count
  record SettleSigned(
      Terms terms, BigInteger toPayee, long notAfter, String payerSignature, String payeeSignature)
      implements EscrowCall {
    public SettleSigned {
      Hex.requireBytes("payerSignature", payerSignature);
      Hex.requireBytes("payeeSignature", payeeSignature);
    }

    @Override
    public String function() {
      return "settleSigned";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(
          terms.encoded(),
          new Uint256(toPayee),
          new Uint64(notAfter),
          bytes(payerSignature),
          bytes(payeeSignature));
    }
  }

  /// All back to the payer: by anyone when nothing was delivered by the deadline.
  record Refund(Terms terms) implements EscrowCall {
    @Override
    public String function() {
      return "refund";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded());
    }
  }

  /// Payer, payee or operator freeze it for the arbiter.
  record Dispute(Terms terms, String reasonHash) implements EscrowCall {
    public Dispute {
      Hex.requireBytes32("reasonHash", reasonHash);
    }

    @Override
    public String function() {
      return "dispute";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded(), bytes32(reasonHash));
    }
  }

  /// The arbiter divides.
  record Resolve(Terms terms, BigInteger toPayee, String verdictHash) implements EscrowCall {
    public Resolve {
      Hex.requireBytes32("verdictHash", verdictHash);
    }

    @Override
    public String function() {
      return "resolve";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded(), new Uint256(toPayee), bytes32(verdictHash));
    }
  }

  /// Anyone divides by the agreed share when the arbiter's time is over.
  record ResolveSilent(Terms terms) implements EscrowCall {
    @Override
    public String function() {
      return "resolveSilent";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(terms.encoded());
    }
  }

  /// The caller takes its credit.
  ///
  /// @param token an ERC-20 contract, or the zero address for the chain's own coin
  record Withdraw(String token) implements EscrowCall {
    public Withdraw {
      Hex.requireAddress("token", token);
    }

    @Override
    public String function() {
      return "withdraw";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(new Address(token));
    }
  }

  /// The caller takes its credit to another account.
  record WithdrawTo(String token, String to) implements EscrowCall {
    public WithdrawTo {
      Hex.requireAddress("token", token);
      Hex.requireAddress("to", to);
    }

    @Override
    public String function() {
      return "withdrawTo";
    }

    @Override
    public List<Type<?>> parameters() {
      return List.of(new Address(token), new Address(to));
    }
  }

  private static Bytes32 bytes32(String hex) {
    return new Bytes32(Numeric.hexStringToByteArray(hex));
  }

  private static DynamicBytes bytes(String hex) {
    return new DynamicBytes(Numeric.hexStringToByteArray(hex));
  }
}
