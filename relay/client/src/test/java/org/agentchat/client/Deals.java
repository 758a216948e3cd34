package org.agentchat.client;

import org.agentchat.schemas.statement.Statement;

/// Statements for tests.
final class Deals {
  private Deals() {}

  static Statement.Proposal proposalTo(int number) {
    return proposal(number, "Build X");
  }

  static Statement.Proposal proposal(int number, String task) {
    return new Statement.Proposal(
        Agents.identity(number).id(), task, null, "SOL", null, null, null, 50, null);
  }
}
