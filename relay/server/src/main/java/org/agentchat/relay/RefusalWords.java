package org.agentchat.relay;

import org.agentchat.ledger.Refusal;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;

/// A refusal of the ledger in the words that AgentChat clients know (protocol.md section 10).
record RefusalWords(ErrorCode code, String message) {
  static RefusalWords of(Refusal refusal, Statement statement) {
    String detail = refusal.detail();
    return switch (refusal.code()) {
      case PROPOSAL_NOT_DISPUTABLE -> new RefusalWords(ErrorCode.INVALID_PROPOSAL, detail);
      case DISPUTE_NOT_FOUND -> new RefusalWords(ErrorCode.DISPUTE_NOT_FOUND, detail);
      case DISPUTE_NOT_PARTY -> new RefusalWords(ErrorCode.DISPUTE_NOT_PARTY, detail);
      case DISPUTE_ALREADY_EXISTS -> new RefusalWords(ErrorCode.DISPUTE_ALREADY_EXISTS, detail);
      case DISPUTE_COMMITMENT_MISMATCH ->
          new RefusalWords(ErrorCode.DISPUTE_COMMITMENT_MISMATCH, detail);
      case DISPUTE_NOT_ARBITER -> new RefusalWords(ErrorCode.DISPUTE_NOT_ARBITER, detail);
      case DISPUTE_DEADLINE_PASSED -> new RefusalWords(ErrorCode.DISPUTE_DEADLINE_PASSED, detail);
      case COURT_INSUFFICIENT -> new RefusalWords(ErrorCode.INSUFFICIENT_REPUTATION, detail);
      case NOT_PROPOSAL_PARTY ->
          statement instanceof CourtStatement
              ? new RefusalWords(ErrorCode.NOT_PROPOSAL_PARTY, detail)
              : new RefusalWords(ErrorCode.INVALID_PROPOSAL, refusal.code().name());
      case PROPOSAL_NOT_FOUND ->
          statement instanceof Statement.Accept || statement instanceof CourtStatement
              ? new RefusalWords(ErrorCode.PROPOSAL_NOT_FOUND, "Proposal not found")
              : new RefusalWords(ErrorCode.INVALID_PROPOSAL, refusal.code().name());
      case PROPOSAL_NOT_PENDING, NOT_PROPOSAL_RECIPIENT, PROPOSAL_NOT_ACCEPTED, SELF_PROPOSAL ->
          new RefusalWords(ErrorCode.INVALID_PROPOSAL, refusal.code().name());
      case ESCROW_NOT_LOCKED ->
          new RefusalWords(ErrorCode.INVALID_PROPOSAL, refusal.code() + ": " + detail);
      case PROPOSER_INSUFFICIENT ->
          new RefusalWords(ErrorCode.INSUFFICIENT_REPUTATION, "Proposer: " + detail);
      case ACCEPTOR_INSUFFICIENT -> new RefusalWords(ErrorCode.INSUFFICIENT_REPUTATION, detail);
      case UNKNOWN_RECIPIENT -> new RefusalWords(ErrorCode.AGENT_NOT_FOUND, capitalised(detail));
      case REPEATED -> new RefusalWords(ErrorCode.STATEMENT_REPEATED, capitalised(detail));
      case STALE -> new RefusalWords(ErrorCode.STATEMENT_STALE, capitalised(detail));
      case WRONG_ORIGIN -> new RefusalWords(ErrorCode.WRONG_ORIGIN, capitalised(detail));
      case OVERLOADED, TOO_MANY_OPEN ->
          new RefusalWords(ErrorCode.RATE_LIMITED, capitalised(detail));
      case TOO_MANY_KEYS -> new RefusalWords(ErrorCode.NOT_ALLOWED, capitalised(detail));
      case BAD_SIGNATURE, KEY_CONFLICT, KEY_ROTATED, KEY_REVOKED ->
          new RefusalWords(ErrorCode.VERIFICATION_FAILED, capitalised(detail));
      case WALLET_BINDING_EXPIRED,
          TOO_MANY_WALLETS,
          WALLET_NOT_BOUND,
          WALLETS_CONFLICT,
          ESCROW_DEADLINE,
          UNKNOWN_OBSERVER,
          ESCROW_NOT_FOUND,
          NOT_ESCROW_OBSERVER,
          ESCROW_DIFFERS,
          ESCROW_OUT_OF_ORDER ->
          new RefusalWords(ErrorCode.ESCROW_REFUSED, refusal.code() + ": " + detail);
      case DEPLOYMENT_NOT_FOUND, NOT_DEPLOYER, DEPLOYMENT_OUT_OF_ORDER ->
          new RefusalWords(ErrorCode.DEPLOYMENT_REFUSED, refusal.code() + ": " + detail);
      // No agent's statement is refused for the last two.
      case MALFORMED, POOL_MISSING, GENESIS_REPEATED, FALSE_RATINGS_ROOT, STALE_RATINGS ->
          new RefusalWords(ErrorCode.INVALID_MSG, capitalised(detail));
      case NO_GENESIS, TIME_JUMP ->
          new RefusalWords(ErrorCode.LOG_UNAVAILABLE, capitalised(detail));
    };
  }

  private static String capitalised(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }
}
