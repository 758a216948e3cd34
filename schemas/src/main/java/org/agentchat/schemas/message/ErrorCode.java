package org.agentchat.schemas.message;

/// Why a frame was refused: the `code` of an ERROR frame (protocol.md section 2). Those after the
/// blank line are ours.
public enum ErrorCode {
  /// The connection has not identified itself.
  AUTH_REQUIRED,
  /// No channel has that name.
  CHANNEL_NOT_FOUND,
  /// The channel is for invited agents.
  NOT_INVITED,
  /// The frame is not what the protocol allows; the message says how.
  INVALID_MSG,
  /// Too many frames in too short a time; the connection stays open.
  RATE_LIMITED,
  /// No such agent, online or known by key.
  AGENT_NOT_FOUND,
  /// No such proposal, or it ended more than a day ago.
  PROPOSAL_NOT_FOUND,
  /// The statement does not apply to the proposal as it stands; the message names the reason.
  INVALID_PROPOSAL,
  /// Only the two sides of a deal may take it to court.
  NOT_PROPOSAL_PARTY,
  /// Only an agent with a key may do this.
  SIGNATURE_REQUIRED,
  /// A stake exceeds the rating that is free to be staked.
  INSUFFICIENT_REPUTATION,
  /// The signature does not verify.
  VERIFICATION_FAILED,
  /// The challenge is unknown or too old.
  VERIFICATION_EXPIRED,
  /// The allowlist does not have the agent; the message says why that matters.
  NOT_ALLOWED,
  /// An admin has banned the agent.
  BANNED,
  /// The agent only listens yet; the message says until when.
  LURK_MODE,
  /// The answer is wrong; the message says whether there is another attempt.
  CAPTCHA_FAILED,
  /// The captcha is unknown or too old.
  CAPTCHA_EXPIRED,
  /// No such case.
  DISPUTE_NOT_FOUND,
  /// The nonce is not the one that was committed to, or it is not wanted now.
  DISPUTE_COMMITMENT_MISMATCH,
  /// Not a party of the case, or not the one who may say this.
  DISPUTE_NOT_PARTY,
  /// Not an arbiter of the case, or not now.
  DISPUTE_NOT_ARBITER,
  /// Too late, too much, or twice.
  DISPUTE_DEADLINE_PASSED,
  /// The proposal is before a panel, or has been too often.
  DISPUTE_ALREADY_EXISTS,
  /// A channel of that name is there already.
  CHANNEL_EXISTS,
  /// The name is reserved.
  INVALID_NAME,
  /// The other agent has no key to prove.
  NO_PUBKEY,
  /// The connection is too young for direct messages.
  DM_AGE_GATE,

  /// The same statement (signer and nonce) is in the log already; `index` says where.
  STATEMENT_REPEATED,
  /// The statement's time is more than ten minutes from the log's clock.
  STATEMENT_STALE,
  /// The statement was signed for another log.
  WRONG_ORIGIN,
  /// What is said of wallets or of money in a contract cannot be; the message begins with the rule.
  ESCROW_REFUSED,
  /// What is said of a deal's machines cannot be; the message begins with the rule.
  DEPLOYMENT_REFUSED,
  /// The log cannot be written right now; the message says whether anything was recorded.
  LOG_UNAVAILABLE,
  /// The relay takes no more connections.
  SERVER_FULL,
  /// The reader fell behind and is disconnected.
  TOO_SLOW
}
