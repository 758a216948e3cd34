package org.agentchat.schemas.statement;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads statements in the protocol's order of checks, with its words (protocol.md section 2).
final class StatementReader {
  private final Fields fields;
  private final boolean signed;

  StatementReader(JsonNode object, boolean signed) {
    this.fields = new Fields(object);
    this.signed = signed;
  }

  Optional<Statement> read(String type) {
    return switch (type) {
      case "PROPOSAL" -> Optional.of(proposal());
      case "ACCEPT" -> Optional.of(accept());
      case "REJECT" -> Optional.of(reject());
      case "COMPLETE" -> Optional.of(complete());
      case "DISPUTE" -> Optional.of(dispute());
      default -> Optional.empty();
    };
  }

  private Statement proposal() {
    String to = fields.required("to", "Missing target (to)");
    AgentId target =
        AgentId.parse(to)
            .orElseThrow(
                () -> new InvalidStatementException("Proposals must be sent to an agent (@id)"));
    String task = required("task", "Missing or invalid task description");
    requireSigned("Proposals must be signed");
    JsonNumber expires = fields.number("expires", "expires must be a number (seconds)");
    if (expires != null && expires.value() > Statement.MAX_EXPIRES_SECONDS) {
      throw new InvalidStatementException("expires must be a number (seconds)");
    }
    Integer stake = fields.stake("elo_stake");
    String capability = fields.optional("capability", "capability must be a string");
    if (capability != null && capability.length() > Statement.MAX_CAPABILITY_CHARS) {
      throw new InvalidStatementException("capability too long (max 64 chars)");
    }
    return new Statement.Proposal(
        target,
        task,
        fields.number("amount", "amount must be a finite non-negative number"),
        text("currency", "currency must be a string"),
        text("payment_code", "payment_code must be a string"),
        text("terms", "terms must be a string"),
        expires,
        stake,
        capability);
  }

  private Statement accept() {
    String id = proposalId();
    requireSigned("Accept must be signed");
    Integer stake = fields.stake("elo_stake");
    return new Statement.Accept(id, text("payment_code", "payment_code must be a string"), stake);
  }

  private Statement reject() {
    String id = proposalId();
    requireSigned("Reject must be signed");
    return new Statement.Reject(id, text("reason", "reason must be a string"));
  }

  private Statement complete() {
    String id = proposalId();
    requireSigned("Complete must be signed");
    return new Statement.Complete(id, text("proof", "proof must be a string"));
  }

  private Statement dispute() {
    String id = proposalId();
    String reason = required("reason", "Missing or invalid dispute reason");
    requireSigned("Dispute must be signed");
    return new Statement.Dispute(id, reason);
  }

  /// A free text that must be there.
  private String required(String name, String complaint) {
    return bounded(name, fields.required(name, complaint));
  }

  /// A free text that may be absent.
  private @Nullable String text(String name, String complaint) {
    String text = fields.optional(name, complaint);
    return text == null ? null : bounded(name, text);
  }

  private static String bounded(String name, String text) {
    if (text.length() > Statement.MAX_TEXT_CHARS) {
      throw new InvalidStatementException(
          "%s too long (max %d chars): put its hash here"
              .formatted(name, Statement.MAX_TEXT_CHARS));
    }
    return text;
  }

  private String proposalId() {
    String id = fields.required("proposal_id", "Missing proposal_id");
    if (id.length() > Statement.MAX_PROPOSAL_ID_CHARS || id.indexOf('|') >= 0) {
      throw new InvalidStatementException("Missing proposal_id");
    }
    return id;
  }

  private void requireSigned(String complaint) {
    if (!signed) {
      throw new InvalidStatementException(complaint);
    }
  }
}
