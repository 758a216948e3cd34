package org.agentchat.ledger;

import java.util.TreeMap;
import org.agentchat.schemas.rating.AgentHistory;
import org.agentchat.schemas.rating.RatingLeaf;

/// An account as it was after one entry: what the rating map holds for it.
record Standing(Account account, AgentHistory history) implements RatingMap.Value {
  RatingLeaf leaf() {
    TreeMap<String, RatingLeaf.Capability> capabilities = new TreeMap<>();
    account
        .skills()
        .forEach((name, skill) ->
            capabilities.put(
                name, new RatingLeaf.Capability(skill.rating(), skill.transactions())));
    return new RatingLeaf(
        account.first(),
        capabilities,
        history,
        account.key(),
        account.rating(),
        account.isRevoked(),
        account.staked(),
        account.transactions());
  }

  @Override
  public byte[] hash() {
    return leaf().hash();
  }
}
