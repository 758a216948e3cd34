package org.agentchat.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A receipt as it was found: one of ours, or a line that existing tools keep, which has fewer
/// fields or has them in other places. What is missing is simply not there.
record DealReceipt(JsonNode json) {
  String proposalId() {
    return json.path("proposal_id").asString("unknown");
  }

  /// Whether the deal ended in disagreement, with or without a court.
  boolean isDispute() {
    return "DISPUTE".equals(json.path("type").asString("")) || verdict().isPresent();
  }

  /// Who a court found in the right.
  Optional<String> verdict() {
    return text(json, "verdict");
  }

  Optional<String> disputeId() {
    return text(json, "dispute_id");
  }

  /// What each arbiter found: `@id: disputant (+5)`.
  private List<String> votes() {
    return json.path("arbiters")
        .valueStream()
        .map(one ->
            "%s: %s (%+d)"
                .formatted(
                    Printable.of(one.path("arbiter").asString("unknown")),
                    Printable.of(one.path("verdict").asString("no vote")),
                    one.path("reward").asInt(0)))
        .toList();
  }

  /// When the deal ended, milliseconds since 1970.
  OptionalLong endedAt() {
    for (String name : List.of("completed_at", "disputed_at", "ts", "stored_at")) {
      if (json.path(name).isIntegralNumber()) {
        return OptionalLong.of(json.path(name).longValue());
      }
    }
    return OptionalLong.empty();
  }

  /// Who completed or disputed.
  Optional<String> endedBy() {
    return text(json, isDispute() ? "disputed_by" : "completed_by");
  }

  Optional<String> proof() {
    return text(json, "proof");
  }

  Optional<String> reason() {
    return text(json, "reason");
  }

  Optional<String> task() {
    return text(json.path("proposal"), "task");
  }

  /// The exact amount; empty when there is none or it is zero.
  Optional<BigDecimal> amount() {
    return amount(json.path("proposal")).or(() -> amount(json));
  }

  private static Optional<BigDecimal> amount(JsonNode object) {
    return Optional.of(object.path("amount"))
        .filter(JsonNode::isNumber)
        .map(JsonNode::decimalValue)
        .filter(amount -> amount.signum() != 0);
  }

  Optional<String> currency() {
    return text(json.path("proposal"), "currency").or(() -> text(json, "currency"));
  }

  /// Everybody that the receipt names.
  private List<String> agents() {
    JsonNode proposal = json.path("proposal");
    return List.of(
            text(proposal, "from"),
            text(json, "from"),
            text(proposal, "to"),
            text(json, "to"),
            text(json, "completed_by"),
            text(json, "disputed_by"))
        .stream()
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  boolean concerns(AgentId agent) {
    return agents().contains(agent.toString());
  }

  /// The agents of the deal other than the one that looks.
  List<String> counterparties(@Nullable AgentId self) {
    return agents().stream()
        .filter(agent -> self == null || !agent.equals(self.toString()))
        .toList();
  }

  private static Optional<String> text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isString() && !value.stringValue().isEmpty()
        ? Optional.of(value.stringValue())
        : Optional.empty();
  }

  /// A paragraph of `receipts list`, without the empty line behind it.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("  Proposal: " + Printable.of(proposalId()));
    lines.add(
        (isDispute() ? "    Disputed: " : "    Completed: ")
            + endedAt().stream().mapToObj(IsoTime::of).findFirst().orElse("unknown"));
    lines.add("    By: " + Printable.of(endedBy().orElse("unknown")));
    proof().ifPresent(proof -> lines.add("    Proof: " + Printable.of(proof)));
    reason().ifPresent(reason -> lines.add("    Reason: " + Printable.of(reason)));
    disputeId().ifPresent(id -> lines.add("    Dispute: " + Printable.of(id)));
    verdict().ifPresent(verdict -> lines.add("    Verdict: " + Printable.of(verdict)));
    votes().forEach(vote -> lines.add("    Arbiter " + vote));
    task().ifPresent(task -> lines.add("    Task: " + Printable.of(task)));
    // As existing tools do: an amount outside the terms counts in the summary only.
    amount(json.path("proposal"))
        .ifPresent(
            amount -> lines.add("    Amount: %s %s".formatted(Decimals.text(amount), unit())));
    escrow().ifPresent(escrow -> lines.add("    Escrow: " + Printable.of(escrow)));
    return lines;
  }

  /// The money that the deal demanded. What became of it is no part of a receipt: its file says.
  private Optional<String> escrow() {
    JsonNode terms = json.path("proposal").path("escrow");
    return text(terms, "amount")
        .map(amount ->
            "%s smallest units of %s in %s on %s"
                .formatted(
                    amount,
                    text(terms, "token")
                        .filter(token -> !token.equals(EvmAddress.ZERO.text()))
                        .map(token -> "the token " + token)
                        .orElse("the chain's coin"),
                    text(terms, "contract").orElse("an unknown contract"),
                    text(terms, "chain").orElse("an unknown chain")));
  }

  private String unit() {
    return Printable.of(currency().orElse(""));
  }
}
