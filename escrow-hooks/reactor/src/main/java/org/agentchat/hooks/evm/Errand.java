package org.agentchat.hooks.evm;

import org.agentchat.escrow.chain.Address;
import org.agentchat.hooks.Action;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A goal, whose escrow it is about, and who goes.
///
/// @param by the account of ours that signs
record Errand(Deal deal, Goal goal, Address by) {
  /// Names the errand for ever: the same chain, contract, escrow and goal are the same errand. Of
  /// withdrawals each side has its own.
  String key() {
    String key =
        "%s/%s/%s".formatted(deal.terms().escrowContract(), deal.agreement().id(), goal.word());
    return goal instanceof Goal.Withdraw ? key + "/" + by : key;
  }

  /// Names a call of the errand in the store of transactions. A withdrawal takes all that an
  /// account has of a token, from whichever deals, so errands of several deals share one.
  ///
  /// @param step which call
  String call(String step) {
    return switch (goal) {
      case Goal.Withdraw _ ->
          "%s/%s/%s/%s".formatted(deal.terms().escrowContract(), step, deal.terms().token(), by);
      case Goal.Lock _,
          Goal.Release _,
          Goal.Deliver _,
          Goal.Dispute _,
          Goal.Resolve _,
          Goal.TimeOut _ ->
          "%s/%s/%s".formatted(deal.terms().escrowContract(), deal.agreement().id(), step);
    };
  }

  /// What is done for one escrow is done in the order of the log, but nothing waits for a time-out,
  /// nor for money to take.
  private String lane() {
    String lane = deal.agreement().id().text();
    return switch (goal) {
      case Goal.TimeOut _ -> lane + "/timeout";
      case Goal.Withdraw _ -> lane + "/withdraw/" + by;
      case Goal.Lock _, Goal.Release _, Goal.Deliver _, Goal.Dispute _, Goal.Resolve _ -> lane;
    };
  }

  Action action() {
    ObjectNode payload = deal.json();
    payload.put("by", by.hex());
    goal.write(payload);
    return new Action(key(), lane(), "evm:" + goal.word(), Json.text(payload));
  }

  /// Reads what [#action] wrote.
  ///
  /// @throws RuntimeException if it is something else
  static Errand read(String payload) {
    JsonNode json = Json.parse(payload);
    return new Errand(Deal.read(json), Goal.read(json), new Address(json.path("by").asString()));
  }
}
