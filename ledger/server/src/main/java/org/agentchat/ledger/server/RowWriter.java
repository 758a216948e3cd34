package org.agentchat.ledger.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.agentchat.database.Parameters;
import org.agentchat.database.SqlText;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Tenure;
import org.agentchat.ledger.Wallet;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// The SQL that writes rows, within somebody else's transaction.
final class RowWriter {
  @FunctionalInterface
  private interface Binder<R> {
    void bind(Parameters parameters, R row) throws SQLException;
  }

  private static final String INSERT_AGENT =
      """
      INSERT INTO agent (id, public_key, rating, transactions, staked, updated_at, revoked,
        registered, registered_at, registered_index, first_id, first_index)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String UPDATE_AGENT =
      """
      UPDATE agent SET id = ?, public_key = ?, rating = ?, transactions = ?, staked = ?,
        updated_at = ?, revoked = ?, registered = ?, registered_at = ?, registered_index = ?
      WHERE first_id = ?
      """;

  private static final String INSERT_AGENT_ENTRY =
      """
      INSERT INTO agent_entry (agent, entry_index) VALUES (?, ?)
      """;

  private static final String UPSERT_KEY =
      """
      INSERT INTO agent_key (id, agent, seq, public_key, from_index, end_kind, end_index, end_event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id)
      DO UPDATE SET end_kind = excluded.end_kind, end_index = excluded.end_index,
        end_event = excluded.end_event
      """;

  private static final String UPSERT_SKILL =
      """
      INSERT INTO skill (agent, capability, rating, transactions, updated_at)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (agent, capability)
      DO UPDATE SET rating = excluded.rating, transactions = excluded.transactions,
        updated_at = excluded.updated_at
      """;

  private static final String INSERT_RATING_CHANGE =
      """
      INSERT INTO rating_change (entry_index, seq, agent, capability, proposal_id, at,
        old_rating, new_rating, change, transactions)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String UPSERT_PROPOSAL =
      """
      INSERT INTO proposal (entry_index, id, from_agent, to_agent, task, amount, currency,
        payment_code, terms, capability, status, elo_stake, proposer_stake, acceptor_stake,
        escrowed, expires_at, created_at, updated_at, escrow_terms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (entry_index)
      DO UPDATE SET status = excluded.status, proposer_stake = excluded.proposer_stake,
        acceptor_stake = excluded.acceptor_stake, escrowed = excluded.escrowed,
        updated_at = excluded.updated_at
      """;

  private static final String UPSERT_DISPUTE =
      """
      INSERT INTO dispute (entry_index, id, proposal_id, json)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (entry_index) DO UPDATE SET json = excluded.json
      """;

