package org.agentchat.schemas.statement;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;

/// Reads statements in the protocol's order of checks, with its words (protocol.md section 2).
final class StatementReader {
  private final StatementFields fields;

  StatementReader(StatementFields fields) {
    this.fields = fields;
  }

  Optional<Statement> read(String type) {
    return switch (type) {
      case "PROPOSAL" -> Optional.of(proposal());
      case "ACCEPT" -> Optional.of(accept());
      case "REJECT" -> Optional.of(reject());
      case "COMPLETE" -> Optional.of(complete());
      case "DISPUTE" -> Optional.of(dispute());
      case "REGISTER_SKILLS" -> Optional.of(registerSkills());
      case "ROTATE_KEY" -> Optional.of(rotateKey());
      case "REVOKE_KEY" -> Optional.of(revokeKey());
      case "WALLET_BIND", "ESCROW_LOCKED", "ESCROW_SETTLED", "ESCROW_REFUNDED" ->
          Optional.of(new EscrowReader(fields).read(type));
      case "DEPLOYMENT_RUNNING", "DEPLOYMENT_CLOSED", "DEPLOYMENT_FAILED" ->
          Optional.of(new DeploymentReader(fields).read(type));
      default -> new CourtReader(fields).read(type).map(statement -> statement);
    };
  }

  private Statement proposal() {
    String to = fields.word("to", "Missing target (to)");
    AgentId target =
        AgentId.parse(to)
            .orElseThrow(
                () -> new InvalidStatementException("Proposals must be sent to an agent (@id)"));
    String task = fields.required("task", "Missing or invalid task description");
    fields.requireSigned("Proposals must be signed");
    JsonNumber expires = fields.number("expires", "expires must be a number (seconds)");
    if (expires != null && expires.value() > Statement.MAX_EXPIRES_SECONDS) {
      throw new InvalidStatementException("expires must be a number (seconds)");
    }
    Integer stake = fields.stake("elo_stake");
    String capability = fields.optionalWord("capability", "capability must be a string");
    if (capability != null && capability.length() > Statement.MAX_CAPABILITY_CHARS) {
      throw new InvalidStatementException("capability too long (max 64 chars)");
    }
    return new Statement.Proposal(
        target,
        task,
        fields.number("amount", "amount must be a finite non-negative number"),
        fields.text("currency", "currency must be a string"),
        fields.text("payment_code", "payment_code must be a string"),
        fields.text("terms", "terms must be a string"),
        expires,
        stake,
        capability,
        fields.escrow());
  }

  private Statement accept() {
    String id = proposalId();
    fields.requireSigned("Accept must be signed");
    Integer stake = fields.stake("elo_stake");
    return new Statement.Accept(
        id, fields.text("payment_code", "payment_code must be a string"), stake);
  }

  private Statement reject() {
    String id = proposalId();
    fields.requireSigned("Reject must be signed");
    return new Statement.Reject(id, fields.text("reason", "reason must be a string"));
  }

  private Statement complete() {
    String id = proposalId();
    fields.requireSigned("Complete must be signed");
    return new Statement.Complete(id, fields.text("proof", "proof must be a string"));
  }

  private Statement dispute() {
    String id = proposalId();
    String reason = fields.required("reason", "Missing or invalid dispute reason");
    fields.requireSigned("Dispute must be signed");
    return new Statement.Dispute(id, reason);
  }

  private Statement registerSkills() {
    String complaint = "Missing or invalid skills array";
    JsonText skills = fields.list("skills", complaint, RegisterSkills.MAX_CHARS);
    int count = skills.value().size();
    if (count == 0) {
      throw new InvalidStatementException("Skills array cannot be empty");
    }
    if (count > RegisterSkills.MAX_SKILLS) {
      throw new InvalidStatementException(
          "Too many skills (max " + RegisterSkills.MAX_SKILLS + ")");
    }
    skills.value().forEach(RegisterSkills::skill);
    fields.requireSigned("Skill registration must be signed");
    return new RegisterSkills(skills);
  }

  private Statement rotateKey() {
    AgentKey key;
    Signature signature;
    try {
      key = AgentKey.ofBase64(fields.word("new_key", "Missing or invalid new_key"));
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException("Missing or invalid new_key");
    }
    try {
      signature =
          Signature.ofBase64(fields.word("new_signature", "Missing or invalid new_signature"));
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException("Missing or invalid new_signature");
    }
    fields.requireSigned("Key rotation must be signed");
    return new KeyStatement.RotateKey(key, signature);
  }

  private Statement revokeKey() {
    String reason = fields.text("reason", "reason must be a string");
    fields.requireSigned("Key revocation must be signed");
    return new KeyStatement.RevokeKey(reason);
  }

  private String proposalId() {
    return fields.token("proposal_id", "Missing proposal_id");
  }
}
