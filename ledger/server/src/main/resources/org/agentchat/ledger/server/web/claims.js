// Whether the receipt says of its deal what follows from the statements. What follows only from the whole
// log, ratings above all, is not looked at.
import { canonical } from "./canonical.js";
import { requireOrigin } from "./leg.js";
import { Rejected } from "./verdict.js";

/** How many arbiters judge. */
const PANEL = 3;

/** What an arbiter gains that voted as the verdict is; what one loses that did not vote. */
const REWARD = 5n;
const ARBITER_STAKE = 25n;

/** What of the fee for filing a case is lost, unless the verdict is for who filed it. */
const FILING_FEE = 10n;

function differs(name, found, wanted) {
  const words = (value) => (value === null ? "nothing" : String(value));
  return new Rejected("CLAIM_DIFFERS", `${name}: the receipt says ${words(found)}, the statements ${words(wanted)}`);
}

function same(name, found, wanted) {
  if (found !== wanted) {
    throw differs(name, found, wanted);
  }
}

/** The last leg ended the deal, unless the panel's time did: that is said by a later entry. */
function requireIndex(receipt, deal) {
  const timeIsUp = receipt.type === "VERDICT" && deal.of("ARBITER_VOTE").length < PANEL;
  if (timeIsUp ? receipt.index <= deal.end.index : receipt.index !== deal.end.index) {
    throw new Rejected("WRONG_INDEX", `the receipt's index is ${receipt.index}, its last leg's ${deal.end.index}`);
  }
}

function requireDeal(receipt, deal) {
  same("proposal_id", receipt.proposal_id, deal.id);
  same("from", receipt.from, deal.proposal.signer);
  same("to", receipt.to, deal.terms.to);
  requireIndex(receipt, deal);
  // Stakes are let go when an agreed time has passed; then the deal ends without any.
  const { proposer, acceptor } = receipt.elo_stakes;
  if (proposer !== 0n || acceptor !== 0n) {
    same("elo_stakes.proposer", proposer, deal.terms.elo_stake ?? 0n);
    same("elo_stakes.acceptor", acceptor, deal.acceptance.elo_stake ?? 0n);
  }
}

function requireTerms({ proposal: claimed, from, to }, { terms }) {
  same("proposal.from", claimed.from, from);
  same("proposal.to", claimed.to, to);
  same("proposal.task", claimed.task, terms.task);
  same("proposal.amount", claimed.amount, terms.amount?.literal ?? null);
  same("proposal.currency", claimed.currency, terms.currency);
  same("proposal.payment_code", claimed.payment_code, terms.payment_code);
  same("proposal.terms", claimed.terms, terms.terms);
  same("proposal.capability", claimed.capability, terms.capability);
  const written = (escrow) => (escrow === null ? null : canonical(escrow));
  same("proposal.escrow", written(claimed.escrow), written(terms.escrow));
}

function notBefore(name, claimed, leg) {
  if (claimed < leg.event.at) {
    throw differs(name, claimed, `at least ${leg.event.at} of ${leg.words}`);
  }
}

/** The log's clock is never behind an entry's own time. */
function requireTimes(receipt, deal) {
  const created = receipt.proposal.created_at;
  notBefore("proposal.created_at", created, deal.proposal);
  deal.legs.forEach((leg) => notBefore("ts", receipt.ts, leg));
  if (created > receipt.ts) {
    throw differs("proposal.created_at", created, `at most ${receipt.ts}`);
  }
}

function requireEnd(receipt, deal) {
  const completed = receipt.type === "COMPLETE";
  const { signer, statement } = deal.end;
  same("status", receipt.status, completed ? "completed" : "disputed");
  same("completed_at", receipt.completed_at, completed ? receipt.ts : null);
  same("disputed_at", receipt.disputed_at, completed ? null : receipt.ts);
  // Whether the pair was cooling down follows from the whole log; a verdict counts at any time.
  same("cooldown", receipt.cooldown, receipt.type !== "VERDICT" && receipt.cooldown);
  same("completed_by", receipt.completed_by, completed ? signer : null);
  same("proof", receipt.proof, completed ? statement.proof : null);
  // The last words of a case are many; its reason is that of its filing.
  same("reason", receipt.reason, completed ? null : (deal.intent?.statement ?? statement).reason);
}

/** What two of the three arbiters found, or that both sides are at fault. */
function majority(votes) {
  return ["disputant", "respondent"].find((verdict) =>
    votes.filter((vote) => vote.statement.verdict === verdict).length >= 2) ?? "mutual";
}

function reward(vote, verdict) {
  return vote === null ? -ARBITER_STAKE : vote.verdict === verdict ? REWARD : 0n;
}

function requireArbiters(receipt, deal, verdict) {
  const results = receipt.arbiters ?? [];
  const named = new Set(results.map((result) => deal.keys.firstId(result.arbiter)));
  for (const key of deal.arbiters) {
    const id = deal.keys.firstId(deal.of("ARBITER_ACCEPT").find((leg) => deal.account(leg) === key).signer);
    if (!named.delete(id)) {
      throw differs("arbiters", results.map((result) => result.arbiter).join(", ") || null, `${id} among them`);
    }
    const vote = deal.voteOf(key);
    for (const result of results.filter((one) => deal.keys.firstId(one.arbiter) === id)) {
      const name = `arbiters.${result.arbiter}`;
      same(`${name}.verdict`, result.verdict, vote?.verdict ?? null);
      same(`${name}.reasoning`, result.reasoning, vote?.reasoning ?? null);
      same(`${name}.reward`, result.reward, reward(vote, verdict));
    }
  }
  same("arbiters", results.length, deal.arbiters.length);
}

function requireCase(receipt, deal) {
  if (receipt.type !== "VERDICT") {
    same("disputed_by", receipt.disputed_by, receipt.type === "DISPUTE" ? deal.end.signer : null);
    same("dispute_id", receipt.dispute_id, null);
    same("verdict", receipt.verdict, null);
    same("fee_lost", receipt.fee_lost, null);
    same("arbiters", receipt.arbiters, null);
    return;
  }
  const verdict = majority(deal.of("ARBITER_VOTE"));
  const first = (id) => (id === null ? null : deal.keys.firstId(id));
  same("dispute_id", receipt.dispute_id, deal.disputeId);
  same("verdict", receipt.verdict, verdict);
  same("fee_lost", receipt.fee_lost, verdict === "disputant" ? 0n : FILING_FEE);
  // A case names everybody by the keys of its end.
  same("disputed_by", first(receipt.disputed_by), first(deal.intent.signer));
  requireArbiters(receipt, deal, verdict);
}

/** Rejects a receipt that claims something else than its deal. */
export function requireClaims(receipt, deal) {
  deal.legs.forEach((leg) => requireOrigin(leg, receipt.origin));
  requireDeal(receipt, deal);
  requireTerms(receipt, deal);
  requireTimes(receipt, deal);
  requireEnd(receipt, deal);
  requireCase(receipt, deal);
}
