package org.agentchat.receipt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.KeyStatement;
import org.jspecify.annotations.Nullable;

/// Which keys are one account's, as far as the file's rotations show it: each names the key before
/// it, both have signed, for this log, and the log holds it.
final class KeyChain {
  /// By the new key: which key it follows, and from which entry on.
  private final Map<AgentKey, Leg> introduced = new HashMap<>();

  private final Map<AgentKey, Leg> ended = new HashMap<>();
  private final Map<AgentId, AgentId> former = new HashMap<>();

  private KeyChain() {}

  /// @param rotations in log order
  /// @param origin the receipt's log: a log may hold a rotation for another one, which moved no key
  ///   in this
  static KeyChain of(List<Leg> rotations, String origin) throws RejectedReceiptException {
    KeyChain chain = new KeyChain();
    Set<AgentKey> seen = new HashSet<>();
    long last = -1;
    for (Leg rotation : rotations) {
      if (!(rotation.statement() instanceof KeyStatement.RotateKey rotate)) {
        throw new RejectedReceiptException(
            ReceiptCode.LEG_FOREIGN, rotation.words() + " is no rotation of a key");
      }
      if (rotation.index() <= last) {
        throw new RejectedReceiptException(
            ReceiptCode.LEGS_OUT_OF_ORDER, rotation.words() + " comes after entry " + last);
      }
      rotation.requireOrigin(origin);
      last = rotation.index();
      seen.add(rotation.key());
      chain.add(rotation, rotate, seen.add(rotate.newKey()));
    }
    return chain;
  }

  /// A key starts anew, and ends once: so no chain is a circle.
  private void add(Leg rotation, KeyStatement.RotateKey rotate, boolean isNew)
      throws RejectedReceiptException {
    if (!isNew || ended.putIfAbsent(rotation.key(), rotation) != null) {
      throw new RejectedReceiptException(
          ReceiptCode.LEG_FOREIGN,
          "%s: one of its keys was rotated before".formatted(rotation.words()));
    }
    introduced.put(rotate.newKey(), rotation);
    former.put(rotate.newKey().id(), rotation.key().id());
  }

  /// The account's first key that is known here.
  AgentKey first(AgentKey key) {
    @Nullable Leg by = introduced.get(key);
    return by == null ? key : first(by.key());
  }

  /// The same of the keys' names.
  AgentId first(AgentId id) {
    @Nullable AgentId before = former.get(id);
    return before == null || before.equals(id) ? id : first(before);
  }

  /// A key signs from its own rotation on, up to the next.
  void requireInForce(Leg leg) throws RejectedReceiptException {
    @Nullable Leg from = introduced.get(leg.key());
    @Nullable Leg until = ended.get(leg.key());
    if ((from != null && leg.index() <= from.index())
        || (until != null && leg.index() >= until.index())) {
      throw new RejectedReceiptException(
          ReceiptCode.LEG_FOREIGN, leg.words() + ": the key was not its account's at that entry");
    }
  }
}
