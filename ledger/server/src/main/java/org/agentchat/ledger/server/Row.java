package org.agentchat.ledger.server;

import org.agentchat.ledger.Account;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Tenure;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.jspecify.annotations.Nullable;

/// The rows of the tables, one record a table.
sealed interface Row {
  /// An agent as it stands.
  ///
  /// @param firstIndex of the entry that named the agent first, or -1 when the row is there already
  record AgentRow(Account account, long firstIndex) implements Row {
    boolean isNew() {
      return firstIndex >= 0;
    }
  }

  /// An entry that names an agent.
  ///
  /// @param agent the account's first name
  record AgentEntryRow(String agent, long index) implements Row {}

  /// A key of an account as it stands.
  ///
  /// @param agent the account's first name
  /// @param seq place among the account's keys, from 0
  /// @param endEvent the exact text of the entry that ended it, or null
  record KeyRow(String agent, int seq, Tenure tenure, @Nullable String endEvent) implements Row {}

  /// An agent's rating in one capability as it stands.
  ///
  /// @param agent the account's first name
  record SkillRow(String agent, String capability, Account.Skill skill) implements Row {}

  /// One change of one rating.
  ///
  /// @param seq place among the effects of its entry
  /// @param agent the account's first name
  record RatingChangeRow(long index, int seq, long at, String agent, Effect.RatingChanged change)
      implements Row {}

  /// A proposal as it stands.
  record ProposalRow(Proposal proposal, int proposerStake, int acceptorStake, boolean escrowed)
      implements Row {
    static ProposalRow of(Proposal proposal) {
      return new ProposalRow(
          proposal, proposal.proposerStake(), proposal.acceptorStake(), proposal.escrowed());
    }

    /// An accepted deal whose stakes were let go because they were held long enough.
    static ProposalRow released(Proposal proposal) {
      return new ProposalRow(proposal, 0, 0, false);
    }

    @Nullable String amount() {
      JsonNumber amount = proposal.terms().amount();
      return amount == null ? null : amount.text();
    }

    /// The JSON that was signed.
    @Nullable String escrowTerms() {
      EscrowTerms escrow = proposal.terms().escrow();
      return escrow == null ? null : Json.text(escrow.json());
    }
  }

  /// A binding of a wallet.
  ///
  /// @param agent the account's first name
  /// @param event the exact text of the entry
  record WalletRow(String agent, EscrowEffect.WalletBound bound, String event) implements Row {}

  /// The escrow of a deal as it stands.
  record EscrowRow(String proposalId, Escrow escrow) implements Row {}

  /// What an observer said of an escrow.
  ///
  /// @param at log time, milliseconds since 1970
  /// @param by the key that signed
  /// @param event the exact text of the entry
  record SightingRow(Escrow.Sighting sighting, long at, AgentId by, String event) implements Row {}

  /// The machines of a deal as they stand.
  ///
  /// @param running index of the statement that said last what runs, or null when none is known
  ///   here
  /// @param ended index of the statement that they are closed or never ran, or null
  /// @param changedAt log time, milliseconds since 1970
  record DeploymentRow(
      String proposalId,
      Deployment.Phase phase,
      String network,
      @Nullable Long running,
      @Nullable Long ended,
      long changedAt)
      implements Row {
    static DeploymentRow of(Deployment deployment, long at) {
      boolean runs = deployment.phase() == Deployment.Phase.RUNNING;
      return new DeploymentRow(
          deployment.proposalId(),
          deployment.phase(),
          deployment.network(),
          runs ? deployment.saidAt() : null,
          runs ? null : deployment.saidAt(),
          at);
    }

    /// What was closed is what an earlier statement said to run.
    DeploymentRow after(@Nullable DeploymentRow before) {
      return before != null && phase == Deployment.Phase.CLOSED
          ? new DeploymentRow(proposalId, phase, network, before.running, ended, changedAt)
          : this;
    }
  }

  /// What an acceptor said of the machines of a deal.
  ///
  /// @param at log time, milliseconds since 1970
  /// @param by the key that signed
  /// @param event the exact text of the entry
  record DeploymentStatementRow(
      long index, long at, AgentId by, DeploymentStatement said, String event) implements Row {}

  /// A court case as it stands.
  record DisputeRow(Dispute dispute) implements Row {}

  /// A receipt.
  ///
  /// @param json the receipt as it is served
  /// @param from the proposer's first name
  /// @param to the recipient's first name
  record ReceiptRow(Receipt receipt, String json, String from, String to) implements Row {}
}
