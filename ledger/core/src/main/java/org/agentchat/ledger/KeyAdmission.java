package org.agentchat.ledger;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.KeyStatement;

/// Which keys may speak, be spoken to, and follow another: reads the state, changes nothing.
record KeyAdmission(Accounts accounts) {
  /// A key that has ended signs nothing more.
  Optional<Refusal> checkSigner(Tenure tenure) {
    AgentKey key = tenure.key();
    return Optional.ofNullable(tenure.end())
        .map(end ->
            switch (end.kind()) {
              case ROTATED ->
                  new Refusal(
                      Refusal.Code.KEY_ROTATED,
                      "the key of %s was rotated at index %d: sign as %s"
                          .formatted(key.id(), end.index(), current(key)),
                      end.index());
              case REVOKED ->
                  new Refusal(
                      Refusal.Code.KEY_REVOKED,
                      "the key of %s was revoked at index %d".formatted(key.id(), end.index()),
                      end.index());
            });
  }

  /// Nobody makes a deal with a key that has ended: what is signed names the key, not the account.
  Optional<Refusal> checkRecipient(Tenure tenure) {
    AgentKey key = tenure.key();
    return Optional.ofNullable(tenure.end())
        .map(end ->
            switch (end.kind()) {
              case ROTATED ->
                  new Refusal(
                      Refusal.Code.UNKNOWN_RECIPIENT,
                      "agent %s has had another key since index %d: propose to %s"
                          .formatted(key.id(), end.index(), current(key)));
              case REVOKED ->
                  new Refusal(
                      Refusal.Code.UNKNOWN_RECIPIENT,
                      "the key of agent %s was revoked at index %d, and has no successor"
                          .formatted(key.id(), end.index()));
            });
  }

  /// A key starts anew or not at all: one that the log knows has a history of its own.
  Optional<Refusal> checkRotation(AgentKey key, KeyStatement.RotateKey rotation) {
    AgentKey next = rotation.newKey();
    if (next.equals(key) || accounts.find(next.id()).isPresent()) {
      return refusal(
          Refusal.Code.KEY_CONFLICT,
          "the key of " + next.id() + " is in the log already: rotate to a new one");
    }
    int rotations = accounts.find(key.id()).map(account -> account.keys().size() - 1).orElse(0);
    return rotations < Account.MAX_ROTATIONS
        ? Optional.empty()
        : refusal(
            Refusal.Code.TOO_MANY_KEYS,
            key.id() + " has had " + rotations + " rotations, the most that are allowed");
  }

  private AgentId current(AgentKey former) {
    return accounts.get(former.id()).id();
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
