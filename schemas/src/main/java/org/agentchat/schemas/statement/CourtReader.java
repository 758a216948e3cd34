package org.agentchat.schemas.statement;

import java.util.Optional;
import org.agentchat.schemas.json.JsonText;

/// Reads what is said in an Agentcourt case, in the protocol's order of checks, with its words
/// (protocol.md section 2).
final class CourtReader {
  private final StatementFields fields;

  CourtReader(StatementFields fields) {
    this.fields = fields;
  }

  Optional<CourtStatement> read(String type) {
    return switch (type) {
      case "DISPUTE_INTENT" -> Optional.of(intent());
      case "DISPUTE_REVEAL" -> Optional.of(reveal());
      case "EVIDENCE" -> Optional.of(evidence());
      case "ARBITER_ACCEPT" -> Optional.of(accept());
      case "ARBITER_DECLINE" -> Optional.of(decline());
      case "ARBITER_VOTE" -> Optional.of(vote());
      default -> Optional.empty();
    };
  }

  private CourtStatement intent() {
    String id = fields.token("proposal_id", "Missing proposal_id");
    String reason = fields.required("reason", "Missing or invalid reason");
    String commitment = fields.token("commitment", "Missing or invalid commitment hash");
    fields.requireSigned("Dispute intent must be signed");
    return new CourtStatement.DisputeIntent(id, reason, commitment);
  }

  private CourtStatement reveal() {
    String id = fields.token("proposal_id", "Missing proposal_id");
    String nonce = fields.token("nonce", "Missing or invalid nonce");
    fields.requireSigned("Dispute reveal must be signed");
    return new CourtStatement.DisputeReveal(id, nonce);
  }

  private CourtStatement evidence() {
    String id = disputeId();
    JsonText items =
        fields.list("items", "Missing or invalid items array", CourtStatement.MAX_ITEMS_CHARS);
    String statement = fields.present("statement", "Missing or invalid statement");
    fields.requireSigned("Evidence must be signed");
    return new CourtStatement.Evidence(id, items, statement);
  }

  private CourtStatement accept() {
    String id = disputeId();
    fields.requireSigned("Arbiter accept must be signed");
    return new CourtStatement.ArbiterAccept(id);
  }

  private CourtStatement decline() {
    String id = disputeId();
    String reason = fields.text("reason", "reason must be a string");
    fields.requireSigned("Arbiter decline must be signed");
    return new CourtStatement.ArbiterDecline(id, reason);
  }

  private CourtStatement vote() {
    String id = disputeId();
    String complaint = "Invalid verdict (must be disputant, respondent, or mutual)";
    Verdict verdict =
        Verdict.of(fields.word("verdict", complaint))
            .orElseThrow(() -> new InvalidStatementException(complaint));
    String reasoning = fields.present("reasoning", "Missing or invalid reasoning");
    fields.requireSigned("Arbiter vote must be signed");
    return new CourtStatement.ArbiterVote(id, verdict, reasoning);
  }

  private String disputeId() {
    return fields.token("dispute_id", "Missing or invalid dispute_id");
  }
}
