// What comes of verifying a file: a code for each way in which it can be wrong, the same codes as in
// every other verifier of this project.

/** By code: in a few words, what it is about, and what it means for who holds the file. */
const CODES = {
  OK: ["Verified", "Everything that such a file can prove is proved."],
  MALFORMED: ["Malformed", "This is no file of a kind that is known here, or a part of it cannot be read."],
  UNKNOWN_FORMAT: ["Of an unknown format", "It may be good: this page does not know its format."],
  BAD_STATEMENT_SIGNATURE: ["A signature is not valid", "A statement was altered, or its key did not sign it."],
  WRONG_LEAF_HASH: ["Not shown to be in the log", "A hash in the file is not that of its statement."],
  WRONG_INDEX: ["Not shown to be in the log", "The file names different entries for one statement."],
  LEG_MISSING: ["Its parts do not belong together", "A statement that the deal needs is not there."],
  LEG_FOREIGN: ["Its parts do not belong together", "A statement is of another deal, or of nobody who may make it."],
  LEGS_OUT_OF_ORDER: ["Its parts do not belong together", "The statements are not in an order that can be."],
  CLAIM_DIFFERS: ["Its parts do not belong together", "It says something else than what was signed."],
  WRONG_ORIGIN: ["Its parts do not belong together", "A part of it is of another log."],
  ESCROW_DIFFERS: ["Its parts do not belong together", "The money is not the deal's: of other terms, wallets or amounts, or of another deal."],
  ESCROW_WALLET_FOREIGN: ["Its parts do not belong together", "A wallet was not bound by the side whose it should be, or not for this deal."],
  ESCROW_OBSERVER_FOREIGN: ["Its parts do not belong together", "What happened to the money is said by somebody whom the terms do not name."],
  ESCROW_OUT_OF_ORDER: ["Its parts do not belong together", "The money cannot have moved in this order."],
  MIXED_CHECKPOINTS: ["Not shown to be in the log", "Its proofs end at different checkpoints."],
  UNKNOWN_LOG: ["Of a log that the policy does not list", "It may be good: the policy says nothing of who signed for the log."],
  BAD_CHECKPOINT_SIGNATURE: ["A signature is not valid", "The checkpoint says that a known key signed it, and it did not."],
  TOO_FEW_WITNESSES: ["Too few witnesses for the policy", "The log signed, but not enough witnesses did."],
  NOT_INCLUDED: ["Not shown to be in the log", "A part of it is not in what the log, or the ledger, has signed for."],
  ENTRY_MISSING: ["Incomplete", "An entry that names the agent was left out."],
  ENTRY_EXCHANGED: ["Incomplete", "An entry that names the agent was left out, and another put in its place."],
  ENTRY_FOREIGN: ["Its parts do not belong together", "It has an entry that is none of those that name the agent."],
  ENTRY_REPEATED: ["Its parts do not belong together", "An entry comes twice."],
  ENTRIES_OUT_OF_ORDER: ["Its parts do not belong together", "The entries are not in the order in which they were recorded."],
  FORK: ["The log forked", "The log has signed two trees of one size: it tells different people different things. Keep both."],
};

/** A code in words: [what it is about, what it means]. */
export function words(code) {
  return CODES[code];
}

/** The first check that fails ends the verification. */
export class Rejected extends Error {
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}
