package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Tenure;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Keeps out who proves a key that has ended: it could not say anything that counts.
record KeyGate(LiveLedger ledger) {
  /// Refuses the agent if its key has ended.
  ///
  /// @return whether it was refused
  boolean refuses(Connection connection, Agent agent, @Nullable String clientMsgId) {
    Optional<String> words = ending(agent);
    words.ifPresent(why -> connection.refuse(ErrorCode.NOT_ALLOWED, why, clientMsgId));
    return words.isPresent();
  }

  /// Why the agent's key is of no use any more, if so.
  private Optional<String> ending(Agent agent) {
    AgentKey key = agent.key();
    return key == null
        ? Optional.empty()
        : ledger.read(known -> known.account(key.id())).flatMap(account -> ending(account, key));
  }

  private static Optional<String> ending(Account account, AgentKey key) {
    return account
        .tenure(key.id())
        .flatMap(tenure -> Optional.ofNullable(tenure.end()))
        .map(end -> words(account, key, end));
  }

  private static String words(Account account, AgentKey key, Tenure.End end) {
    return switch (end.kind()) {
      case ROTATED ->
          "The key of %s was rotated at index %d: identify with the key of %s"
              .formatted(key.id(), end.index(), account.id());
      case REVOKED -> "The key of %s was revoked at index %d".formatted(key.id(), end.index());
    };
  }
}
