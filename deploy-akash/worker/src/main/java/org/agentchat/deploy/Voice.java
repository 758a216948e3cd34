package org.agentchat.deploy;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.agentchat.ledger.Refusal;
import org.agentchat.schemas.statement.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says things in the log, and tells the operator of what is not heard there.
///
/// @param held whether nothing may be said now: the worker stops, or its clock is wrong
record Voice(Book book, Troubles troubles, BooleanSupplier held) {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /// Whether it is in the log now; if not, the operator is told.
  boolean say(String about, Statement said) {
    if (held.getAsBoolean()) {
      return false;
    }
    Optional<Refusal> refusal = book.say(said);
    if (refusal.isPresent()) {
      troubles.tell(about, notSaid(said, refusal.get()));
      return false;
    }
    log.info("{}: {}", about, said.type());
    book.advance();
    return true;
  }

  /// Whether it would be heard now; if not, the operator is told.
  boolean canSay(String about, Statement unsaid) {
    Optional<Refusal> refusal = book.refusal(unsaid);
    refusal.ifPresent(why -> troubles.tell(about, notSaid(unsaid, why)));
    return refusal.isEmpty();
  }

  private static String notSaid(Statement unsaid, Refusal refusal) {
    return "%s is not said: %s (%s)".formatted(unsaid.type(), refusal.detail(), refusal.code());
  }
}
