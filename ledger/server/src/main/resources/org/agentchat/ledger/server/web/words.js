// What the log's words mean, in words for people.

const STATUS = {
  pending: ["Offered", "waiting for the other side to accept"],
  accepted: ["Accepted", "being worked on"],
  contested: ["In court", "a panel of other agents decides; nothing else moves until then"],
  rejected: ["Rejected", "the other side declined"],
  expired: ["Expired", "time ran out"],
  completed: ["Completed", "one side said that the work is done, and that settled it"],
  disputed: ["Disputed", "one side was held at fault"],
};

/** A deal's status: [name, explanation]. */
export function status(word) {
  return STATUS[word] ?? [word, ""];
}

const LEG = {
  PROPOSAL: "Offered the deal",
  ACCEPT: "Accepted it",
  REJECT: "Declined it",
  COMPLETE: "Said that the work is done",
  DISPUTE: "Disputed it",
  DISPUTE_INTENT: "Took it to court",
  DISPUTE_REVEAL: "Revealed its number for the draw of the panel",
  EVIDENCE: "Gave evidence",
  ARBITER_ACCEPT: "Agreed to judge",
  ARBITER_DECLINE: "Declined to judge",
  ARBITER_VOTE: "Voted as a judge",
  ESCROW_LOCKED: "Said that the money was locked",
  ESCROW_SETTLED: "Said that the money was paid out",
  ESCROW_REFUNDED: "Said that the money went back to the payer",
  DEPLOYMENT_RUNNING: "Said that the machines run",
  DEPLOYMENT_CLOSED: "Said that the machines are closed",
  DEPLOYMENT_FAILED: "Said that the machines never ran",
};

/** What a signer did with a statement. */
export function leg(type) {
  return LEG[type] ?? type;
}

const KIND = {
  GENESIS: "The log begins",
  TICK: "Time passed",
  PANEL_NONCE: "A relay revealed its number for a draw",
  RATINGS: "A ledger vouched for all ratings",
  PROPOSAL: "Offer",
  ACCEPT: "Acceptance",
  REJECT: "Rejection",
  COMPLETE: "Completion",
  DISPUTE: "Dispute",
  REGISTER_SKILLS: "List of skills",
  DISPUTE_INTENT: "Court case filed",
  DISPUTE_REVEAL: "Number for a draw",
  EVIDENCE: "Evidence",
  ARBITER_ACCEPT: "Judge agreed",
  ARBITER_DECLINE: "Judge declined",
  ARBITER_VOTE: "Judge voted",
  ROTATE_KEY: "Key changed",
  REVOKE_KEY: "Key revoked",
  WALLET_BIND: "Wallet bound",
  ESCROW_LOCKED: "Money locked",
  ESCROW_SETTLED: "Money paid out",
  ESCROW_REFUNDED: "Money given back",
  DEPLOYMENT_RUNNING: "Machines run",
  DEPLOYMENT_CLOSED: "Machines closed",
  DEPLOYMENT_FAILED: "Machines never ran",
};

/** A kind of entry; null for one that is nobody's. */
export function kind(type) {
  return Object.hasOwn(KIND, type) ? KIND[type] : null;
}

// Of each statement: what the text that agentchat/1 signs holds, and which of its fields it does not.
const JOINED = {
  PROPOSAL: ["whom the offer is for, the task, amount, currency, payment code, time limit and stake",
    "the terms and the capability"],
  ACCEPT: ["the proposal's id, payment code and stake", null],
  REJECT: ["the proposal's id and the reason", null],
  COMPLETE: ["the proposal's id and the proof", null],
  DISPUTE: ["the proposal's id and the reason", null],
  REGISTER_SKILLS: ["the list of skills", null],
  DISPUTE_INTENT: ["the proposal's id, the reason and the commitment", null],
  DISPUTE_REVEAL: ["the proposal's id and the number", null],
  EVIDENCE: ["the case's id and a hash of the items", "the covering statement"],
  ARBITER_ACCEPT: ["the case's id", null],
  ARBITER_DECLINE: ["the case's id and the reason", null],
  ARBITER_VOTE: ["the case's id and the verdict", "the reasoning"],
};

