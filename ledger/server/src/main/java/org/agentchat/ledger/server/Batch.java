package org.agentchat.ledger.server;

import java.util.List;

/// What some entries change in the tables, each row once, and the position after them. Written in
/// one transaction, so that rows and position always agree.
///
/// @param from the position that the rows must be at: entries read before
/// @param to the position afterwards
record Batch(
    long from,
    Position to,
    List<Row.AgentRow> agents,
    List<Row.AgentEntryRow> agentEntries,
    List<Row.KeyRow> keys,
    List<Row.SkillRow> skills,
    List<Row.RatingChangeRow> ratingChanges,
    List<Row.ProposalRow> proposals,
    List<Row.DisputeRow> disputes,
    List<Row.ReceiptRow> receipts,
    List<Row.WalletRow> wallets,
    List<Row.EscrowRow> escrows,
    List<Row.SightingRow> sightings,
    List<Row.DeploymentRow> deployments,
    List<Row.DeploymentStatementRow> deploymentStatements) {
  Batch {
    agents = List.copyOf(agents);
    agentEntries = List.copyOf(agentEntries);
    keys = List.copyOf(keys);
    skills = List.copyOf(skills);
    ratingChanges = List.copyOf(ratingChanges);
    proposals = List.copyOf(proposals);
    disputes = List.copyOf(disputes);
    receipts = List.copyOf(receipts);
    wallets = List.copyOf(wallets);
    escrows = List.copyOf(escrows);
    sightings = List.copyOf(sightings);
    deployments = List.copyOf(deployments);
    deploymentStatements = List.copyOf(deploymentStatements);
  }
}
