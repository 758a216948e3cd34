package org.agentchat.hooks.evm;

import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is wanted of a deal's escrow because of a fact in the log.
sealed interface Goal {
  /// One word, the end of the intent's key.
  String word();

  /// The payer's money is in: the deal was accepted.
  record Lock() implements Goal {
    @Override
    public String word() {
      return "lock";
    }
  }

  /// All is the payee's: the payer said that the work is done.
  record Release() implements Goal {
    @Override
    public String word() {
      return "release";
    }
  }

  /// The review begins: the payee said that the work is done.
  ///
  /// @param proof the leaf hash of the entry that says so
  record Deliver(EvmHash proof) implements Goal {
    @Override
    public String word() {
      return "deliver";
    }
  }

  /// The escrow is frozen: one side disputes, or took the case to the court.
  ///
  /// @param reason the leaf hash of the entry that says so
  record Dispute(EvmHash reason) implements Goal {
    @Override
    public String word() {
      return "dispute";
    }
  }

  /// The escrow is divided: the court has decided.
  ///
  /// @param toPayee the payee's part, base units
  /// @param verdict the leaf hash of the entry with which it had decided
  record Resolve(TokenAmount toPayee, EvmHash verdict) implements Goal {
    @Override
    public String word() {
      return "resolve";
    }
  }

  /// Nobody's silence keeps the money in: whatever time-out passes is used.
  record TimeOut() implements Goal {
    @Override
    public String word() {
      return "timeout";
    }
  }

  /// What a side has gained has left the contract.
  record Withdraw() implements Goal {
    @Override
    public String word() {
      return "withdraw";
    }
  }

  /// Adds what belongs to the goal to an object.
  default void write(ObjectNode json) {
    json.put("goal", word());
    switch (this) {
      case Deliver(EvmHash proof) -> json.put("hash", proof.text());
      case Dispute(EvmHash reason) -> json.put("hash", reason.text());
      case Resolve(TokenAmount toPayee, EvmHash verdict) ->
          json.put("to_payee", toPayee.toString()).put("hash", verdict.text());
      case Lock _, Release _, TimeOut _, Withdraw _ -> {}
    }
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws RuntimeException if it is something else
  static Goal read(JsonNode json) {
    String word = json.path("goal").asString();
    return switch (word) {
      case "lock" -> new Lock();
      case "release" -> new Release();
      case "deliver" -> new Deliver(hash(json));
      case "dispute" -> new Dispute(hash(json));
      case "resolve" -> new Resolve(TokenAmount.of(json.path("to_payee").asString()), hash(json));
      case "timeout" -> new TimeOut();
      case "withdraw" -> new Withdraw();
      default -> throw new IllegalArgumentException("no goal is called " + word);
    };
  }

  private static EvmHash hash(JsonNode json) {
    return new EvmHash(json.path("hash").asString());
  }
}
