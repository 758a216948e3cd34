package org.agentchat.hooks.evm;

import java.util.Optional;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Hash;
import org.agentchat.escrow.contract.Terms;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Wallet;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A deal whose money is in escrow, or is to be: all that is needed of it on the chain, also when
/// the fold has forgotten it.
///
/// @param proposalId by what the log knows it
/// @param agreement from which the contract's terms and its id follow
/// @param payer whose entry bound the payer's wallet
/// @param payee whose entry bound the payee's wallet
public record Deal(String proposalId, EscrowAgreement agreement, Binding payer, Binding payee) {
  /// How a wallet came to be a party's.
  ///
  /// @param index of the entry that says so
  /// @param claimed whether only the chain knows if the wallet agreed (ERC-1271)
  public record Binding(long index, boolean claimed) {
    static Binding of(Wallet wallet) {
      return new Binding(wallet.index(), wallet.claimed());
    }
  }

  /// What an accepted proposal's escrow is, if it has one.
  public static Optional<Deal> of(Proposal proposal) {
    Escrow escrow = proposal.escrow();
    return escrow == null
        ? Optional.empty()
        : Optional.of(
            new Deal(
                proposal.id(),
                escrow.agreement(),
                Binding.of(escrow.payer()),
                Binding.of(escrow.payee())));
  }

  /// What was offered.
  public EscrowTerms terms() {
    return agreement.terms();
  }

  /// By what the contract knows it.
  public Hash id() {
    return new Hash(agreement.id().text());
  }

  /// The contract's struct.
  public Terms struct() {
    EscrowTerms terms = agreement.terms();
    return new Terms(
        agreement.payer().text(),
        agreement.payee().text(),
        terms.operator().text(),
        terms.arbiter().text(),
        terms.token().text(),
        terms.amount().units(),
        terms.deadline(),
        terms.reviewPeriod(),
        terms.disputePeriod(),
        terms.silentBps(),
        agreement.proposal().text());
  }

  /// The same address, for the chain.
  public static Address address(EvmAddress address) {
    return new Address(address.text());
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("proposal_id", proposalId);
    json.set("escrow", agreement.terms().json());
    json.put("payer", agreement.payer().text());
    json.put("payee", agreement.payee().text());
    json.put("proposal", agreement.proposal().text());
    json.set("payer_binding", json(payer));
    json.set("payee_binding", json(payee));
    return json;
  }

  private static ObjectNode json(Binding binding) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("index", binding.index())
        .put("claimed", binding.claimed());
  }

  /// @throws RuntimeException if it is not what [#json] made
  static Deal read(JsonNode json) {
    return new Deal(
        json.path("proposal_id").asString(),
        new EscrowAgreement(
            EscrowTerms.read(json.path("escrow")),
            new EvmAddress(json.path("payer").asString()),
            new EvmAddress(json.path("payee").asString()),
            new EvmHash(json.path("proposal").asString())),
        binding(json.path("payer_binding")),
        binding(json.path("payee_binding")));
  }

  private static Binding binding(JsonNode json) {
    return new Binding(json.path("index").asLong(), json.path("claimed").asBoolean());
  }
}
