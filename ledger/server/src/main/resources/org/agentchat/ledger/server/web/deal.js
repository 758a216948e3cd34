// Whether the legs are one deal: every kind that its end needs and no other, all of them naming the one
// proposal, by those who may say so, in the order in which that can be said.
import { idOf } from "./agent-key.js";
import { base32 } from "./bytes.js";
import { Rejected } from "./verdict.js";

const PANEL = 3;

/** How often a statement is made in one deal, and when, compared with the others. */
function kind(type, rank, least, most) {
  return { type, rank, least, most };
}

const BEGIN = [kind("PROPOSAL", 0, 1, 1), kind("ACCEPT", 1, 1, 1)];

const KINDS = {
  COMPLETE: [...BEGIN, kind("COMPLETE", 2, 1, 1)],
  DISPUTE: [...BEGIN, kind("DISPUTE", 2, 1, 1)],
  VERDICT: [
    ...BEGIN,
    kind("DISPUTE_INTENT", 2, 1, 1),
    kind("DISPUTE_REVEAL", 3, 1, 1),
    kind("ARBITER_ACCEPT", 4, PANEL, PANEL),
    kind("ARBITER_DECLINE", 4, 0, 2 * PANEL),
    kind("EVIDENCE", 5, 0, 2),
    kind("ARBITER_VOTE", 6, 0, PANEL),
  ],
};

const OF_THE_CASE = ["EVIDENCE", "ARBITER_ACCEPT", "ARBITER_DECLINE", "ARBITER_VOTE"];

function foreign(leg, why) {
  return new Rejected("LEG_FOREIGN", `${leg.words}: ${why}`);
}

/** The deal that legs tell of: one PROPOSAL and one ACCEPT are among them. */
class Deal {
  constructor(legs, keys) {
    this.legs = legs;
    this.keys = keys;
    this.proposal = this.of("PROPOSAL")[0];
    this.terms = this.proposal.statement;
    this.acceptance = this.of("ACCEPT")[0].statement;
    this.end = legs.at(-1);
    /** The filing of the case, if there is one. */
    this.intent = this.of("DISPUTE_INTENT")[0] ?? null;
    this.id = `prop_${base32(this.proposal.hash, 26)}`;
    this.disputeId = this.intent === null ? "" : `disp_${base32(this.intent.hash, 26)}`;
    this.proposer = this.account(this.proposal);
    /** Whom the relay took the proposal's `to` for; the proposer when it says nobody, which no deal allows. */
    this.recipient = keys.first(this.proposal.event.recipient ?? this.proposal.key);
    /** Those who took the duty to judge on. */
    this.arbiters = this.of("ARBITER_ACCEPT").map((leg) => this.account(leg));
  }

  /** The statements of one kind. */
  of(type) {
    return this.legs.filter((leg) => leg.type === type);
  }

  /** Who signed it, by the first key of its account. */
  account(leg) {
    return this.keys.first(leg.key);
  }

  /** The vote of an arbiter, or null. */
  voteOf(arbiter) {
    return this.of("ARBITER_VOTE").find((vote) => this.account(vote) === arbiter)?.statement ?? null;
  }
}

function requireKinds(kinds, legs) {
  const count = (wanted) => legs.filter((leg) => leg.type === wanted.type).length;
  for (const wanted of kinds) {
    if (count(wanted) < wanted.least) {
      throw new Rejected("LEG_MISSING", `${count(wanted)} ${wanted.type}, ${wanted.least} wanted`);
    }
  }
  for (const leg of legs) {
    if (!kinds.some((wanted) => wanted.type === leg.type)) {
      throw foreign(leg, "such a deal has no statement of that kind");
    }
  }
  for (const wanted of kinds) {
    if (count(wanted) > wanted.most) {
      throw new Rejected("LEG_FOREIGN", `${count(wanted)} ${wanted.type}, at most ${wanted.most} wanted`);
    }
  }
}

/** A proposal's id is made of its own entry, so whoever signed it signed that entry. */
function requireOneDeal(deal) {
  for (const leg of deal.legs) {
    const wanted = OF_THE_CASE.includes(leg.type) ? deal.disputeId : deal.id;
    const named = leg.statement.proposal_id ?? leg.statement.dispute_id ?? null;
    if (named !== null && named !== wanted) {
      throw foreign(leg, `it is about ${named}, not ${wanted}`);
    }
  }
}

async function requireSigners(deal) {
  const said = new Set();
  for (const leg of deal.legs) {
    deal.keys.requireInForce(leg);
    if (!await mayBeBy(deal, leg)) {
      throw foreign(leg,
        `the deal gives ${leg.signer} no say in this; if a key was rotated, the rotation must be in the file`);
    }
    const once = `${leg.type} ${deal.account(leg)}`;
    if (said.has(once)) {
      throw foreign(leg, "it is there twice");
    }
    said.add(once);
  }
}

async function mayBeBy(deal, leg) {
  const account = deal.account(leg);
  const party = account === deal.proposer || account === deal.recipient;
  switch (leg.type) {
    case "PROPOSAL":
      return deal.recipient !== deal.proposer && leg.event.recipient !== null
        && await idOf(leg.event.recipient) === leg.statement.to;
    case "ACCEPT":
      return account === deal.recipient;
    case "COMPLETE":
    case "DISPUTE":
    case "DISPUTE_INTENT":
    case "EVIDENCE":
      return party;
    case "DISPUTE_REVEAL":
      return account === deal.account(deal.intent);
    case "ARBITER_ACCEPT":
    case "ARBITER_DECLINE":
      return !party && isInPool(deal, leg.signer);
    case "ARBITER_VOTE":
      return deal.arbiters.includes(account);
    default:
      return false;
  }
}

function isInPool(deal, arbiter) {
  const agents = deal.intent.event.pool?.agents ?? [];
  return agents.some((agent) => deal.keys.firstId(agent) === deal.keys.firstId(arbiter));
}

function requireOrder(kinds, legs) {
  const rank = (leg) => kinds.find((one) => one.type === leg.type).rank;
  legs.forEach((leg, i) => {
    for (const earlier of legs.slice(0, i)) {
      if (earlier.index >= leg.index || rank(earlier) > rank(leg)) {
        throw new Rejected("LEGS_OUT_OF_ORDER", `${earlier.words} cannot come before ${leg.words}`);
      }
    }
  });
}

/** The deal of these legs, for a receipt of that type. */
export async function dealOf(type, legs, keys) {
  if (!Object.hasOwn(KINDS, type)) {
    throw new Rejected("MALFORMED", `type: COMPLETE, DISPUTE or VERDICT wanted, found ${type}`);
  }
  const kinds = KINDS[type];
  requireKinds(kinds, legs);
  const deal = new Deal(legs, keys);
  requireOneDeal(deal);
  await requireSigners(deal);
  requireOrder(kinds, legs);
  return deal;
}
