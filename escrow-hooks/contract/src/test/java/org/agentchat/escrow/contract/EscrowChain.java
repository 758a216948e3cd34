package org.agentchat.escrow.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.escrow.devchain.Anvil;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.response.EthGetTransactionReceipt;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/// A local chain with one escrow contract on it, where each call is a block and time stands still
/// unless a test moves it. Gas is free, so that a balance says what was paid.
///
/// Each call is asked first (`eth_call`, which tells why it fails) and then mined, and both must
/// agree.
final class EscrowChain {

  /// The first block's time, in Unix seconds.
  static final long START = 1_900_000_000L;

  static final String PAYER = Anvil.key(0).getAddress();
  static final String PAYEE = Anvil.key(1).getAddress();
  static final String OPERATOR = Anvil.key(2).getAddress();
  static final String ARBITER = Anvil.key(3).getAddress();
  static final String STRANGER = Anvil.key(4).getAddress();

  /// Owns nothing in any test; deploys.
  private static final String DEPLOYER = Anvil.key(9).getAddress();

  private static final BigInteger GAS = BigInteger.valueOf(6_000_000);

  private final Anvil anvil;
  private final String contract;
  private long now = START;

  /// Deploys.
  ///
  /// @param anvil see [#startAnvil]
  /// @param creationCode of the contract under test
  EscrowChain(Anvil anvil, String creationCode) {
    this.anvil = anvil;
    this.contract = deploy(creationCode);
  }

  /// Starts a chain whose first block has the time [#START].
  static Anvil startAnvil() {
    return Anvil.start(
        "--no-mining", "--block-base-fee-per-gas", "0", "--timestamp", Long.toString(START));
  }

  String contract() {
    return contract;
  }

  EscrowDomain domain() {
    return new EscrowDomain(Anvil.CHAIN_ID, contract);
  }

  /// For reading what is.
  AgentEscrow escrow() {
    return new AgentEscrow(anvil.web3j(), contract);
  }

  Anvil anvil() {
    return anvil;
  }

  /// The time of the next block.
  long now() {
    return now;
  }

  /// Sets the time of the next block.
  void at(long time) {
    if (time < now) {
      throw new IllegalArgumentException("Time runs from " + now + " on, not back to " + time);
    }
    now = time;
  }

  /// Makes everything what it was at a snapshot of [Anvil#snapshot] that was taken at `time`.
  void revert(String snapshot, long time) {
    anvil.revert(snapshot);
    now = time;
  }

  /// Makes a call of the contract with the value that it wants.
  Outcome call(String from, EscrowCall call) {
    return send(from, contract, call.value(), call.data());
  }

  /// What [#call] would do, without doing it.
  Outcome ask(String from, EscrowCall call) {
    return ask(transaction(from, contract, call.value(), call.data()));
  }

  /// Sends any transaction.
  Outcome send(String from, String to, BigInteger value, String data) {
    return send(transaction(from, to, value, data));
  }

  /// Deploys any contract.
  ///
  /// @return its address
  String deploy(String creationCode) {
    return deploy(DEPLOYER, creationCode);
  }

  /// Deploys any contract for an owner.
  String deploy(String from, String creationCode) {
    Outcome outcome =
        send(Map.of("from", from, "data", creationCode, "gas", hex(GAS), "gasPrice", "0x0"));
    if (!outcome.success()) {
      throw new IllegalStateException("Cannot deploy: " + outcome.data());
    }
    return outcome.receipt().orElseThrow().getContractAddress();
  }

  private static Map<String, String> transaction(
      String from, String to, BigInteger value, String data) {
    return Map.of(
        "from",
        from,
        "to",
        to,
        "value",
        hex(value),
        "data",
        data,
        "gas",
        hex(GAS),
        "gasPrice",
        "0x0");
  }

  private Outcome send(Map<String, String> transaction) {
    Outcome asked = ask(transaction);
    String hash = (String) anvil.call("eth_sendTransaction", transaction);
    anvil.call("evm_mine", now);
    TransactionReceipt receipt = receipt(hash);
    if (receipt.isStatusOK() != asked.success()) {
      throw new AssertionError("Asked: " + asked + ", mined: " + receipt);
    }
    return new Outcome(asked.success(), asked.data(), Optional.of(receipt));
  }

  private Outcome ask(Map<String, String> transaction) {
    Response<Object> answer =
        anvil.request(
            "eth_call",
            transaction,
            "latest",
            Map.of(),
            Map.of("time", hex(BigInteger.valueOf(now))));
    if (!answer.hasError()) {
      return new Outcome(true, (String) answer.getResult(), Optional.empty());
    }
    String data = answer.getError().getData();
    if (data == null) {
      throw new IllegalStateException("eth_call failed: " + answer.getError().getMessage());
    }
    return new Outcome(false, data.replace("\"", ""), Optional.empty());
  }

  private TransactionReceipt receipt(String hash) {
    try {
      EthGetTransactionReceipt answer = anvil.web3j().ethGetTransactionReceipt(hash).send();
      return answer
          .getTransactionReceipt()
          .orElseThrow(() -> new AssertionError("Mined without a receipt: " + hash));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What came of a call.
  ///
  /// @param data what it returned, or what it failed with
  /// @param receipt empty when it was only asked
  record Outcome(boolean success, String data, Optional<TransactionReceipt> receipt) {

    /// Why the escrow contract refused; empty when it did not, or when the words are not its own.
    Optional<EscrowRefusal> refusal() {
      return success ? Optional.empty() : EscrowRefusal.parse(data);
    }

    long gas() {
      return receipt.orElseThrow().getGasUsed().longValueExact();
    }

    /// The escrow contract's events in it.
    List<EscrowEvent> events() {
      return receipt.orElseThrow().getLogs().stream()
          .map(EscrowEvent::parse)
          .flatMap(Optional::stream)
          .toList();
    }
  }

  AgentEscrow.Status status(String escrow) {
    try {
      return escrow().status(escrow, DefaultBlockParameterName.LATEST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BigInteger credit(String token, String account) {
    try {
      return escrow().credit(token, account, DefaultBlockParameterName.LATEST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What an account has outside of the contract.
  BigInteger balance(String token, String account) {
    Object answer =
        token.equals(Hex.ZERO_ADDRESS)
            ? anvil.call("eth_getBalance", account, "latest")
            : anvil.call(
                "eth_call", Map.of("to", token, "data", Calls.balanceOf(account)), "latest");
    return Numeric.toBigInt((String) answer);
  }

  /// The key behind an account of [Anvil].
  static Credentials keyOf(String account) {
    for (int index = 0; index < Anvil.ACCOUNTS; index++) {
      if (Anvil.key(index).getAddress().equals(account)) {
        return Anvil.key(index);
      }
    }
    throw new IllegalArgumentException("Nobody has a key of " + account);
  }

  private static String hex(BigInteger value) {
    return Numeric.encodeQuantity(value);
  }
}
