package org.agentchat.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.SignedStatement;
import tools.jackson.databind.JsonNode;

/// Checks the keys of an account as a ledger serves them: every link from the signatures in it, by
/// nobody's word but the keys' own.
final class LogChain {
  private final List<JsonNode> keys;
  private final Ed25519Verifier verifier = new Ed25519Verifier();

  private LogChain(JsonNode served) {
    this.keys = List.copyOf(served.path("keys").values());
  }

  /// What the log says of the identity's account, in a sentence.
  ///
  /// @throws CommandFailure if a link does not hold, or the log's key is another
  static String describe(LedgerApi ledger, PublicIdentity identity) {
    Optional<JsonNode> served = ledger.keys(identity.id());
    if (served.isEmpty()) {
      return "the key has not been used at " + ledger.url();
    }
    LogChain chain = new LogChain(served.get());
    for (int i = 0; i < chain.keys.size(); i++) {
      if (!chain.holds(i)) {
        throw different(
            "The log's key %d of %s does not follow from the one before it"
                .formatted(i + 1, identity.id()));
      }
    }
    JsonNode last = chain.keys.getLast();
    if (!chain.key(chain.keys.size() - 1).equals(identity.key())) {
      throw different(
          "The log has rotated the key of %s to that of %s, which this file does not hold"
              .formatted(identity.id(), Printable.of(last.path("id").asString(""))));
    }
    if (last.path("end").isString()) {
      throw different(
          "The key of %s was revoked at index %d"
              .formatted(identity.id(), last.path("end_index").asLong(-1)));
    }
    return "%d key(s), %s since index %d"
        .formatted(chain.keys.size(), identity.id(), last.path("from_index").asLong(-1));
  }

  private static CommandFailure different(String sentence) {
    return new CommandFailure("CHAIN_DIFFERS", Exit.DIFFERENCE, sentence);
  }

  /// Whether the key ended by its own word, and the next one is who it named.
  private boolean holds(int i) {
    JsonNode key = keys.get(i);
    boolean last = i == keys.size() - 1;
    if (!key.path("end_event").isString()) {
      return last && !key.path("end").isString();
    }
    try {
      byte[] event = key.path("end_event").stringValue().getBytes(StandardCharsets.UTF_8);
      return EventCodec.decode(event) instanceof Event.Stated stated
          && stated.signed().key().equals(key(i))
          && stated.signed().isValid(verifier)
          && (last ? isRevocation(stated.signed()) : leadsTo(i + 1, stated.signed(), key));
    } catch (MalformedEventException | IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isRevocation(SignedStatement signed) {
    return signed.statement() instanceof KeyStatement.RevokeKey;
  }

  private boolean leadsTo(int next, SignedStatement signed, JsonNode key) {
    return signed.statement() instanceof KeyStatement.RotateKey rotation
        && rotation.newKey().equals(key(next))
        && keys.get(next).path("from_index").asLong(-1) == key.path("end_index").asLong(-2);
  }

  private AgentKey key(int i) {
    try {
      return AgentKey.ofPem(keys.get(i).path("key").asString(""));
    } catch (IllegalArgumentException _) {
      throw different("The ledger serves something that is no key");
    }
  }
}
