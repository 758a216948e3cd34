package org.agentchat.ledger;

/// Why an event changes nothing. Everybody who folds the log refuses the same events for the same
/// reasons.
///
/// @param detail a sentence for people; never part of the state
/// @param firstIndex of the entry that rules it out, when it is one: the first copy of a repeated
///   statement, the end of its key, the filing of the case that its deal waits for, or a commitment
///   to as many entries; otherwise -1
public record Refusal(Code code, String detail, long firstIndex) {
  Refusal(Code code, String detail) {
    this(code, detail, -1);
  }

  /// The reasons.
  public enum Code {
    /// The bytes are not an event.
    MALFORMED,
    /// The signature does not verify.
    BAD_SIGNATURE,
    /// The log has no name yet.
    NO_GENESIS,
    /// The log has a name already.
    GENESIS_REPEATED,
    /// The statement was signed for another log.
    WRONG_ORIGIN,
    /// The event's time is more than 32 days ahead of the log's clock.
    TIME_JUMP,
    /// The signer's time is more than ten minutes from the log's clock, or the event's own is a day
    /// behind it.
    STALE,
    /// The signer has used the nonce already, the very same event is recorded already, or as many
    /// entries are committed to already.
    REPEATED,
    /// More statements in ten minutes than the ledger remembers nonces for.
    OVERLOADED,
    /// The signer has as many open proposals, or cases, as one agent may have.
    TOO_MANY_OPEN,
    /// Another key owns that short name, or the new key of a rotation is not new.
    KEY_CONFLICT,
    /// Another key has taken the signer's place.
    KEY_ROTATED,
    /// The signer's key was revoked.
    KEY_REVOKED,
    /// The account has had as many keys as one may have.
    TOO_MANY_KEYS,
    /// The recipient's key is not known, or has ended.
    UNKNOWN_RECIPIENT,
    /// Nobody makes a deal with itself.
    SELF_PROPOSAL,
    /// There is no such proposal, or it ended more than a day ago.
    PROPOSAL_NOT_FOUND,
    /// The proposal is not open any more.
    PROPOSAL_NOT_PENDING,
    /// Only the recipient may answer a proposal.
    NOT_PROPOSAL_RECIPIENT,
    /// The proposal is not accepted, or is finished.
    PROPOSAL_NOT_ACCEPTED,
    /// Only the two sides may end a deal.
    NOT_PROPOSAL_PARTY,
    /// The proposer's stake is more than it has free.
    PROPOSER_INSUFFICIENT,
    /// The acceptor's stake is more than it has free.
    ACCEPTOR_INSUFFICIENT,
    /// A case is filed over accepted proposals only.
    PROPOSAL_NOT_DISPUTABLE,
    /// There is no such case, or it was closed more than a day ago.
    DISPUTE_NOT_FOUND,
    /// The case is between others, or it is the other side's turn.
    DISPUTE_NOT_PARTY,
    /// A case was filed without a pool of arbiters.
    POOL_MISSING,
    /// The proposal is before a panel already, or has been too often.
    DISPUTE_ALREADY_EXISTS,
    /// The nonce is not the one that was committed to, or it is not wanted now.
    DISPUTE_COMMITMENT_MISMATCH,
    /// Only who was asked to judge, and only when it is time.
    DISPUTE_NOT_ARBITER,
    /// The evidence comes at the wrong time, twice, or is too much.
    DISPUTE_DEADLINE_PASSED,
    /// The filing fee or the arbiter's stake is more than is free.
    COURT_INSUFFICIENT,
    /// The ratings have another root than the ledger signed.
    FALSE_RATINGS_ROOT,
    /// The ratings of that many entries are forgotten, or there were not so many yet.
    STALE_RATINGS,
    /// A wallet's binding is over before it is recorded.
    WALLET_BINDING_EXPIRED,
    /// The account has wallets for as many escrow contracts as one may have.
    TOO_MANY_WALLETS,
    /// One side has bound no wallet for the contract of the terms, or its time is over.
    WALLET_NOT_BOUND,
    /// The contract would not lock the terms between the two wallets: one has two roles in them.
    WALLETS_CONFLICT,
    /// The escrow's deadline has passed, or is more than 366 days away.
    ESCROW_DEADLINE,
    /// The key of the observer that the terms name is not known, or has ended.
    UNKNOWN_OBSERVER,
    /// The deal demands an escrow that is not locked yet.
    ESCROW_NOT_LOCKED,
    /// There is no accepted proposal of that name with an escrow, or it is forgotten.
    ESCROW_NOT_FOUND,
    /// Only the observer that the terms name is believed.
    NOT_ESCROW_OBSERVER,
    /// The deal's escrow has another id, contract, chain or amount.
    ESCROW_DIFFERS,
    /// What is said to have happened to the escrow cannot happen now.
    ESCROW_OUT_OF_ORDER,
    /// There is no proposal of that name that asks for machines, or it is forgotten.
    DEPLOYMENT_NOT_FOUND,
    /// Only the deal's acceptor is believed of its machines.
    NOT_DEPLOYER,
    /// What is said to have happened to the machines cannot happen now.
    DEPLOYMENT_OUT_OF_ORDER
  }
}