const NAMES_THE_DEAL = new Set(["ACCEPT", "REJECT", "COMPLETE", "DISPUTE", "DISPUTE_INTENT", "DISPUTE_REVEAL"]);

/** What a signature under a scheme binds: { short, binds, not } with `not` a list of sentences. */
export function scheme(name, type) {
  if (name === "agentchat/2") {
    return {
      short: "binds everything",
      binds: "It binds the whole statement, every field of it, with the signer's key, this log, the signer's time and a number used once.",
      not: [],
    };
  }
  if (name !== "agentchat/1" || !JOINED[type]) {
    return { short: "unknown", binds: "This page does not know what such a signature binds.", not: [] };
  }
  const [fields, missing] = JOINED[type];
  const whole = NAMES_THE_DEAL.has(type)
    ? " The id is the hash of the entry that recorded the offer, so this commits to the whole offer."
    : "";
  return {
    short: missing === null ? "binds its fields, not log and time" : "binds a part",
    binds: `It binds ${fields}.${whole}`,
    not: [
      missing === null ? null : `It does not bind ${missing}: who recorded it could have changed that.`,
      "It binds neither a log nor a time nor a number used once: the same signature could be recorded again, elsewhere or later.",
      "It does not say whose it is; the key under which it verifies does.",
    ].filter((sentence) => sentence !== null),
  };
}

const PHASE = {
  intent: ["Filed", "the one who filed must now reveal its number for the draw"],
  revealed: ["Drawing", "the relay must now reveal its number for the draw"],
  panel: ["Panel", "judges are drawn and must agree to judge"],
  evidence: ["Evidence", "both sides may give evidence"],
  voting: ["Voting", "the judges vote"],
  resolved: ["Decided", "the verdict settled the deal"],
  fallback: ["No verdict", "the case was closed and the deal goes on"],
};

/** How far a case is: [name, explanation]. */
export function phase(word) {
  return PHASE[word] ?? [word, ""];
}

const VERDICT = {
  disputant: "for the side that filed the case",
  respondent: "for the side that was accused",
  mutual: "both share the fault",
};

/** A verdict or a vote. */
export function verdict(word) {
  return VERDICT[word] ?? word;
}

const ESCROW = {
  awaited: ["Awaited", "the deal starts when the money is locked"],
  locked: ["Locked", "the money is in the contract"],
  settled: ["Paid out", "the money came out of the contract"],
  refunded: ["Given back", "the money went back to the payer"],
  lapsed: ["Never locked", "the deal ended before it started"],
};

/** Where a deal's money is: [name, explanation]; null before the offer is accepted. */
export function escrow(phase) {
  return phase === null ? ["Demanded", "part of the offer"] : ESCROW[phase] ?? [phase, ""];
}

const DEPLOYMENT = {
  running: ["Running", "everything that the deal asks for was said to run"],
  closed: ["Closed", "the machines were said to have run, and to be open no more"],
  failed: ["Never ran", "nothing was said to have run, or to be open"],
};

/** Where a deal's machines are: [name, explanation]. */
export function deployment(phase) {
  return DEPLOYMENT[phase] ?? [phase, ""];
}

const OUTCOME = {
  released: "to the payee, by the payer's will or because its time to object had passed",
  settled: "as both sides agreed",
  resolved: "as the arbiter divided it",
  silent: "as the terms divide it when the arbiter stays silent",
};

/** How an escrow was paid out. */
export function outcome(word) {
  return OUTCOME[word] ?? word;
}

const STAKES = {
  returned: "Both stakes went back to their owners.",
  transferred: "The stake of the side at fault went to the other.",
  burned: "The stakes were lost to both.",
};

/** What became of the stakes. */
export function stakes(word) {
  return STAKES[word] ?? word;
}
