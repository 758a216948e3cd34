package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The escrow that a proposal offers: money that the proposer locks in a contract once the offer is
/// accepted, and how it comes out again. The two wallets are not named here: they are those that
/// both agents have bound when the offer is accepted, see [EscrowAgreement].
///
/// What the contract (version 1 of its domain) would never lock is refused here, so that nobody
/// agrees on a deal that cannot start. Components are in the order of their wire names.
///
/// @param amount what is locked, in the token's smallest units, 1 to 2^128 - 1
/// @param arbiter who may divide a disputed escrow
/// @param chain where the contract is
/// @param contract the escrow contract
/// @param deadline when an escrow that was not delivered goes back, seconds since 1970; also when a
///   deal whose escrow was not locked ends
/// @param disputePeriod how long the arbiter has, in seconds
/// @param observer the agent whose word for what happened on the chain both sides will take
/// @param operator who may say in the contract that the work was delivered or is disputed; zero:
///   the two wallets only
/// @param reviewPeriod how long the payer has to object to a delivery, in seconds
/// @param silentBps the payee's share when the arbiter stays silent, in 1/10,000
/// @param token the ERC-20 token; zero: the chain's own coin
public record EscrowTerms(
    TokenAmount amount,
    EvmAddress arbiter,
    EvmChain chain,
    EvmAddress contract,
    long deadline,
    long disputePeriod,
    AgentId observer,
    EvmAddress operator,
    long reviewPeriod,
    int silentBps,
    EvmAddress token) {

  /// Longest review or dispute period: 366 days, in seconds.
  public static final long MAX_PERIOD_SECONDS = 366L * 24 * 60 * 60;

  /// Largest amount, in bits.
  private static final int MAX_AMOUNT_BITS = 128;

  private static final long MAX_DEADLINE = (1L << 53) - 1;

  /// The whole, in `silentBps`.
  public static final int MAX_BPS = 10_000;

  /// The wire names, in alphabetical order.
  public static final List<String> FIELD_NAMES =
      List.of(
          "amount",
          "arbiter",
          "chain",
          "contract",
          "deadline",
          "dispute_period",
          "observer",
          "operator",
          "review_period",
          "silent_bps",
          "token");

  /// @throws InvalidStatementException if a part is out of its range
  public EscrowTerms {
    if (amount.units().signum() == 0 || amount.units().bitLength() > MAX_AMOUNT_BITS) {
      throw new InvalidStatementException("escrow.amount: 1 to 2^128 - 1 wanted");
    }
    if (contract.isZero()) {
      throw new InvalidStatementException("escrow.contract: no contract has the address zero");
    }
    if (arbiter.isZero() || arbiter.equals(contract)) {
      throw new InvalidStatementException("escrow.arbiter: neither zero nor the contract");
    }
    inRange("deadline", deadline, 0, MAX_DEADLINE);
    inRange("dispute_period", disputePeriod, 1, MAX_PERIOD_SECONDS);
    inRange("review_period", reviewPeriod, 1, MAX_PERIOD_SECONDS);
    inRange("silent_bps", silentBps, 0, MAX_BPS);
    if (!observer.isPersistent()) {
      throw new InvalidStatementException("escrow.observer: the @id of a key wanted");
    }
  }

  private static void inRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidStatementException(complaint(name, least, most));
    }
  }

  private static String complaint(String name, long least, long most) {
    return "escrow.%s: a whole number from %d to %d wanted".formatted(name, least, most);
  }

  /// Reads the object that a proposal carries: every field there, no other field.
  ///
  /// @throws InvalidStatementException naming the first field that is wrong
  public static EscrowTerms read(JsonNode object) {
    if (!object.isObject()) {
      throw new InvalidStatementException("escrow: an object wanted");
    }
    for (String name : object.propertyNames()) {
      if (!FIELD_NAMES.contains(name)) {
        throw new InvalidStatementException("escrow: unknown field " + Json.excerpt(name, 64));
      }
    }
    Reader fields = new Reader(new Fields(object));
    return new EscrowTerms(
        fields.text("amount", TokenAmount.RULE, TokenAmount::of),
        fields.text("arbiter", EvmAddress.RULE, EvmAddress::new),
        fields.text("chain", EvmChain.RULE, EvmChain::of),
        fields.text("contract", EvmAddress.RULE, EvmAddress::new),
        fields.number("deadline", 0, MAX_DEADLINE),
        fields.number("dispute_period", 1, MAX_PERIOD_SECONDS),
        fields.text("observer", "the @id of a key", AgentId::of),
        fields.text("operator", EvmAddress.RULE, EvmAddress::new),
        fields.number("review_period", 1, MAX_PERIOD_SECONDS),
        (int) fields.number("silent_bps", 0, MAX_BPS),
        fields.text("token", EvmAddress.RULE, EvmAddress::new));
  }

  private record Reader(Fields fields) {
    <T> T text(String name, String rule, Function<String, T> read) {
      String complaint = "escrow.%s: %s wanted".formatted(name, rule);
      return fields.parsed(name, complaint, read);
    }

    long number(String name, long least, long most) {
      long number = fields.safeInteger(name, complaint(name, least, most));
      inRange(name, number, least, most);
      return number;
    }
  }

  /// The object that a proposal carries, its fields in alphabetical order.
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("amount", amount.toString())
        .put("arbiter", arbiter.text())
        .put("chain", chain.toString())
        .put("contract", contract.text())
        .put("deadline", deadline)
        .put("dispute_period", disputePeriod)
        .put("observer", observer.toString())
        .put("operator", operator.text())
        .put("review_period", reviewPeriod)
        .put("silent_bps", silentBps)
        .put("token", token.text());
  }

  /// The contract on its chain.
  public EscrowContract escrowContract() {
    return new EscrowContract(chain, contract);
  }

  /// When the last of the contract's time-outs has passed, whoever stayed silent: deadline and both
  /// periods, seconds since 1970.
  public long lastTimeout() {
    return deadline + reviewPeriod + disputePeriod;
  }

  /// Why the contract would not lock such terms between these two wallets, or empty: nobody may pay
  /// itself, arbitrate its own deal, or say of its own work that it was delivered for another.
  public Optional<String> conflict(EvmAddress payer, EvmAddress payee) {
    if (payer.equals(payee)) {
      return Optional.of("both sides have the wallet " + payer);
    }
    if (payee.equals(operator)) {
      return Optional.of("the payee's wallet %s is the operator's".formatted(payee));
    }
    if (arbiter.equals(payer) || arbiter.equals(payee)) {
      return Optional.of("the arbiter %s is one of the two sides".formatted(arbiter));
    }
    return payer.equals(contract) || payee.equals(contract)
        ? Optional.of("the contract %s is no wallet".formatted(contract))
        : Optional.empty();
  }

  /// Whether it is the chain's own coin that is locked.
  @JsonIgnore
  public boolean isNativeCoin() {
    return token.isZero();
  }
}
