package org.agentchat.schemas.statement;

import java.util.List;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What an agent says of its own key. Only `agentchat/2` carries these: a statement that ends a key
/// must name its log.
public sealed interface KeyStatement extends Statement {
  /// Another key takes this one's place: rating, deals and receipts are its own from here on.
  ///
  /// @param newKey the key that signs from now on
  /// @param newSignature the new key's signature over [Scheme.Bound#successionBytes]: nobody gives
  ///   its history to a key that does not want it
  record RotateKey(AgentKey newKey, Signature newSignature) implements KeyStatement {
    /// Both keys' part for a log.
    ///
    /// @param old who gives
    /// @param next who takes over
    public static RotateKey of(Identity old, Identity next, String origin) {
      byte[] bytes = Scheme.Bound.successionBytes(old.key(), next.key(), origin);
      return new RotateKey(next.key(), next.sign(bytes));
    }

    /// Whether the new key agreed to succeed the old one in that log.
    public boolean isAgreed(Ed25519Verifier verifier, AgentKey old, String origin) {
      byte[] bytes = Scheme.Bound.successionBytes(old, newKey, origin);
      return verifier.accepts(newKey) && verifier.verify(newKey, bytes, newSignature);
    }

    @Override
    public String type() {
      return "ROTATE_KEY";
    }

    @Override
    public ObjectNode json() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("new_key", newKey.base64())
          .put("new_signature", newSignature.base64())
          .put("type", type());
    }
  }

  /// The key is not to be trusted any more, and has no successor.
  record RevokeKey(@Nullable String reason) implements KeyStatement {
    @Override
    public String type() {
      return "REVOKE_KEY";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      if (reason != null) {
        json.put("reason", reason);
      }
      return json.put("type", type());
    }
  }

  /// @throws InvalidStatementException always
  @Override
  default String joined() {
    throw new InvalidStatementException(type() + " must be signed under " + Scheme.BOUND);
  }

  @Override
  default List<String> joinedForms() {
    return List.of();
  }
}