  private static final String INSERT_RECEIPT =
      """
      INSERT INTO receipt (entry_index, proposal_id, from_agent, to_agent, at, outcome, json)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String INSERT_WALLET =
      """
      INSERT INTO wallet (entry_index, agent, chain, contract, address, claimed, not_after, at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String UPSERT_ESCROW =
      """
      INSERT INTO escrow (proposal_id, id, phase, chain, contract, token, amount, payer, payee,
        payer_binding, payee_binding, locked_index, ended_index, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (proposal_id)
      DO UPDATE SET phase = excluded.phase, locked_index = excluded.locked_index,
        ended_index = excluded.ended_index, changed_at = excluded.changed_at
      """;

  private static final String INSERT_SIGHTING =
      """
      INSERT INTO escrow_sighting (entry_index, proposal_id, kind, observer, at, tx, block_number,
        block_hash, outcome, to_payee, to_payer, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String UPSERT_DEPLOYMENT =
      """
      INSERT INTO deployment (proposal_id, phase, network, running_index, ended_index, changed_at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (proposal_id)
      DO UPDATE SET phase = excluded.phase, network = excluded.network,
        running_index = CASE excluded.phase
          WHEN 'closed' THEN COALESCE(excluded.running_index, deployment.running_index)
          ELSE excluded.running_index END,
        ended_index = excluded.ended_index, changed_at = excluded.changed_at
      """;

  private static final String INSERT_DEPLOYMENT_STATEMENT =
      """
      INSERT INTO deployment_statement (entry_index, proposal_id, kind, deployer, at, network,
        lease, until, uris, paid, reason, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private final Connection connection;

  RowWriter(Connection connection) {
    this.connection = connection;
  }

  void write(Batch batch) throws SQLException {
    List<Row.AgentRow> fresh = batch.agents().stream().filter(Row.AgentRow::isNew).toList();
    List<Row.AgentRow> known = batch.agents().stream().filter(row -> !row.isNew()).toList();
    each(INSERT_AGENT, fresh, RowWriter::insert);
    each(UPDATE_AGENT, known, RowWriter::update);
    each(INSERT_AGENT_ENTRY, batch.agentEntries(), RowWriter::bind);
    each(UPSERT_KEY, batch.keys(), RowWriter::bind);
    each(UPSERT_SKILL, batch.skills(), RowWriter::bind);
    each(INSERT_RATING_CHANGE, batch.ratingChanges(), RowWriter::bind);
    each(UPSERT_PROPOSAL, batch.proposals(), RowWriter::bind);
    each(UPSERT_DISPUTE, batch.disputes(), RowWriter::bind);
    each(INSERT_RECEIPT, batch.receipts(), RowWriter::bind);
    each(INSERT_WALLET, batch.wallets(), RowWriter::bind);
    each(UPSERT_ESCROW, batch.escrows(), RowWriter::bind);
    each(INSERT_SIGHTING, batch.sightings(), RowWriter::bind);
    each(UPSERT_DEPLOYMENT, batch.deployments(), RowWriter::bind);
    each(INSERT_DEPLOYMENT_STATEMENT, batch.deploymentStatements(), RowWriter::bind);
  }

  private <R> void each(String sql, List<R> rows, Binder<R> binder) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (R row : rows) {
        binder.bind(new Parameters(statement), row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void insert(Parameters parameters, Row.AgentRow row) throws SQLException {
    standing(parameters, row.account()).add(row.account().first().toString()).add(row.firstIndex());
  }

  private static Parameters standing(Parameters parameters, Account account) throws SQLException {
    Account.Registration registered = account.registered();
    parameters
        .add(account.id().toString())
        .add(account.key().base64())
        .add(account.rating())
        .add(account.transactions())
        .add(account.staked())
        .add(account.updatedAt())
        .add(account.isRevoked() ? 1 : 0);
    return registered == null
        ? parameters.add((String) null).addNoNumber().addNoNumber()
        : parameters
            .add(registered.statement().skills().text())
            .add(registered.at())
            .add(registered.index());
  }

  private static void update(Parameters parameters, Row.AgentRow row) throws SQLException {
    standing(parameters, row.account()).add(row.account().first().toString());
  }

  private static void bind(Parameters parameters, Row.AgentEntryRow row) throws SQLException {
    parameters.add(row.agent()).add(row.index());
  }

  private static void bind(Parameters parameters, Row.KeyRow row) throws SQLException {
    Tenure tenure = row.tenure();
    Tenure.End end = tenure.end();
    parameters
        .add(tenure.id().toString())
        .add(row.agent())
        .add(row.seq())
        .add(tenure.key().base64())
        .add(tenure.from())
        .add(end == null ? null : end.kind().word());
    if (end == null) {
      parameters.addNoNumber();
    } else {
      parameters.add(end.index());
    }
    parameters.add(row.endEvent());
  }

  private static void bind(Parameters parameters, Row.SkillRow row) throws SQLException {
    parameters
        .add(row.agent())
        .add(SqlText.escaped(row.capability()))
        .add(row.skill().rating())
        .add(row.skill().transactions())
        .add(row.skill().updatedAt());
  }

  private static void bind(Parameters parameters, Row.RatingChangeRow row) throws SQLException {
    Effect.RatingChanged change = row.change();
    parameters
        .add(row.index())
        .add(row.seq())
        .add(row.agent())
        .add(SqlText.escape(change.capability()))
        .add(change.proposalId())
        .add(row.at())
        .add(change.oldRating())
        .add(change.newRating())
        .add(change.change())
        .add(change.transactions());
  }

  private static void bind(Parameters parameters, Row.ProposalRow row) throws SQLException {
    Proposal proposal = row.proposal();
    Statement.Proposal terms = proposal.terms();
    parameters
        .add(proposal.openedIndex())
        .add(proposal.id())
        .add(proposal.from().toString())
        .add(proposal.to().toString())
        .add(SqlText.escaped(terms.task()))
        .add(row.amount())
        .add(SqlText.escape(terms.currency()))
        .add(SqlText.escape(terms.paymentCode()))
        .add(SqlText.escape(terms.terms()))
        .add(SqlText.escape(terms.capability()))
        .add(proposal.status().word())
        .add(terms.stake())
        .add(row.proposerStake())
        .add(row.acceptorStake())
        .add(row.escrowed() ? 1 : 0)
        .add(proposal.expiresAt())
        .add(proposal.openedAt())
        .add(proposal.changedAt())
        .add(row.escrowTerms());
  }

  private static void bind(Parameters parameters, Row.WalletRow row) throws SQLException {
    EscrowContract contract = row.bound().contract();
    Wallet wallet = row.bound().wallet();
    parameters
        .add(wallet.index())
        .add(row.agent())
        .add(contract.chain().toString())
        .add(contract.address().text())
        .add(wallet.address().text())
        .add(wallet.claimed() ? 1 : 0)
        .add(wallet.notAfter())
        .add(wallet.at())
        .add(row.event());
  }

  private static void bind(Parameters parameters, Row.EscrowRow row) throws SQLException {
    Escrow escrow = row.escrow();
    EscrowTerms terms = escrow.terms();
    parameters
        .add(row.proposalId())
        .add(escrow.id().text())
        .add(escrow.phase().word())
        .add(terms.chain().toString())
        .add(terms.contract().text())
        .add(terms.token().text())
        .add(terms.amount().toString())
        .add(escrow.payer().address().text())
        .add(escrow.payee().address().text())
        .add(escrow.payer().index())
        .add(escrow.payee().index());
    addIndex(parameters, escrow.locked() == null ? null : escrow.locked().index());
    addIndex(parameters, escrow.ended() == null ? null : escrow.ended().index());
    parameters.add(escrow.changedAt());
  }

  private static void addIndex(Parameters parameters, @Nullable Long index) throws SQLException {
    if (index == null) {
      parameters.addNoNumber();
    } else {
      parameters.add(index);
    }
  }

  private static void bind(Parameters parameters, Row.SightingRow row) throws SQLException {
    EscrowStatement.Observation seen = row.sighting().seen();
    parameters
        .add(row.sighting().index())
        .add(seen.proposalId())
        .add(seen.type())
        .add(row.by().toString())
        .add(row.at())
        .add(seen.tx().text())
        .add(seen.blockNumber())
        .add(seen.blockHash().text());
    switch (seen) {
      case EscrowStatement.EscrowSettled settled ->
          parameters
              .add(settled.how().word())
              .add(settled.toPayee().toString())
              .add(settled.toPayer().toString());
      case EscrowStatement.EscrowLocked _, EscrowStatement.EscrowRefunded _ ->
          parameters.add((String) null).add((String) null).add((String) null);
    }
    parameters.add(row.event());
  }

  private static void bind(Parameters parameters, Row.DeploymentRow row) throws SQLException {
    parameters.add(row.proposalId()).add(row.phase().word()).add(row.network());
    addIndex(parameters, row.running());
    addIndex(parameters, row.ended());
    parameters.add(row.changedAt());
  }

  private static void bind(Parameters parameters, Row.DeploymentStatementRow row)
      throws SQLException {
    DeploymentStatement said = row.said();
    parameters
        .add(row.index())
        .add(said.proposalId())
        .add(said.type())
        .add(row.by().toString())
        .add(row.at())
        .add(said.network());
    switch (said) {
      case DeploymentStatement.DeploymentRunning running ->
          parameters
              .add(running.lease())
              .add(running.until())
              .add(SqlText.escaped(running.uris()))
              .addNoNumber()
              .add((String) null);
      case DeploymentStatement.DeploymentClosed closed ->
          addEnd(parameters, closed.paid(), closed.reason());
      case DeploymentStatement.DeploymentFailed failed ->
          addEnd(parameters, failed.paid(), failed.reason());
    }
    parameters.add(row.event());
  }

  private static void addEnd(Parameters parameters, long paid, String reason) throws SQLException {
    parameters
        .add((String) null)
        .addNoNumber()
        .add((String) null)
        .add(paid)
        .add(SqlText.escaped(reason));
  }

  private static void bind(Parameters parameters, Row.DisputeRow row) throws SQLException {
    Dispute dispute = row.dispute();
    parameters
        .add(dispute.filedIndex())
        .add(dispute.id())
        .add(dispute.proposalId())
        .add(Json.text(DisputeAnswer.of(dispute)));
  }

  private static void bind(Parameters parameters, Row.ReceiptRow row) throws SQLException {
    Receipt receipt = row.receipt();
    parameters
        .add(receipt.index())
        .add(receipt.proposalId())
        .add(row.from())
        .add(row.to())
        .add(receipt.ts())
        .add(receipt.status())
        .add(row.json());
  }
}
