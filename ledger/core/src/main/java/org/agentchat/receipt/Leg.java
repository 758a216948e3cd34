package org.agentchat.receipt;

import java.nio.charset.StandardCharsets;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.tlog.LogProof;

/// A leg of a receipt file that is sound in itself: its key signed its statement, and what the file
/// says about it is what it is. Whether the log holds it is another question.
///
/// @param claimed as the file has it
/// @param event what its text says
/// @param hash of its text
/// @param proof not checked yet
record Leg(Receipt.Leg claimed, Event.Stated event, LeafHash hash, LogProof proof) {
  long index() {
    return claimed.index();
  }

  Statement statement() {
    return event.signed().statement();
  }

  AgentKey key() {
    return event.signed().key();
  }

  Scheme scheme() {
    return event.signed().scheme();
  }

  /// What `agentchat/2` signs names the log.
  ///
  /// @param origin the receipt's log
  void requireOrigin(String origin) throws RejectedReceiptException {
    if (scheme() instanceof Scheme.Bound bound && !bound.origin().equals(origin)) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_ORIGIN,
          "%s was signed for the log %s, the receipt is of %s"
              .formatted(words(), bound.origin(), origin));
    }
  }

  /// The entry as the log holds it.
  byte[] bytes() {
    return claimed.event().getBytes(StandardCharsets.UTF_8);
  }

  /// For sentences: `entry 5 (ACCEPT of @0123456789abcdef)`.
  String words() {
    return "entry %d (%s of %s)".formatted(index(), statement().type(), key().id());
  }
}
